import { nodeFlag } from '../../syntax/flat-tree.js';
import type { JsContext } from './context.js';
import { lowerClass } from './lower-class.js';
import { lowerCondition, lowerExpression, lowerReturn } from './lower-expression.js';
import { lowerFunction } from './lower-function.js';
import { lowerExport, lowerImport } from './lower-module.js';
import { assignPattern } from './lower-pattern.js';
import { identifierName } from './scopes.js';

function functionBelow(cx: JsContext, statement: number): number {
  const { tree } = cx;
  const kind = tree.kindOf(statement);
  if (kind === 'FunctionDeclaration') return statement;
  if (!kind.startsWith('Export')) return -1;
  const declaration = tree.childByField(statement, 'declaration');
  return tree.kindOf(declaration) === 'FunctionDeclaration' ? declaration : -1;
}

/** Lowers statements in order; function declarations come first, as they are hoisted. */
export function lowerStatements(cx: JsContext, statements: readonly number[]): void {
  const { tree } = cx;
  for (const statement of statements) {
    const node = functionBelow(cx, statement);
    const id = node < 0 ? -1 : tree.childByField(node, 'id');
    if (id < 0 || tree.childByField(node, 'body') < 0) continue;
    const slot = lowerFunction(cx, node);
    cx.at(node);
    cx.write(id, slot);
  }
  for (const statement of statements) lowerStatement(cx, statement);
}

/** Lowers the statements below a block-like node. */
export function lowerBlock(cx: JsContext, node: number): void {
  lowerStatements(cx, cx.tree.childrenByField(node, 'body'));
}

/** Lowers one statement. `label` is the name that stands before it. */
export function lowerStatement(cx: JsContext, node: number, label = ''): void {
  const { tree, fn } = cx;
  const field = (key: string): number => tree.childByField(node, key);
  switch (tree.kindOf(node)) {
    case 'ExpressionStatement':
      lowerExpression(cx, field('expression'));
      break;
    case 'VariableDeclaration':
      lowerDeclaration(cx, node);
      break;
    case 'ClassDeclaration':
      if (!tree.hasFlag(node, nodeFlag.typeOnly)) lowerClass(cx, node);
      break;
    case 'BlockStatement':
    case 'TSModuleBlock':
      lowerBlock(cx, node);
      break;
    case 'TSModuleDeclaration':
      if (!tree.hasFlag(node, nodeFlag.typeOnly) && field('body') >= 0) lowerStatement(cx, field('body'));
      break;
    case 'TSEnumDeclaration':
      lowerEnum(cx, node);
      break;
    case 'IfStatement':
      lowerIf(cx, node);
      break;
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      lowerLoop(cx, node, label);
      break;
    case 'ForInStatement':
    case 'ForOfStatement':
      lowerIteration(cx, node, label);
      break;
    case 'SwitchStatement':
      lowerSwitch(cx, node);
      break;
    case 'ReturnStatement': {
      const argument = field('argument');
      if (argument >= 0) lowerReturn(cx, argument, node);
      else fn.returnValue(fn.constant(undefined));
      break;
    }
    case 'ThrowStatement': {
      const value = lowerExpression(cx, field('argument'));
      cx.at(node);
      fn.throwValue(value);
      break;
    }
    case 'BreakStatement':
    case 'ContinueStatement': {
      const target = field('label');
      const kind = tree.kindOf(node) === 'BreakStatement' ? 'break' : 'continue';
      fn.leave(kind, target < 0 ? '' : tree.textOf(target));
      break;
    }
    case 'LabeledStatement':
      lowerLabeled(cx, node);
      break;
    case 'TryStatement':
      lowerTry(cx, node);
      break;
    case 'ImportDeclaration':
      lowerImport(cx, node);
      break;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
    case 'ExportAllDeclaration':
      lowerExport(cx, node);
      break;
    default:
  }
}

function lowerDeclaration(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  if (tree.hasFlag(node, nodeFlag.typeOnly)) return;
  for (const declarator of tree.childrenOf(node)) {
    const id = tree.childByField(declarator, 'id');
    const init = tree.childByField(declarator, 'init');
    // A `var` without initialiser keeps what an earlier declaration of the same name assigned.
    if (init < 0 && tree.detailOf(node) === 'var') continue;
    const name = tree.kindOf(id) === 'Identifier' ? identifierName(tree, id) : '';
    const value = init < 0 ? fn.constant(undefined) : lowerExpression(cx, init, name);
    cx.at(declarator);
    assignPattern(cx, id, value);
  }
}

