import type { PyContext } from './context.js';
import { lowerClass } from './lower-class.js';
import { lowerCondition, lowerExpression } from './lower-expression.js';
import { lowerDefinition } from './lower-function.js';
import { lowerImport, lowerImportFrom } from './lower-import.js';
import { lowerMatch } from './lower-match.js';
import { assignTarget } from './lower-target.js';

/** Lowers the statements of a block in order. */
export function lowerBlock(cx: PyContext, node: number): void {
  if (node < 0) return;
  for (const statement of cx.tree.childrenOf(node)) lowerStatement(cx, statement);
}

/** Lowers one statement. */
function lowerStatement(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  switch (tree.kindOf(node)) {
    case 'expression_statement':
      for (const child of tree.childrenOf(node)) lowerExpression(cx, child);
      break;
    case 'return_statement': {
      const child = tree.firstChild[node] as number;
      if (child >= 0) lowerReturn(cx, child, node);
      else fn.returnValue(fn.constant(null));
      break;
    }
    case 'raise_statement': {
      const [child = -1] = tree.childrenOf(node);
      const value = child < 0 ? fn.compute('global', { name: '<unknown>' }) : lowerExpression(cx, child);
      cx.at(node);
      fn.throwValue(value);
      break;
    }
    case 'if_statement':
      lowerIf(cx, node);
      break;
    case 'while_statement':
    case 'for_statement':
      lowerLoop(cx, node);
      break;
    case 'try_statement':
      lowerTry(cx, node);
      break;
    case 'with_statement':
      lowerWith(cx, node);
      break;
    case 'match_statement':
      lowerMatch(cx, node);
      break;
    case 'function_definition':
    case 'class_definition':
      lowerNamed(cx, node, []);
      break;
    case 'decorated_definition':
      lowerNamed(
        cx,
        tree.childByField(node, 'definition'),
        tree.childrenOf(node).filter((child) => tree.kindOf(child) === 'decorator'),
      );
      break;
    case 'import_statement':
      lowerImport(cx, node);
      break;
    case 'import_from_statement':
      lowerImportFrom(cx, node);
      break;
    case 'break_statement':
      fn.leave('break', '');
      break;
    case 'continue_statement':
      fn.leave('continue', '');
      break;
    case 'assert_statement':
      lowerAssert(cx, node);
      break;
    case 'delete_statement':
    case 'print_statement':
    case 'exec_statement':
      for (const child of tree.childrenOf(node)) lowerExpression(cx, child);
      break;
    case 'ERROR':
    case 'block':
    case 'module':
      lowerBlock(cx, node);
      break;
    default:
  }
}

/** The sides of `and` and `or` return apart, so that the caller learns what each has checked. */
function lowerReturn(cx: PyContext, node: number, statement: number): void {
  const { tree, fn } = cx;
  if (tree.kindOf(node) !== 'boolean_operator') {
    const value = lowerExpression(cx, node);
    cx.at(statement);
    fn.returnValue(value);
    return;
  }
  const left = lowerExpression(cx, tree.childByField(node, 'left'));
  const [keep, next] = [fn.newBlock(), fn.newBlock()];
  if (tree.detailOf(node) === 'and') fn.branch(left, next, keep);
  else fn.branch(left, keep, next);
  fn.enter(keep);
  cx.at(statement);
  fn.returnValue(left);
  fn.enter(next);
  lowerReturn(cx, tree.childByField(node, 'right'), statement);
}

function lowerNamed(cx: PyContext, node: number, decorators: readonly number[]): void {
  const { tree } = cx;
  const isClass = tree.kindOf(node) === 'class_definition';
  const slot = isClass ? lowerClass(cx, node, decorators) : lowerDefinition(cx, node, decorators);
  cx.at(node);
  cx.write(tree.childByField(node, 'name'), slot);
}

function lowerIf(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const after = fn.newBlock();
  const branch = (part: number): void => {
    const [yes, no] = [fn.newBlock(), fn.newBlock()];
    lowerCondition(cx, tree.childByField(part, 'condition'), yes, no);
    fn.enter(yes);
    lowerBlock(cx, tree.childByField(part, 'consequence'));
    fn.jump(after);
    fn.enter(no);
  };
  branch(node);
  for (const alternative of tree.childrenByField(node, 'alternative')) {
    if (tree.kindOf(alternative) === 'elif_clause') branch(alternative);
    else lowerBlock(cx, tree.childByField(alternative, 'body'));
  }
  fn.jump(after);
  fn.enter(after);
}

