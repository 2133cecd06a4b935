import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCanonicalJson } from '../src/index.js';

describe('toCanonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, ö: 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
    [[1e30, 4.5, 2e-3, 1e-27, -0, 333333333.3333333], '[1e+30,4.5,0.002,1e-27,0,333333333.3333333]'],
    [{ gone: undefined, kept: null }, '{"kept":null}'],
    ['\u000f\n"\\/', '"\\u000f\\n\\"\\\\/"'],
    [true, 'true'],
  ])('writes %j', (value, text) => {
    expect(toCanonicalJson(value)).toBe(text);
  });

  it.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '\ud800',
    1n,
    () => 1,
    Symbol('x'),
    undefined,
    new Map(),
    new Date(0),
  ])('refuses a value that JSON cannot carry (%#)', (value) => {
    expect(() => toCanonicalJson({ value: [value] })).toThrowError(expect.objectContaining({ code: 'not-json' }));
  });

  it('refuses endless nesting instead of exhausting the stack', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => toCanonicalJson(loop)).toThrowError(expect.objectContaining({ code: 'not-json' }));
  });

  it('reads back as the same value and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = toCanonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(toCanonicalJson(reverseKeys(value))).toBe(text);
      }),
    );
  });
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, member]) => [key, reverseKeys(member)]));
}
