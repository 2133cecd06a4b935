import { type Expression, Op } from '../automaton/expression.js';
import type { ExpressionStore } from '../automaton/expression-store.js';

/**
 * A string state that takes every character: within bounds of length, and with some texts after which it may not end,
 * or ends differently, than after all the others.
 */
export interface FreeString {
  readonly minimum: number;
  readonly maximum: number;
  /** The parts of the state after any text that is no exception. */
  readonly usual: readonly Expression[];
  readonly exceptions: ReadonlySet<string>;
}

const maximumExceptions = 512;

/** Recognises a {@link FreeString} in the parts of a lexer state. */
export function findFreeString(store: ExpressionStore, parts: readonly Expression[]): FreeString | undefined {
  const exceptions = new Set<string>();
  let minimum = 0;
  let maximum = Number.POSITIVE_INFINITY;
  const content = parts[0]!;
  for (const item of content.op === Op.And ? content.items : [content]) {
    if (item.op === Op.Repeat && item.items[0] === store.anyOne) {
      minimum = Math.max(minimum, item.minimum);
      maximum = Math.min(maximum, item.maximum);
    } else if (item.op !== Op.Not || !addWords(item.items[0]!, exceptions)) {
      return undefined;
    }
  }
  const usual = [store.all];
  for (const part of parts.slice(1)) {
    const isComplement = part === store.all || part.op === Op.Not;
    if (part !== store.all && !addWords(part.op === Op.Not ? part.items[0]! : part, exceptions)) return undefined;
    usual.push(isComplement ? store.all : store.empty);
  }
  return { minimum, maximum, usual, exceptions };
}

/** Adds the words of a finite language that is small and written as a list; false for any other. */
function addWords(language: Expression, words: Set<string>): boolean {
  if (language.op === Op.Empty) return true;
  if (language.op === Op.Epsilon) {
    words.add('');
    return true;
  }
  if (language.op === Op.Or) return language.items.every((item) => addWords(item, words));
  const range = language.words;
  if (range === null || words.size + range.high - range.low > maximumExceptions) return false;
  for (let i = range.low; i < range.high; i += 1) words.add(range.list[i]!.slice(range.depth));
  return true;
}
