import fc from 'fast-check';
import type { TextEdit } from '../../src/edit/text-edit.js';

/** A text with edits that may be applied to it: in range, disjoint, on whole characters. */
export function arbitraryEdits(texts: fc.Arbitrary<string>): fc.Arbitrary<{ text: string; edits: TextEdit[] }> {
  return fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(), fc.string({ unit: 'grapheme', maxLength: 6 })), { maxLength: 6 }))
    .map(([raw, wanted]) => {
      const text = raw.toWellFormed();
      const boundaries = [0];
      for (const character of text) boundaries.push((boundaries.at(-1) as number) + character.length);
      const places = wanted.map(([seed]) => boundaries[seed % boundaries.length] as number).sort((a, b) => a - b);
      const edits: TextEdit[] = [];
      for (let index = 0; index + 1 < places.length; index += 2) {
        edits.push({
          start: places[index] as number,
          end: places[index + 1] as number,
          text: wanted[index]?.[1] ?? '',
        });
      }
      return { text, edits };
    });
}
