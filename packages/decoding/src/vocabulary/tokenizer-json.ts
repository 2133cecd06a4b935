import type { JsonObject, JsonValue } from '@trocar/core';
import { DecodingError } from '../errors.js';
import { fromByteUnicode } from './byte-unicode.js';
import { fromSentencePiece } from './sentence-piece.js';
import type { VocabularySource } from './vocabulary.js';

const maximumId = 1 << 22;

/**
 * Reads a `tokenizer.json` of Hugging Face tokenizers: BPE, WordPiece or Unigram, byte-level or SentencePiece.
 * Special tokens stand for no text. `endTokens` are those that end a text; the file does not tell.
 *
 * @throws {DecodingError} `invalid-vocabulary`.
 */
export function fromTokenizerJson(tokenizer: JsonValue, endTokens: readonly number[]): VocabularySource {
  const root = asObject(tokenizer, 'The tokenizer');
  const entries = entriesOf(asObject(root.model, 'Its model').vocab);
  const isByteLevel = mentions(root.pre_tokenizer, 'ByteLevel') || mentions(root.decoder, 'ByteLevel');
  const tokens: (Uint8Array | null)[] = [];
  for (const [token, id] of entries) {
    tokens[checkId(id)] = (isByteLevel ? fromByteUnicode(token) : fromSentencePiece(token)) ?? null;
  }
  for (const added of Array.isArray(root.added_tokens) ? root.added_tokens : []) {
    const { id, content, special } = asObject(added as JsonValue, 'An added token');
    if (typeof content !== 'string') throw invalid('An added token has no content.');
    tokens[checkId(id)] = special === true ? null : new TextEncoder().encode(content);
  }
  return { tokens: Array.from(tokens, (bytes) => bytes ?? null), endTokens };
}

function entriesOf(vocab: JsonValue | undefined): readonly (readonly [string, JsonValue | undefined])[] {
  if (!Array.isArray(vocab)) return Object.entries(asObject(vocab, 'Its vocabulary'));
  return vocab.map((pair, id) => {
    const token: unknown = Array.isArray(pair) ? pair[0] : undefined;
    if (typeof token !== 'string') throw invalid(`Entry ${id} of its vocabulary is no pair of token and score.`);
    return [token, id];
  });
}

/** Whether a component, or one in its sequence, is of this type. */
function mentions(component: JsonValue | undefined, type: string): boolean {
  if (typeof component !== 'object' || component === null) return false;
  const { type: own, pretokenizers, decoders } = component as JsonObject;
  const parts = [pretokenizers, decoders].flatMap((list) => (Array.isArray(list) ? list : []));
  return own === type || parts.some((part) => (part as JsonObject | null)?.type === type);
}

function asObject(value: JsonValue | undefined, what: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalid(`${what} is no object.`);
}

function checkId(id: JsonValue | undefined): number {
  if (typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < maximumId) return id;
  throw invalid('A token id is no whole number in range.');
}

function invalid(message: string): DecodingError {
  return new DecodingError('invalid-vocabulary', message);
}
