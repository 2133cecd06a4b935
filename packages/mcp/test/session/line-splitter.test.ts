import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLineSplitter } from '../../src/session/line-splitter.js';

const chunk = fc.array(fc.constantFrom(0x0a, 0x61, 0xc3, 0xa9), { maxLength: 12 }).map((bytes) => Buffer.from(bytes));

it('gives the same lines however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 10 }), fc.integer({ min: 1, max: 20 }), (chunks, maximum) => {
      const seen: (string | undefined)[] = [];
      const splitter = createLineSplitter(maximum, {
        line: (text) => void seen.push(text),
        tooLong: () => void seen.push(undefined),
      });
      for (const part of chunks) splitter.push(part);
      const whole = Buffer.concat(chunks);
      const expected: (string | undefined)[] = [];
      for (let start = 0, end = whole.indexOf(0x0a); end >= 0; start = end + 1, end = whole.indexOf(0x0a, start)) {
        const line = whole.subarray(start, end);
        expected.push(line.length > maximum ? undefined : line.toString('utf8'));
      }
      expect(seen).toEqual(expected);
    }),
  );
});
