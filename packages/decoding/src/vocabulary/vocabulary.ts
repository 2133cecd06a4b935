import { DecodingError } from '../errors.js';
import { MaskPool } from '../mask/mask-pool.js';
import { buildOpeners, buildSlices, buildStringSlice, masksUpTo, type Slice, type StringSlice } from './slices.js';
import { buildTrie, maximumTokenBytes, type Trie, type TrieToken } from './trie.js';
import { buildSpacelessView, type SpacelessView, type TokenView } from './views.js';

/** The tokens of a model, prepared for masks. Made once, shared by any number of grammars and matchers. */
export interface Vocabulary {
  /** Number of token ids, those of special tokens included. */
  readonly size: number;
  /** 32-bit words of a mask: bit `id % 32` of word `id / 32` stands for token `id`. */
  readonly maskWords: number;
  /** Tokens that end the text. */
  readonly endTokens: readonly number[];
  /** The bytes of a token; empty for one that stands for no text. */
  bytesOf(token: number): Uint8Array;
  /** @internal */
  readonly trie: Trie;
  /** @internal Tokens with the same bytes as another, by that one. */
  readonly twins: ReadonlyMap<number, readonly number[]>;
  /** @internal */
  readonly slices: readonly Slice[];
  /** @internal Tokens that no JSON string can contain or close with. */
  readonly outsideString: Trie;
  /** @internal */
  readonly inString: StringSlice;
  /** @internal Masks of the tokens that stay inside a string, by their greatest number of characters. */
  readonly inStringUpTo: readonly Uint32Array[];
  /** @internal All tokens. */
  readonly everything: TokenView;
  /** @internal Tokens for places where white space changes nothing. */
  readonly spaceless: SpacelessView;
  /** @internal Tokens that may close two property names: with three quotes and a comma among them. */
  readonly manyQuotes: ReadonlySet<number>;
  /** @internal Room for the masks that grammars remember. */
  readonly maskPool: MaskPool;
  /** Bytes of the longest token. */
  readonly longestToken: number;
}

/** The tokens of a model. */
export interface VocabularySource {
  /** Bytes by token id; null or empty for tokens that stand for no text and are never allowed. */
  readonly tokens: readonly (Uint8Array | null)[];
  /** Ids that end the text; allowed exactly where the grammar is complete. */
  readonly endTokens: readonly number[];
}

const maximumTokens = 1 << 22;
/** 8 MB for 128,000 tokens. */
const pooledMasks = 512;

/**
 * Prepares a vocabulary: some 0.5 s and 15 MB for 128,000 tokens.
 *
 * @throws {DecodingError} `invalid-vocabulary`.
 */
export function createVocabulary({ tokens, endTokens }: VocabularySource): Vocabulary {
  const size = tokens.length;
  if (size === 0 || size > maximumTokens) throw invalid(`${size} tokens; between 1 and ${maximumTokens} are needed`);
  for (const id of endTokens) {
    if (!Number.isInteger(id) || id < 0 || id >= size) throw invalid(`an end token (${id}) that is no token id`);
  }
  const ends = new Set(endTokens);
  const offsets = new Uint32Array(size + 1);
  tokens.forEach((bytes, id) => {
    offsets[id + 1] = offsets[id]! + (bytes?.length ?? 0);
  });
  const content = new Uint8Array(offsets[size]!);
  const texts: TrieToken[] = [];
  let longestToken = 0;
  tokens.forEach((bytes, id) => {
    if (bytes === null || bytes.length === 0) return;
    content.set(bytes, offsets[id]!);
    if (ends.has(id) || bytes.length > maximumTokenBytes) return;
    longestToken = Math.max(longestToken, bytes.length);
    texts.push({ id, text: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') });
  });
  texts.sort((left, right) => (left.text < right.text ? -1 : left.text > right.text ? 1 : right.id - left.id));
  const { sorted, twins } = withoutTwins(texts);
  const maskWords = (size + 31) >>> 5;
  const trie = buildTrie(sorted);
  const inString = buildStringSlice(sorted);
  return {
    size,
    maskWords,
    endTokens: [...endTokens],
    bytesOf: (token) => content.subarray(offsets[token], offsets[token + 1]),
    trie,
    twins,
    ...buildSlices(sorted, maskWords),
    inString,
    inStringUpTo: masksUpTo(inString.staying, maskWords),
    everything: { trie, openers: buildOpeners(sorted, trie), groups: null },
    spaceless: buildSpacelessView(sorted),
    manyQuotes: new Set(
      sorted.filter(({ text }) => text.includes(',') && text.split('"').length > 3).map(({ id }) => id),
    ),
    maskPool: new MaskPool(maskWords, pooledMasks),
    longestToken,
  };
}

function withoutTwins(texts: readonly TrieToken[]): { sorted: TrieToken[]; twins: Map<number, number[]> } {
  const sorted: TrieToken[] = [];
  const twins = new Map<number, number[]>();
  for (const token of texts) {
    const last = sorted.at(-1);
    if (last?.text !== token.text) sorted.push(token);
    else twins.set(last.id, [...(twins.get(last.id) ?? []), token.id]);
  }
  return { sorted, twins };
}

function invalid(what: string): DecodingError {
  return new DecodingError('invalid-vocabulary', `The vocabulary has ${what}.`);
}