/** `else` of a loop runs when it was not left by `break`. */
function lowerLoop(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const isFor = tree.kindOf(node) === 'for_statement';
  const right = tree.childByField(node, 'right');
  const iterated = isFor ? lowerExpression(cx, right) : -1;
  const [head, body, done, after] = [fn.newBlock(), fn.newBlock(), fn.newBlock(), fn.newBlock()];
  fn.jump(head);
  fn.enter(head);
  if (isFor) {
    cx.at(right);
    fn.branch(fn.compute('hasNext', { a: iterated }), body, done);
  } else lowerCondition(cx, tree.childByField(node, 'condition'), body, done);
  fn.enter(body);
  if (isFor) {
    const left = tree.childByField(node, 'left');
    cx.at(left);
    assignTarget(cx, left, fn.compute('iterate', { a: iterated, name: 'values' }));
  }
  fn.targets.push({ label: '', breakTo: after, continueTo: head, finals: fn.finalDepth });
  lowerBlock(cx, tree.childByField(node, 'body'));
  fn.targets.pop();
  fn.jump(head);
  fn.enter(done);
  const alternative = tree.childByField(node, 'alternative');
  if (alternative >= 0) lowerBlock(cx, tree.childByField(alternative, 'body'));
  fn.jump(after);
  fn.enter(after);
}

function lowerHandler(cx: PyContext, clause: number): void {
  const { tree, fn } = cx;
  const value = tree.childByField(clause, 'value');
  cx.at(clause);
  const error = fn.compute('caught');
  const alias =
    tree.kindOf(value) === 'as_pattern' ? tree.childByField(value, 'alias') : tree.childByField(clause, 'alias');
  if (alias >= 0) assignTarget(cx, alias, error);
  lowerBlock(cx, tree.childrenOf(clause).find((child) => tree.kindOf(child) === 'block') ?? -1);
}

function lowerTry(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const clauses = tree.childrenOf(node);
  const handlers = clauses.filter((child) => /^except/.test(tree.kindOf(child)));
  const otherwise = clauses.find((child) => tree.kindOf(child) === 'else_clause');
  const final = clauses.find((child) => tree.kindOf(child) === 'finally_clause');
  fn.guarded({
    body: () => lowerBlock(cx, tree.childByField(node, 'body')),
    ...(handlers.length > 0 && { handler: () => lowerHandlers(cx, handlers) }),
    ...(otherwise !== undefined && { otherwise: () => lowerBlock(cx, tree.childByField(otherwise, 'body')) }),
    ...(final !== undefined && {
      final: () => lowerBlock(cx, tree.childrenOf(final).find((child) => tree.kindOf(child) === 'block') ?? -1),
    }),
  });
}

/** Any of the handlers may be the one; which it is depends on the exception's class. */
function lowerHandlers(cx: PyContext, handlers: readonly number[]): void {
  const { fn } = cx;
  const after = fn.newBlock();
  handlers.forEach((handler, index) => {
    const isLast = index === handlers.length - 1;
    const [own, next] = [fn.newBlock(), isLast ? after : fn.newBlock()];
    if (isLast) fn.jump(own);
    else fn.branch(fn.compute('global', { name: '<unknown>' }), own, next);
    fn.enter(own);
    lowerHandler(cx, handler);
    fn.jump(after);
    fn.enter(next);
  });
}

function lowerWith(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const clause = tree.childrenOf(node).find((child) => tree.kindOf(child) === 'with_clause') ?? -1;
  for (const item of clause < 0 ? [] : tree.childrenOf(clause)) {
    const value = tree.childByField(item, 'value');
    const isNamed = tree.kindOf(value) === 'as_pattern';
    const manager = lowerExpression(cx, isNamed ? (tree.firstChild[value] as number) : value);
    cx.at(item);
    const entered = fn.compute('callMethod', { a: manager, name: '__enter__' });
    if (isNamed) assignTarget(cx, tree.childByField(value, 'alias'), entered);
  }
  lowerBlock(cx, tree.childByField(node, 'body'));
}

function lowerAssert(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const [condition = -1] = tree.childrenOf(node);
  const [yes, no] = [fn.newBlock(), fn.newBlock()];
  lowerCondition(cx, condition, yes, no);
  fn.enter(no);
  cx.at(node);
  fn.throwValue(fn.compute('global', { name: 'AssertionError' }));
  fn.enter(yes);
}
