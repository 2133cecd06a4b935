import { digestBytes } from '@trocar/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../src/edit/apply-edits.js';
import { encodeSource } from '../../src/edit/encode-source.js';
import { decodeSource } from '../../src/source/decode-source.js';
import { arbitraryEdits } from './arbitrary-edits.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('applyEdits', () => {
  it('keeps byte order mark, mixed line ends and a missing final newline', () => {
    const source = utf8('\ufeffone\r\ntwo\nthree\r\nlast');
    const edited = applyEdits(source, digestBytes(source), [{ start: 5, end: 8, text: '2' }]);
    if (!edited.ok) throw new Error(edited.problem.message);
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(edited.bytes)).toBe('\ufeffone\r\n2\nthree\r\nlast');
    expect(edited.digest).toBe(digestBytes(edited.bytes));
  });

  it('refuses when the file is not the one the edits were made for', () => {
    const result = applyEdits(utf8('a'), digestBytes(utf8('b')), []);
    expect(result).toMatchObject({ ok: false, problem: { code: 'base-changed' } });
  });

  it('refuses bytes that are no UTF-8', () => {
    const source = new Uint8Array([0x61, 0xff, 0x62]);
    expect(applyEdits(source, digestBytes(source), [])).toMatchObject({ ok: false, problem: { code: 'not-text' } });
  });

  it('passes on what is wrong with the edits', () => {
    const source = utf8('abc');
    const result = applyEdits(source, digestBytes(source), [{ start: 9, end: 9, text: '' }]);
    expect(result).toMatchObject({ ok: false, problem: { code: 'edit-out-of-range' } });
  });

  it('changes no byte outside the spans', () => {
    const texts = fc.array(fc.constantFrom('a', 'é', '日', '😀', '\r\n', '\n', '\r', '\t', '\ufeff', ' '), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(arbitraryEdits(texts.map((parts) => parts.join(''))), fc.boolean(), ({ text, edits }, marked) => {
        const source = encodeSource(text, marked);
        // A text that itself starts with U+FEFF reads back as a file with a byte order mark: another pair of offsets.
        const decoded = decodeSource(source);
        fc.pre(decoded.ok && decoded.text === text);
        const result = applyEdits(source, digestBytes(source), edits);
        if (!result.ok) throw new Error(result.problem.message);
        const head = marked ? 3 : 0;
        const bytesOf = (part: string) => Buffer.from(part, 'utf8');
        const first = Math.min(...edits.map(({ start }) => start), text.length);
        const last = Math.max(...edits.map(({ end }) => end), first);
        const lead = head + bytesOf(text.slice(0, first)).length;
        const tail = bytesOf(text.slice(last)).length;
        expect(Buffer.from(result.bytes.subarray(0, lead))).toEqual(Buffer.from(source.subarray(0, lead)));
        expect(Buffer.from(result.bytes.subarray(result.bytes.length - tail))).toEqual(
          Buffer.from(source.subarray(source.length - tail)),
        );
      }),
    );
  });

  it('gives the same bytes back when there is nothing to edit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (source) => {
        const result = applyEdits(source, digestBytes(source), []);
        if (result.ok) expect(Buffer.from(result.bytes)).toEqual(Buffer.from(source));
        else expect(decodeSource(source).ok).toBe(false);
      }),
    );
  });
});
