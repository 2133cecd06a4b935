import { type CharSet, hasChar } from './char-set.js';
import { cutsOf, derive } from './derivative.js';
import { type Expression, Op } from './expression.js';
import type { ExpressionStore } from './expression-store.js';
import { isAlive } from './liveness.js';

/** All texts of the character set may follow, however long. */
export const endlessReach = 0x7fff;

const maximumDepth = 256;
const maximumStates = 24;

/**
 * How many characters of a set may follow, whichever they are: at least as many as the result, and if the result is
 * finite, never one more. -1 where that cannot be said so simply.
 */
export function findReach(store: ExpressionStore, start: Expression, chars: CharSet): number {
  if (isImmortal(store, start)) return endlessReach;
  const seen = new Set<Expression>([start]);
  let frontier = [start];
  let certain = true;
  for (let depth = 0; depth < maximumDepth; depth += 1) {
    const next = new Set<Expression>();
    let dies = false;
    for (const state of frontier) {
      for (const codePoint of representatives(state, chars)) {
        const after = derive(store, state, codePoint);
        if (isAlive(store, after)) next.add(after);
        else dies = true;
      }
    }
    if (dies) return certain && next.size === 0 ? depth : -1;
    const fresh = [...next].filter((state) => !seen.has(state));
    if (fresh.length === 0) return endlessReach;
    // With several states at once one may live on where another dies, so that only endless reach can be told.
    if (next.size > 1) certain = false;
    for (const state of fresh) seen.add(state);
    if (seen.size > maximumStates && !certain) return -1;
    frontier = fresh;
  }
  return endlessReach;
}

/** Whether any text at all may follow, by the form of the expression alone: a search that is still open, or all but a few words. */
function isImmortal(store: ExpressionStore, expression: Expression): boolean {
  switch (expression.op) {
    case Op.Repeat:
      return expression === store.all;
    case Op.Concat:
      return expression.items[0] === store.all && isAlive(store, expression);
    case Op.Or:
      return expression.items.some((item) => isImmortal(store, item));
    case Op.Not:
      return expression.items[0]!.op === Op.Words;
    default:
      return false;
  }
}

/** A code point of each class of `state` that meets `chars`. */
function* representatives(state: Expression, chars: CharSet): Iterable<number> {
  const cuts = cutsOf(state);
  for (let i = 0; i < cuts.length; i += 1) {
    const low = cuts[i]!;
    const high = (cuts[i + 1] ?? 0x110000) - 1;
    if (hasChar(chars, low)) yield low;
    else {
      for (let range = 0; range < chars.length; range += 2) {
        if (chars[range]! > low && chars[range]! <= high) {
          yield chars[range]!;
          break;
        }
      }
    }
  }
}
