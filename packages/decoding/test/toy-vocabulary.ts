import { createVocabulary, type Vocabulary } from '../src/index.js';

/** Fragments as byte-pair encodings have them: words with and without a space, punctuation runs, parts of characters. */
const fragments = [
  'a',
  'b',
  'ab',
  'abc',
  'name',
  ' name',
  'age',
  'id',
  'x',
  'y',
  'xy',
  'the',
  ' the',
  'true',
  'false',
  'null',
  'tr',
  'ue',
  ' true',
  '10',
  '42',
  '100',
  '007',
  '-',
  '-1',
  '.5',
  '1.',
  'e5',
  'E+',
  '0.25',
  ' ',
  '  ',
  '\n',
  '\n  ',
  '\t',
  '\r\n',
  '{"',
  '{',
  '}',
  '{}',
  '[]',
  '[',
  ']',
  '["',
  '[{"',
  '"}',
  '"]',
  '"},{"',
  '","',
  '":"',
  '":',
  '": "',
  '":{"',
  '":[',
  '":""',
  '",',
  '", "',
  '"',
  ' "',
  '"a',
  '"b',
  '"name',
  ' "name',
  '""',
  '"""',
  '"a":1,"',
  '"a":1,"a":',
  'a":1,"b":2',
  '","a":"b","a"',
  ',',
  ', ',
  ':',
  ': ',
  '}}',
  '}]',
  ']]',
  '},',
  '],',
  '}\n',
  '\\',
  '\\n',
  '\\"',
  '\\u',
  '\\u00',
  '\\u0061',
  '\\u00e4',
  '\\ud83d',
  '\\ude00',
  '\\ud83d\\ude00',
  '\\u0061"',
  'a\\',
  'b"',
  'ab"',
  'c",',
  'ä',
  'äö',
  '中文',
  '😀',
  'é"',
  '/',
  'https',
  '://',
  '@',
  '2024',
  '-01',
  '-01-02',
  'T',
  ':00',
  'Z',
  'foo',
  'bar',
  'foobar',
  'baz',
  'qux',
  '_',
  '.',
  '\u0000',
  'enum',
];

function tokensOf(): Uint8Array[] {
  const encoder = new TextEncoder();
  const tokens = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  for (const fragment of fragments) tokens.push(encoder.encode(fragment));
  // Characters cut in two, a cut character after text, and one token twice.
  const emoji = encoder.encode('😀');
  tokens.push(emoji.subarray(0, 2), emoji.subarray(2), Uint8Array.of(0x61, 0xc3), Uint8Array.of(0xa4, 0x22));
  tokens.push(encoder.encode('"}'), encoder.encode('"}'), Uint8Array.of(0xed, 0xa0), Uint8Array.of(0xf5, 0x80));
  return tokens;
}

const tokens = tokensOf();

/** Id of the token that ends a text. */
export const endToken = tokens.length;

/** A vocabulary of every byte and some two hundred tokens, small enough to try every token at every state. */
export const toyVocabulary: Vocabulary = createVocabulary({
  tokens: [...tokens, null, null],
  endTokens: [endToken],
});

/** Cuts a text into tokens, the longest at each place first. */
export function tokenize(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  const ids: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    let best = bytes[at]!;
    for (const [id, token] of tokens.entries()) {
      const fits =
        token.length > toyVocabulary.bytesOf(best).length && token.every((byte, i) => bytes[at + i] === byte);
      if (fits) best = id;
    }
    ids.push(best);
    at += toyVocabulary.bytesOf(best).length;
  }
  return ids;
}
