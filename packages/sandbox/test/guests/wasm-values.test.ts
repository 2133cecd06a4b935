import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromGuestValue, toGuestValue } from '../../src/guests/wasm-values.js';

describe('arguments', () => {
  const cases: readonly (readonly [
    Parameters<typeof toGuestValue>[0],
    string | number | bigint,
    number | bigint | undefined,
  ])[] = [
    ['i32', '42', 42],
    ['i32', '-1', -1],
    ['i32', '4294967295', -1],
    ['i32', '0xff', 255],
    ['i32', '4294967296', undefined],
    ['i32', '1.5', undefined],
    ['i32', 1.5, undefined],
    ['i32', '', undefined],
    ['i32', 7n, 7],
    ['i64', '18446744073709551615', -1n],
    ['i64', '-9223372036854775808', -(2n ** 63n)],
    ['i64', '18446744073709551616', undefined],
    ['i64', 2 ** 60, undefined],
    ['f64', 'nan', Number.NaN],
    ['f64', '-Infinity', Number.NEGATIVE_INFINITY],
    ['f32', '+inf', Number.POSITIVE_INFINITY],
    ['f32', '1e3', 1000],
    ['f32', 2n, 2],
    ['f64', 0.5, 0.5],
    ['f64', 'x', undefined],
    ['f64', ' ', undefined],
    ['v128', '1', undefined],
    ['reference', '1', undefined],
  ];
  for (const [kind, given, wanted] of cases)
    it(`${kind} from ${typeof given} ${given}`, () => expect(toGuestValue(kind, given)).toEqual(wanted));
});

describe('results', () => {
  it('keep 64-bit integers exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        expect(BigInt(fromGuestValue(value) as string | number)).toBe(value);
      }),
    );
  });

  it('show what JSON has no number for', () => {
    expect([Number.NaN, Number.POSITIVE_INFINITY, -0, 1.5, null, undefined, () => {}].map(fromGuestValue)).toEqual([
      'NaN',
      'Infinity',
      '-0',
      1.5,
      null,
      null,
      '[function]',
    ]);
  });
});