function lowerEnum(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  const body = tree.childByField(node, 'body');
  const members = tree.childrenByField(body < 0 ? node : body, 'members');
  cx.at(node);
  const object = fn.compute('dict', { name: 'object' });
  members.forEach((member, position) => {
    const initializer = tree.childByField(member, 'initializer');
    const b = initializer < 0 ? fn.constant(position) : lowerExpression(cx, initializer);
    cx.at(member);
    fn.emit('storeField', { a: object, name: tree.textOf(tree.childByField(member, 'id')).replace(/['"]/g, ''), b });
  });
  cx.write(tree.childByField(node, 'id'), object);
}

function lowerIf(cx: JsContext, first: number): void {
  const { tree, fn } = cx;
  const after = fn.newBlock();
  let node = first;
  // A chain of `else if` is walked without recursion.
  for (;;) {
    const [yes, no] = [fn.newBlock(), fn.newBlock()];
    lowerCondition(cx, tree.childByField(node, 'test'), yes, no);
    fn.enter(yes);
    lowerStatement(cx, tree.childByField(node, 'consequent'));
    fn.jump(after);
    fn.enter(no);
    const alternate = tree.childByField(node, 'alternate');
    if (alternate < 0) break;
    if (tree.kindOf(alternate) !== 'IfStatement') {
      lowerStatement(cx, alternate);
      break;
    }
    node = alternate;
  }
  fn.jump(after);
  fn.enter(after);
}

function inLoop(
  cx: JsContext,
  targets: { breakTo: number; continueTo: number; label: string },
  body: () => void,
): void {
  const { fn } = cx;
  const finals = fn.finalDepth;
  const { breakTo, continueTo, label } = targets;
  fn.targets.push({ label: '', breakTo, continueTo, finals });
  if (label !== '') fn.targets.push({ label, breakTo, continueTo, finals });
  body();
  if (label !== '') fn.targets.pop();
  fn.targets.pop();
}

function lowerLoop(cx: JsContext, node: number, label: string): void {
  const { tree, fn } = cx;
  const init = tree.childByField(node, 'init');
  const test = tree.childByField(node, 'test');
  const update = tree.childByField(node, 'update');
  if (init >= 0) {
    if (tree.kindOf(init) === 'VariableDeclaration') lowerDeclaration(cx, init);
    else lowerExpression(cx, init);
  }
  const [head, body, step, after] = [fn.newBlock(), fn.newBlock(), fn.newBlock(), fn.newBlock()];
  fn.jump(tree.kindOf(node) === 'DoWhileStatement' ? body : head);
  fn.enter(head);
  if (test < 0) fn.jump(body);
  else lowerCondition(cx, test, body, after);
  fn.enter(body);
  inLoop(cx, { breakTo: after, continueTo: step, label }, () => lowerStatement(cx, tree.childByField(node, 'body')));
  fn.jump(step);
  fn.enter(step);
  if (update >= 0) lowerExpression(cx, update);
  fn.jump(head);
  fn.enter(after);
}

function lowerIteration(cx: JsContext, node: number, label: string): void {
  const { tree, fn } = cx;
  const iterated = lowerExpression(cx, tree.childByField(node, 'right'));
  const [head, body, after] = [fn.newBlock(), fn.newBlock(), fn.newBlock()];
  fn.jump(head);
  fn.enter(head);
  cx.at(tree.childByField(node, 'right'));
  fn.branch(fn.compute('hasNext', { a: iterated }), body, after);
  fn.enter(body);
  const left = tree.childByField(node, 'left');
  cx.at(left);
  const name = tree.kindOf(node) === 'ForInStatement' ? 'keys' : 'values';
  const element = fn.compute('iterate', { a: iterated, name });
  if (tree.kindOf(left) === 'VariableDeclaration') {
    for (const declarator of tree.childrenOf(left)) assignPattern(cx, tree.childByField(declarator, 'id'), element);
  } else {
    assignPattern(cx, left, element);
  }
  inLoop(cx, { breakTo: after, continueTo: head, label }, () => lowerStatement(cx, tree.childByField(node, 'body')));
  fn.jump(head);
  fn.enter(after);
}

function lowerSwitch(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  const subject = lowerExpression(cx, tree.childByField(node, 'discriminant'));
  const cases = tree.childrenByField(node, 'cases');
  const after = fn.newBlock();
  const bodies = cases.map(() => fn.newBlock());
  let fallback = after;
  cases.forEach((entry, position) => {
    const test = tree.childByField(entry, 'test');
    const body = bodies[position] as number;
    if (test < 0) {
      fallback = body;
      return;
    }
    const b = lowerExpression(cx, test);
    cx.at(test);
    const next = fn.newBlock();
    fn.branch(fn.compute('binary', { a: subject, b, name: '===' }), body, next);
    fn.enter(next);
  });
  fn.jump(fallback);
  fn.targets.push({ label: '', breakTo: after, continueTo: -1, finals: fn.finalDepth });
  cases.forEach((entry, position) => {
    fn.enter(bodies[position] as number);
    lowerStatements(cx, tree.childrenByField(entry, 'consequent'));
    fn.jump(bodies[position + 1] ?? after);
  });
  fn.targets.pop();
  fn.enter(after);
}

function lowerLabeled(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  const label = tree.textOf(tree.childByField(node, 'label'));
  const body = tree.childByField(node, 'body');
  if (/^(For|While|DoWhile)/.test(tree.kindOf(body))) {
    lowerStatement(cx, body, label);
    return;
  }
  const after = fn.newBlock();
  fn.targets.push({ label, breakTo: after, continueTo: -1, finals: fn.finalDepth });
  lowerStatement(cx, body);
  fn.targets.pop();
  fn.jump(after);
  fn.enter(after);
}

function lowerTry(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  const handler = tree.childByField(node, 'handler');
  const finalizer = tree.childByField(node, 'finalizer');
  fn.guarded({
    body: () => lowerBlock(cx, tree.childByField(node, 'block')),
    ...(handler >= 0 && {
      handler: () => {
        const parameter = tree.childByField(handler, 'param');
        cx.at(handler);
        const error = fn.compute('caught');
        if (parameter >= 0) assignPattern(cx, parameter, error);
        lowerBlock(cx, tree.childByField(handler, 'body'));
      },
    }),
    ...(finalizer >= 0 && { final: () => lowerBlock(cx, finalizer) }),
  });
}
