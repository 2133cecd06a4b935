import type { PyContext } from './context.js';
import { lowerCondition, lowerExpression } from './lower-expression.js';
import { assignTarget } from './lower-target.js';

/** A comprehension becomes nested loops that add to a new list, set or dictionary. */
export function lowerComprehension(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const kind = tree.kindOf(node);
  cx.at(node);
  const isDictionary = kind === 'dictionary_comprehension';
  const result = isDictionary
    ? fn.compute('dict', { name: 'dict' })
    : fn.compute('list', { name: kind === 'set_comprehension' ? 'set' : 'list' });
  const after = fn.newBlock();
  const clauses = tree.childrenOf(node).filter((child) => tree.fieldOf(child) !== 'body');
  let outer = after;
  for (const clause of clauses) outer = lowerClause(cx, clause, outer);
  addElement(cx, tree.childByField(node, 'body'), result);
  fn.jump(outer);
  fn.enter(after);
  return result;
}

/** Opens a loop or condition; `outer` is where to go when it is through. Returns where its own body goes on. */
function lowerClause(cx: PyContext, clause: number, outer: number): number {
  const { tree, fn } = cx;
  const body = fn.newBlock();
  if (tree.kindOf(clause) === 'if_clause') {
    lowerCondition(cx, tree.firstChild[clause] as number, body, outer);
    fn.enter(body);
    return outer;
  }
  const right = tree.childByField(clause, 'right');
  const iterated = lowerExpression(cx, right);
  const head = fn.newBlock();
  fn.jump(head);
  fn.enter(head);
  cx.at(right);
  fn.branch(fn.compute('hasNext', { a: iterated }), body, outer);
  fn.enter(body);
  cx.at(clause);
  assignTarget(cx, tree.childByField(clause, 'left'), fn.compute('iterate', { a: iterated, name: 'values' }));
  return head;
}

function addElement(cx: PyContext, body: number, result: number): void {
  const { tree, fn } = cx;
  if (tree.kindOf(body) === 'pair') {
    const b = lowerExpression(cx, tree.childByField(body, 'key'));
    const c = lowerExpression(cx, tree.childByField(body, 'value'));
    cx.at(body);
    fn.emit('storeIndex', { a: result, b, c, name: 'literal' });
    return;
  }
  const value = lowerExpression(cx, body);
  cx.at(body);
  fn.compute('callMethod', { a: result, name: 'append', args: [cx.argument(body, value)] });
}
