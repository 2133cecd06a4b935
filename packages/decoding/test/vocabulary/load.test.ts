import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVocabulary, fromByteUnicode, fromGguf, fromTiktokenRanks, fromTokenizerJson } from '../../src/index.js';
import { readStringContent } from '../../src/vocabulary/string-content.js';
import { buildTrie, findNode } from '../../src/vocabulary/trie.js';

const shown = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString('latin1'));
const invalid = expect.objectContaining({ code: 'invalid-vocabulary' });

describe('createVocabulary', () => {
  it('keeps bytes by id', () => {
    const tokens = [Uint8Array.of(0x61), null, Uint8Array.of(0x62, 0xff), new Uint8Array()];
    const vocabulary = createVocabulary({ tokens, endTokens: [1] });
    expect([0, 1, 2, 3].map((id) => shown(vocabulary.bytesOf(id)))).toEqual(['a', '', 'bÿ', '']);
    expect(vocabulary).toMatchObject({ size: 4, maskWords: 1, endTokens: [1], longestToken: 2 });
  });

  it.each([
    [{ tokens: [], endTokens: [] }],
    [{ tokens: [null], endTokens: [1] }],
    [{ tokens: [null], endTokens: [-1] }],
    [{ tokens: [null], endTokens: [0.5] }],
  ])('refuses %j', (source) => {
    expect(() => createVocabulary(source)).toThrow(invalid);
  });
});

describe('the trie', () => {
  it('holds every token once and finds nothing else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '"'), minLength: 1, maxLength: 5 })),
        (texts) => {
          const sorted = texts.sort().map((text, id) => ({ id, text }));
          const trie = buildTrie(sorted);
          for (const { id, text } of sorted) expect(trie.tokens[findNode(trie, [...Buffer.from(text)])]).toBe(id);
          expect([...trie.tokens].filter((id) => id >= 0)).toHaveLength(texts.length);
          expect(findNode(trie, [0x7a])).toBe(-1);
        },
      ),
    );
  });
});

describe('readStringContent', () => {
  it.each([
    ['abc', { chars: 3, closedAt: -1, plain: true }],
    ['a"b', { chars: 1, closedAt: 1, plain: true }],
    ['\\n"', { chars: 1, closedAt: 2, plain: false }],
    ['\xc3\xa4x', { chars: 2, closedAt: -1, plain: true }],
    ['x\xe4\xb8', { chars: 2, closedAt: -1, plain: false }],
    ['\\u00', { chars: 1, closedAt: -1, plain: false }],
    ['\\ud83d', { chars: 1, closedAt: -1, plain: false }],
    ['\\ud83d\\ude00', { chars: 1, closedAt: -1, plain: false }],
    ['\\ud83d\\ud', { chars: 1, closedAt: -1, plain: false }],
    ['\\', { chars: 1, closedAt: -1, plain: false }],
    ['\\ud83dx', undefined],
    ['\\ude00', undefined],
    ['\\uzz', undefined],
    ['\\x', undefined],
    ['a\n', undefined],
    ['\x80', undefined],
    ['\xed\xa0', undefined],
    ['\xc3a', undefined],
    ['\xf0\x80', undefined],
    ['\xf4\x90', undefined],
    ['\xe0\x80', undefined],
  ])('%j', (text, content) => {
    expect(readStringContent(text)).toEqual(content);
  });
});

describe('fromByteUnicode', () => {
  it('undoes the mapping of byte-level vocabularies', () => {
    expect(shown(fromByteUnicode('Ġhello') ?? null)).toBe(' hello');
    expect(shown(fromByteUnicode('ÃĦĊ') ?? null)).toBe('\xc3\x84\n');
    expect(fromByteUnicode('中')).toBeUndefined();
  });
});

describe('fromTiktokenRanks', () => {
  it('reads lines of bytes and ranks', () => {
    const source = fromTiktokenRanks('IQ== 0\nIg== 1\r\n\nYWI= 3\n', [4]);
    expect(source.tokens.map(shown)).toEqual(['!', '"', null, 'ab', null]);
    expect(source.endTokens).toEqual([4]);
  });

  it('names the line that it cannot read', () => {
    expect(() => fromTiktokenRanks('IQ== 0\n? 1', [])).toThrow(/Line 2/);
  });
});

