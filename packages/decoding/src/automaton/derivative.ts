import { hasChar } from './char-set.js';
import { type Expression, Op, type WordRange } from './expression.js';
import type { ExpressionStore } from './expression-store.js';
import { readNumberChar } from './number-test.js';

const numberCuts = [0, 0x2d, 0x2e, 0x2f, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a];

/**
 * What may follow after `codePoint`: the Brzozowski derivative. Kept per class of code points that behave alike
 * (Owens, Reppy and Turon, "Regular-expression derivatives re-examined", 2009).
 */
export function derive(store: ExpressionStore, expression: Expression, codePoint: number): Expression {
  switch (expression.op) {
    case Op.Empty:
    case Op.Epsilon:
      return store.empty;
    case Op.Chars:
      return hasChar(expression.chars, codePoint) ? store.epsilon : store.empty;
    case Op.Words:
      return deriveWords(store, expression.words!, codePoint);
    case Op.Concat:
    case Op.Or:
    case Op.And:
    case Op.Not:
    case Op.Repeat:
    case Op.Number: {
      const index = classOf(cutsOf(expression), codePoint);
      const known = expression.next[index];
      if (known !== undefined) return known;
      const result = deriveFresh(store, expression, codePoint);
      expression.next[index] = result;
      return result;
    }
  }
}

function deriveFresh(store: ExpressionStore, expression: Expression, codePoint: number): Expression {
  const { items } = expression;
  switch (expression.op) {
    case Op.Concat: {
      const [first, second] = items as [Expression, Expression];
      const inFirst = store.concat(derive(store, first, codePoint), second);
      return first.nullable ? store.or([inFirst, derive(store, second, codePoint)]) : inFirst;
    }
    case Op.Or:
      return store.or(items.map((item) => derive(store, item, codePoint)));
    case Op.And:
      return store.and(items.map((item) => derive(store, item, codePoint)));
    case Op.Not:
      return store.not(derive(store, items[0]!, codePoint));
    case Op.Repeat: {
      const rest = store.repeat(items[0]!, Math.max(0, expression.minimum - 1), expression.maximum - 1);
      return store.concat(derive(store, items[0]!, codePoint), rest);
    }
    default:
      return store.numberState(readNumberChar(expression.number!, codePoint));
  }
}

/** The first code point of each class that `expression` treats alike, ascending from 0. */
export function cutsOf(expression: Expression): readonly number[] {
  expression.cuts ??= findCuts(expression);
  return expression.cuts;
}

/** The index of the class that contains `codePoint`. */
export function classOf(cuts: readonly number[], codePoint: number): number {
  let low = 0;
  let high = cuts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (cuts[middle]! <= codePoint) low = middle;
    else high = middle;
  }
  return low;
}

function findCuts(expression: Expression): readonly number[] {
  const { op, items, chars } = expression;
  switch (op) {
    case Op.Empty:
    case Op.Epsilon:
      return [0];
    case Op.Chars: {
      const cuts = [0];
      for (let i = 0; i < chars.length; i += 2) cuts.push(chars[i]!, chars[i + 1]! + 1);
      return merge([cuts]);
    }
    case Op.Number:
      return numberCuts;
    case Op.Words:
      return merge([[0, ...[...firstChars(expression.words!)].flatMap((char) => [char, char + 1])]]);
    case Op.Concat:
      return items[0]!.nullable ? merge(items.map(cutsOf)) : cutsOf(items[0]!);
    default:
      return items.length === 1 ? cutsOf(items[0]!) : merge(items.map(cutsOf));
  }
}

function merge(lists: readonly (readonly number[])[]): readonly number[] {
  const all = new Set<number>();
  for (const list of lists) for (const cut of list) if (cut <= 0x10ffff) all.add(cut);
  return [...all].sort((left, right) => left - right);
}

function deriveWords(store: ExpressionStore, words: WordRange, codePoint: number): Expression {
  const text = String.fromCodePoint(codePoint);
  const { list } = words;
  let { low, high, depth } = words;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    low = firstAtLeast(list, low, high, depth, unit);
    high = firstAtLeast(list, low, high, depth, unit + 1);
    depth += 1;
  }
  return store.wordRange({ list, low, high, depth, labelled: words.labelled });
}

/** The first word from `low` on whose UTF-16 unit at `depth` is at least `unit`; a binary search. */
function firstAtLeast(list: readonly string[], low: number, high: number, depth: number, unit: number): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = (from + to) >> 1;
    const word = list[middle]!;
    if ((depth < word.length ? word.charCodeAt(depth) : -1) < unit) from = middle + 1;
    else to = middle;
  }
  return from;
}

function* firstChars({ list, low, high, depth }: WordRange): Iterable<number> {
  let at = list[low]!.length === depth ? low + 1 : low;
  while (at < high) {
    const codePoint = list[at]!.codePointAt(depth)!;
    yield codePoint;
    if (codePoint > 0xffff) at += 1;
    else at = firstAtLeast(list, at, high, depth, codePoint + 1);
  }
}
