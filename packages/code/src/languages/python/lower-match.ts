import type { PyContext } from './context.js';
import { lowerCondition, lowerExpression } from './lower-expression.js';
import { lowerBlock } from './lower-statement.js';
import { capturedNames } from './scopes.js';

const literals = new Set(['string', 'integer', 'float', 'true', 'false', 'none', 'concatenated_string']);

/** `match` becomes a chain of tests. Literal patterns are compared; what other patterns capture is a part of the subject. */
export function lowerMatch(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const subject = lowerExpression(cx, tree.childByField(node, 'subject'));
  const after = fn.newBlock();
  const body = tree.childByField(node, 'body');
  for (const clause of body < 0 ? [] : tree.childrenOf(body)) {
    if (tree.kindOf(clause) !== 'case_clause') continue;
    const [hit, miss] = [fn.newBlock(), fn.newBlock()];
    lowerPatterns(cx, clause, subject, hit, miss);
    fn.enter(hit);
    lowerBlock(cx, tree.childByField(clause, 'consequence'));
    fn.jump(after);
    fn.enter(miss);
  }
  fn.jump(after);
  fn.enter(after);
}

function lowerPatterns(cx: PyContext, clause: number, subject: number, hit: number, miss: number): void {
  const { tree, fn } = cx;
  const guard = tree.childByField(clause, 'guard');
  const matched = guard < 0 ? hit : fn.newBlock();
  const patterns = tree.childrenOf(clause).filter((child) => tree.kindOf(child) === 'case_pattern');
  const inner = patterns.length === 1 ? (tree.firstChild[patterns[0] as number] as number) : -1;
  const alternatives = tree.kindOf(inner) === 'union_pattern' ? tree.childrenOf(inner) : [inner];
  cx.at(clause);
  if (inner >= 0 && alternatives.every((one) => literals.has(tree.kindOf(one)))) {
    for (const literal of alternatives) {
      const b = lowerExpression(cx, literal);
      cx.at(literal);
      const next = fn.newBlock();
      fn.branch(fn.compute('binary', { a: subject, b, name: '==' }), matched, next);
      fn.enter(next);
    }
    fn.jump(miss);
  } else {
    const names = capturedNames(tree, clause);
    const isWhole = names.length === 1 && tree.kindOf(inner) === 'dotted_name';
    for (const name of names)
      cx.write(
        name,
        isWhole ? subject : fn.compute('loadIndex', { a: subject, b: fn.compute('global', { name: '<unknown>' }) }),
      );
    const isCatchAll = isWhole || (patterns.length === 1 && tree.textOf(patterns[0] as number).trim() === '_');
    if (isCatchAll) fn.jump(matched);
    else fn.branch(fn.compute('global', { name: '<unknown>' }), matched, miss);
  }
  if (guard < 0) return;
  fn.enter(matched);
  lowerCondition(cx, tree.firstChild[guard] as number, hit, miss);
}
