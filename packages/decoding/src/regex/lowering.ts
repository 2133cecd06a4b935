import type { Expression } from '../automaton/expression.js';
import type { ExpressionStore } from '../automaton/expression-store.js';
import { DecodingError } from '../errors.js';
import { hasAssertion, type Pattern } from './syntax.js';

const maximumUnrolled = 64;

/**
 * The language of all texts in which the pattern matches somewhere, as `RegExp.prototype.test` decides it.
 *
 * @throws {DecodingError} `unsupported-pattern` for an assertion inside an unbounded repetition.
 */
export function searchLanguage(store: ExpressionStore, pattern: Pattern): Expression {
  const atStart = lower(store, pattern, store.all, true);
  const later = lower(store, pattern, store.all, false);
  if (atStart === later) return store.concat(store.all, later);
  return store.or([atStart, store.concat(store.anyOne, store.concat(store.all, later))]);
}

/** The language of all texts that the pattern matches from start to end. */
export function wholeLanguage(store: ExpressionStore, pattern: Pattern): Expression {
  return lower(store, pattern, store.epsilon, true);
}

/** Texts that `pattern` matches, followed by what `rest` allows: assertions are statements about that rest. */
function lower(store: ExpressionStore, pattern: Pattern, rest: Expression, atStart: boolean): Expression {
  if (!hasAssertion(pattern)) return store.concat(lowerPlain(store, pattern), rest);
  switch (pattern.kind) {
    case 'start':
      return atStart ? rest : store.empty;
    case 'end':
      return store.and([rest, store.epsilon]);
    case 'ahead': {
      const seen = lower(store, pattern.item, store.all, atStart);
      return store.and([pattern.negated ? store.not(seen) : seen, rest]);
    }
    case 'either':
      return store.or(pattern.items.map((item) => lower(store, item, rest, atStart)));
    case 'sequence':
      return lowerSequence(store, pattern.items, rest, atStart);
    case 'repeat':
      return lowerRepeat(store, pattern, rest, atStart);
    default:
      return rest;
  }
}

function lowerSequence(
  store: ExpressionStore,
  items: readonly Pattern[],
  rest: Expression,
  atStart: boolean,
): Expression {
  let result = rest;
  for (let i = items.length - 1; i >= 0; i -= 1) {
    const start = atStart && isAtStart(store, items.slice(0, i), items[i]!);
    result = lower(store, items[i]!, result, start);
  }
  return result;
}

function isAtStart(store: ExpressionStore, before: readonly Pattern[], item: Pattern): boolean {
  if (!hasAssertion(item)) return false;
  const consuming = before.filter((one) => one.kind !== 'start' && one.kind !== 'end' && one.kind !== 'ahead');
  if (consuming.length === 0) return true;
  const mayBeEmpty = consuming.every((one) => lower(store, one, store.epsilon, true).nullable);
  if (mayBeEmpty && mentionsStart(item)) throw unsupported('a start anchor after something that may be empty');
  return false;
}

function mentionsStart(pattern: Pattern): boolean {
  if (pattern.kind === 'sequence' || pattern.kind === 'either') return pattern.items.some(mentionsStart);
  if (pattern.kind === 'repeat' || pattern.kind === 'ahead') return mentionsStart(pattern.item);
  return pattern.kind === 'start';
}

function repeatsAssertion(pattern: Pattern): boolean {
  if (pattern.kind === 'repeat') return hasAssertion(pattern.item);
  if (pattern.kind === 'sequence' || pattern.kind === 'either') return pattern.items.some(repeatsAssertion);
  return pattern.kind === 'ahead' && repeatsAssertion(pattern.item);
}

function lowerRepeat(
  store: ExpressionStore,
  pattern: Extract<Pattern, { kind: 'repeat' }>,
  rest: Expression,
  atStart: boolean,
): Expression {
  const { item, maximum } = pattern;
  if (maximum > 1 && hasOnlyEnds(item)) return lowerEndLoop(store, pattern, rest);
  if (maximum > maximumUnrolled) throw unsupported('an assertion inside a repetition');
  if (maximum > 1 && repeatsAssertion(item)) throw unsupported('an assertion inside nested repetitions');
  if (maximum > 1 && mentionsStart(item)) throw unsupported('a start anchor inside a repetition');
  return unroll(store, pattern, rest, atStart);
}

/**
 * A repetition whose only assertions are end anchors: rounds that do not touch the end, and then the rest, or one last
 * round that does. Where that round may be empty it stands for any number of rounds.
 */
function lowerEndLoop(
  store: ExpressionStore,
  { item, minimum, maximum }: Extract<Pattern, { kind: 'repeat' }>,
  rest: Expression,
): Expression {
  const round = lowerPlain(store, withoutEnd(item));
  const last = lower(store, item, store.and([rest, store.epsilon]), false);
  const least = last.nullable ? 0 : Math.max(0, minimum - 1);
  return store.or([
    store.concat(store.repeat(round, minimum, maximum), rest),
    store.concat(store.repeat(round, least, maximum - 1), last),
  ]);
}

/** The pattern as it matches away from the end, where an end anchor matches nothing. */
function withoutEnd(pattern: Pattern): Pattern {
  switch (pattern.kind) {
    case 'end':
      return { kind: 'chars', set: [] };
    case 'sequence':
    case 'either':
      return { ...pattern, items: pattern.items.map(withoutEnd) };
    case 'repeat':
      return { ...pattern, item: withoutEnd(pattern.item) };
    default:
      return pattern;
  }
}

function hasOnlyEnds(pattern: Pattern): boolean {
  if (pattern.kind === 'sequence' || pattern.kind === 'either') return pattern.items.every(hasOnlyEnds);
  if (pattern.kind === 'repeat') return hasOnlyEnds(pattern.item);
  return pattern.kind === 'end' || pattern.kind === 'chars';
}

function unroll(
  store: ExpressionStore,
  { item, minimum, maximum }: Extract<Pattern, { kind: 'repeat' }>,
  rest: Expression,
  atStart: boolean,
): Expression {
  let result = rest;
  for (let i = maximum; i > 0; i -= 1) {
    const once = lower(store, item, result, atStart && i === 1);
    result = i > minimum ? store.or([once, rest]) : once;
  }
  return result;
}

function lowerPlain(store: ExpressionStore, pattern: Pattern): Expression {
  switch (pattern.kind) {
    case 'chars':
      return store.chars(pattern.set);
    case 'sequence':
      return store.sequence(pattern.items.map((item) => lowerPlain(store, item)));
    case 'either':
      return store.or(pattern.items.map((item) => lowerPlain(store, item)));
    case 'repeat':
      return store.repeat(lowerPlain(store, pattern.item), pattern.minimum, pattern.maximum);
    default:
      return store.epsilon;
  }
}

function unsupported(keyword: string): DecodingError {
  return new DecodingError('unsupported-pattern', `Patterns with ${keyword} are not supported.`, { keyword });
}
