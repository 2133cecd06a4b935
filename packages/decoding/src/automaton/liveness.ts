import { cutsOf, derive } from './derivative.js';
import { type Expression, Op } from './expression.js';
import type { ExpressionStore } from './expression-store.js';

const maximumVisits = 3_000;

/**
 * Whether some text belongs to the language. Plain expressions know it at once; with intersections or complements the
 * graph of derivatives is searched breadth first. After 3,000 nodes without an answer it is taken to be alive, so that
 * nothing valid is ever refused.
 */
export function isAlive(store: ExpressionStore, expression: Expression): boolean {
  if (expression.life === 0) decideLife(store, expression);
  return expression.life === 1;
}

function decideLife(store: ExpressionStore, start: Expression): void {
  if (start.plain || start.nullable || start.op === Op.Number) {
    start.life = 1;
    return;
  }
  const parents = new Map<Expression, Expression | null>([[start, null]]);
  for (const node of parents.keys()) {
    if (node.nullable || node.plain || node.life === 1 || parents.size > maximumVisits) {
      for (let alive: Expression | null = node; alive !== null; alive = parents.get(alive) ?? null) alive.life = 1;
      start.life = 1;
      return;
    }
    for (const cut of cutsOf(node)) {
      const next = derive(store, node, cut);
      if (next.life !== 2 && !parents.has(next)) parents.set(next, node);
    }
  }
  for (const node of parents.keys()) node.life = 2;
}