describe('fromTokenizerJson', () => {
  it('reads byte-level vocabularies', () => {
    const source = fromTokenizerJson(
      {
        model: { type: 'BPE', vocab: { Ġa: 0, b: 2 } },
        pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Split' }, { type: 'ByteLevel' }] },
        added_tokens: [
          { id: 3, content: '<|end|>', special: true },
          { id: 4, content: 'ä', special: false },
        ],
      },
      [3],
    );
    expect(source.tokens.map(shown)).toEqual([' a', null, 'b', null, '\xc3\xa4']);
  });

  it('reads SentencePiece vocabularies', () => {
    const source = fromTokenizerJson(
      {
        model: {
          vocab: [
            ['<unk>', 0],
            ['▁the', -1],
            ['<0x0A>', -2],
          ],
        },
        decoder: null,
      },
      [],
    );
    expect(source.tokens.map(shown)).toEqual(['<unk>', ' the', '\n']);
  });

  it.each([
    [3],
    [{ model: 1 }],
    [{ model: {} }],
    [{ model: { vocab: { a: -1 } } }],
    [{ model: { vocab: { a: 'x' } } }],
    [{ model: { vocab: [1] } }],
    [{ model: { vocab: {} }, added_tokens: [{ id: 1 }] }],
    [{ model: { vocab: {} }, added_tokens: [1] }],
  ])('refuses %j', (json) => {
    expect(() => fromTokenizerJson(json, [])).toThrow(invalid);
  });
});

/** Writes the metadata of a GGUF file. */
function gguf(pairs: readonly (readonly [string, number, unknown])[], version = 3): Uint8Array {
  const parts: Buffer[] = [];
  const int = (value: number) => parts.push(Buffer.from(Int32Array.of(value).buffer));
  const count = (value: number) => parts.push(Buffer.from(BigInt64Array.of(BigInt(value)).buffer));
  const text = (value: string) => {
    count(Buffer.byteLength(value));
    parts.push(Buffer.from(value));
  };
  int(0x46554747);
  int(version);
  count(0);
  count(pairs.length);
  for (const [key, type, value] of pairs) {
    text(key);
    int(type);
    if (type === 8) text(value as string);
    else if (type === 9) {
      const list = value as readonly (string | number)[];
      int(typeof list[0] === 'string' ? 8 : 5);
      count(list.length);
      for (const one of list) typeof one === 'string' ? text(one) : int(one);
    } else if (type === 6) parts.push(Buffer.from(Float32Array.of(value as number).buffer));
    else if (type === 7) parts.push(Buffer.of(1));
    else int(value as number);
  }
  return Buffer.concat(parts);
}

describe('fromGguf', () => {
  const tokens = ['Ġa', 'b', '<|end|>'];
  const full = [
    ['general.name', 8, 'toy'],
    ['a.rate', 6, 0.5],
    ['a.flag', 7, true],
    ['tokenizer.ggml.model', 8, 'gpt2'],
    ['tokenizer.ggml.tokens', 9, tokens],
    ['tokenizer.ggml.token_type', 9, [1, 1, 3]],
    ['tokenizer.ggml.eos_token_id', 4, 2],
    ['tokenizer.ggml.eot_token_id', 4, 2],
  ] as const;

  it('reads byte-level and SentencePiece vocabularies', () => {
    const source = fromGguf(gguf(full));
    expect(source.tokens.map(shown)).toEqual([' a', 'b', null]);
    expect(source.endTokens).toEqual([2]);
    const plain = gguf([
      ['tokenizer.ggml.model', 8, 'llama'],
      ['tokenizer.ggml.tokens', 9, ['▁x', '<0x41>']],
    ]);
    expect(fromGguf(plain).tokens.map(shown)).toEqual([' x', 'A']);
  });

  it('refuses what is none, is cut off, or has no vocabulary', () => {
    const whole = gguf(full);
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => fromGguf(whole.subarray(0, length))).toThrow(invalid);
    }
    expect(() => fromGguf(gguf(full, 1))).toThrow(invalid);
    expect(() => fromGguf(gguf([['x', 13, 0]]))).toThrow(invalid);
    expect(() => fromGguf(gguf([['tokenizer.ggml.model', 8, 'bert']]))).toThrow(invalid);
    const huge = gguf([]);
    new DataView(huge.buffer, huge.byteOffset).setBigUint64(16, 1n << 40n, true);
    expect(() => fromGguf(huge)).toThrow(invalid);
  });
});
