import type { Decimal } from './decimal.js';

/** What a number has to pass: its order against a constant, or being a multiple of one. */
export type NumberTest =
  | {
      readonly kind: 'compare';
      readonly to: Decimal;
      /** Which outcomes pass: below, equal to, above the constant. */
      readonly accept: { readonly below: boolean; readonly equal: boolean; readonly above: boolean };
    }
  /** Passes multiples of `unit / 10^scale`; `unit` is at most 9e14 so that doubles stay exact. */
  | { readonly kind: 'multiple'; readonly unit: number; readonly scale: number };

/** How far a test has read a plain decimal literal (no exponent). */
export interface NumberState {
  readonly test: NumberTest;
  /** 0 nothing read, 1 after the sign, 2 in the integer part, 3 after the point. */
  readonly phase: 0 | 1 | 2 | 3;
  readonly negative: boolean;
  /** Digits read in this phase, as far as they matter. */
  readonly digits: number;
  /** Order of the magnitudes so far. */
  readonly order: -1 | 0 | 1;
  readonly remainder: number;
}

/** The state before the first character. */
export function startNumber(test: NumberTest): NumberState {
  return { test, phase: 0, negative: false, digits: 0, order: 0, remainder: 0 };
}

/** A text that is equal for equal states of equal tests. */
export function numberStateKey(state: NumberState): string {
  const { test } = state;
  const name =
    test.kind === 'multiple'
      ? `m${test.unit}/${test.scale}`
      : `c${test.to.negative ? '-' : ''}${test.to.integer}.${test.to.fraction}` +
        `${Number(test.accept.below)}${Number(test.accept.equal)}${Number(test.accept.above)}`;
  return `${name}|${state.phase}|${state.negative}|${state.digits}|${state.order}|${state.remainder}`;
}

/** The state after one more character; `true` or `false` once nothing that follows can change the outcome. */
export function readNumberChar(state: NumberState, codePoint: number): NumberState | boolean {
  if (codePoint === 0x2d) {
    if (state.phase !== 0) return false;
    return settleSign({ ...state, phase: 1, negative: true });
  }
  if (codePoint === 0x2e) {
    if (state.phase !== 2) return false;
    const order = state.test.kind === 'compare' ? integerOrder(state, state.test.to) : 0;
    return settle({ ...state, phase: 3, digits: 0, order });
  }
  const digit = codePoint - 0x30;
  if (digit < 0 || digit > 9) return false;
  return state.test.kind === 'multiple'
    ? readMultiple(state, state.test, digit)
    : readCompared(state, state.test, digit);
}

/** Whether the literal read so far passes when it ends here. */
export function passesNumber(state: NumberState): boolean {
  if (state.phase < 2) return false;
  const { test } = state;
  if (test.kind === 'multiple') {
    let remainder = state.remainder;
    for (let missing = test.scale - (state.phase === 3 ? state.digits : 0); missing > 0; missing -= 1) {
      remainder = (remainder * 10) % test.unit;
    }
    return remainder === 0;
  }
  let order = state.phase === 2 ? integerOrder(state, test.to) : state.order;
  const rest = state.phase === 2 ? test.to.fraction : test.to.fraction.slice(state.digits);
  if (order === 0 && rest !== '') order = -1;
  return accepts(test, state.negative ? -order : order);
}

type Compare = Extract<NumberTest, { kind: 'compare' }>;
type Multiple = Extract<NumberTest, { kind: 'multiple' }>;

function accepts(test: Compare, order: number): boolean {
  return order < 0 ? test.accept.below : order > 0 ? test.accept.above : test.accept.equal;
}

function isZero(to: Decimal): boolean {
  return to.integer === '0' && to.fraction === '';
}

function settleSign(state: NumberState): NumberState | boolean {
  const { test } = state;
  if (test.kind === 'multiple') return { ...state, negative: false };
  if (!isZero(test.to) && !test.to.negative) {
    // A negative literal may still be -0, but zero is below a positive constant too.
    return accepts(test, -1);
  }
  return state;
}

function readMultiple(state: NumberState, test: Multiple, digit: number): NumberState | boolean {
  if (state.phase === 3) {
    if (state.digits >= test.scale) return digit === 0 ? state : false;
    return { ...state, digits: state.digits + 1, remainder: (state.remainder * 10 + digit) % test.unit };
  }
  return { ...state, phase: 2, remainder: (state.remainder * 10 + digit) % test.unit };
}

function readCompared(state: NumberState, test: Compare, digit: number): NumberState | boolean {
  const { to } = test;
  if (state.phase === 3) {
    if (state.order !== 0) return state;
    const other = state.digits < to.fraction.length ? to.fraction.charCodeAt(state.digits) - 0x30 : 0;
    const order = digit < other ? -1 : digit > other ? 1 : 0;
    return settle({ ...state, digits: Math.min(state.digits + 1, to.fraction.length), order });
  }
  if (state.phase === 0 && to.negative && !isZero(to)) return accepts(test, 1);
  const position = state.phase === 2 ? state.digits : 0;
  if (position >= to.integer.length) return accepts(test, state.negative ? -1 : 1);
  const other = to.integer.charCodeAt(position) - 0x30;
  const order = state.order !== 0 ? state.order : digit < other ? -1 : digit > other ? 1 : 0;
  return { ...state, phase: 2, digits: position + 1, order };
}

function integerOrder(state: NumberState, to: Decimal): -1 | 0 | 1 {
  return state.digits < to.integer.length ? -1 : state.order;
}

function settle(state: NumberState): NumberState | boolean {
  if (state.test.kind === 'multiple' || state.order === 0) return state;
  return accepts(state.test, state.negative ? -state.order : state.order);
}
