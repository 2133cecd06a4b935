import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, printDecimal } from '../../src/automaton/decimal.js';
import {
  type NumberState,
  type NumberTest,
  passesNumber,
  readNumberChar,
  startNumber,
} from '../../src/automaton/number-test.js';

function passes(test: NumberTest, literal: string): boolean {
  let state: NumberState | boolean = startNumber(test);
  for (const char of literal) {
    if (typeof state === 'boolean') return state;
    state = readNumberChar(state, char.codePointAt(0)!);
  }
  return typeof state === 'boolean' ? state : passesNumber(state);
}

/** Thousandths as a whole number: what the literals below can have. */
function thousandths(literal: string): bigint {
  const { negative, integer, fraction } = parseDecimal(literal)!;
  const value = BigInt(integer + fraction.padEnd(3, '0'));
  return negative ? -value : value;
}

const literal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.integer({ min: 0, max: 2_000 }),
    fc.constantFrom('', '.0', '.5', '.25', '.250', '.125', '.007'),
  )
  .map((parts) => parts.join(''));

describe('number tests', () => {
  it('compare like exact arithmetic', () => {
    fc.assert(
      fc.property(literal, literal, fc.boolean(), fc.boolean(), fc.boolean(), (left, right, below, equal, above) => {
        const test: NumberTest = { kind: 'compare', to: parseDecimal(right)!, accept: { below, equal, above } };
        const difference = thousandths(left) - thousandths(right);
        expect(passes(test, left)).toBe(difference < 0n ? below : difference > 0n ? above : equal);
      }),
      { numRuns: 2_000 },
    );
  });

  it('tell multiples like exact arithmetic', () => {
    fc.assert(
      fc.property(literal, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 3 }), (left, unit, scale) => {
        const step = BigInt(unit) * 10n ** BigInt(3 - scale);
        expect(passes({ kind: 'multiple', unit, scale }, left)).toBe(thousandths(left) % step === 0n);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['', '-', '1.2.3', '--1', '.5', '1-', 'x'])('pass nothing that is no literal: %j', (text) => {
    expect(passes({ kind: 'multiple', unit: 1, scale: 1 }, text)).toBe(false);
  });
});

describe('decimals', () => {
  it.each([
    ['1e2', '100'],
    ['-1.50', '-1.5'],
    ['1.25e1', '12.5'],
    ['5E-3', '0.005'],
    ['123e-2', '1.23'],
    ['-0.0', '0'],
    ['0.1e1', '1'],
  ])('reads %s as %s', (text, plain) => {
    expect(printDecimal(parseDecimal(text)!)).toBe(plain);
  });

  it.each(['', 'x', '1e9999', '0x1'])('refuses %j', (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  });
});
