import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTextEdits, findEditProblem, sortEdits, type TextEdit } from '../../src/edit/text-edit.js';
import { arbitraryEdits } from './arbitrary-edits.js';

describe('applyTextEdits', () => {
  it('replaces, inserts and deletes at once', () => {
    const edits: TextEdit[] = [
      { start: 6, end: 11, text: 'there' },
      { start: 0, end: 0, text: '> ' },
      { start: 5, end: 6, text: '' },
    ];
    expect(applyTextEdits('hello world', edits)).toEqual({ ok: true, text: '> hellothere' });
  });

  it('keeps the order of insertions at one place and puts them before a replacement there', () => {
    const edits: TextEdit[] = [
      { start: 1, end: 2, text: 'X' },
      { start: 1, end: 1, text: 'a' },
      { start: 1, end: 1, text: 'b' },
    ];
    expect(applyTextEdits('123', edits)).toEqual({ ok: true, text: '1abX3' });
  });

  const refused: readonly (readonly [string, string, TextEdit[], string])[] = [
    [
      'overlap',
      'abcdef',
      [
        { start: 0, end: 3, text: '' },
        { start: 2, end: 4, text: '' },
      ],
      'edits-overlap',
    ],
    [
      'insertion inside a replacement',
      'abcdef',
      [
        { start: 0, end: 3, text: '' },
        { start: 1, end: 1, text: 'x' },
      ],
      'edits-overlap',
    ],
    ['end before start', 'abc', [{ start: 2, end: 1, text: '' }], 'edit-out-of-range'],
    ['end past the text', 'abc', [{ start: 0, end: 4, text: '' }], 'edit-out-of-range'],
    ['negative start', 'abc', [{ start: -1, end: 0, text: '' }], 'edit-out-of-range'],
    ['a fraction', 'abc', [{ start: 0.5, end: 1, text: '' }], 'edit-out-of-range'],
    ['not a number', 'abc', [{ start: Number.NaN, end: 1, text: '' }], 'edit-out-of-range'],
    ['start in a surrogate pair', 'a😀b', [{ start: 2, end: 3, text: '' }], 'edit-splits-character'],
    ['end in a surrogate pair', 'a😀b', [{ start: 0, end: 2, text: '' }], 'edit-splits-character'],
    ['a lone surrogate inserted', 'ab', [{ start: 1, end: 1, text: '\ud800' }], 'not-text'],
  ];
  it.each(refused)('refuses %s', (_, text, edits, code) => {
    const result = applyTextEdits(text, edits);
    expect(result).toMatchObject({ ok: false, problem: { code } });
    expect(findEditProblem(text, edits)?.code).toBe(code);
  });

  it('leaves everything outside the spans alone', () => {
    fc.assert(
      fc.property(arbitraryEdits(fc.string({ unit: 'binary', maxLength: 60 })), ({ text, edits }) => {
        const result = applyTextEdits(text, edits);
        if (!result.ok) throw new Error(result.problem.message);
        // Take the pieces between the spans out of both texts: they have to be the same.
        let before = 0;
        let after = 0;
        for (const edit of sortEdits(edits)) {
          const kept = text.slice(before, edit.start);
          expect(result.text.slice(after, after + kept.length)).toBe(kept);
          expect(result.text.slice(after + kept.length, after + kept.length + edit.text.length)).toBe(edit.text);
          before = edit.end;
          after += kept.length + edit.text.length;
        }
        expect(result.text.slice(after)).toBe(text.slice(before));
      }),
    );
  });

  it('gives the same text in whatever order disjoint edits are named', () => {
    fc.assert(
      fc.property(arbitraryEdits(fc.string({ maxLength: 40 })), ({ text, edits }) => {
        const distinct = edits.filter((edit, index) => edits.findIndex(({ start }) => start === edit.start) === index);
        expect(applyTextEdits(text, [...distinct].reverse())).toEqual(applyTextEdits(text, distinct));
      }),
    );
  });
});
