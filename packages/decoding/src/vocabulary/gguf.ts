import { DecodingError } from '../errors.js';
import { fromByteUnicode } from './byte-unicode.js';
import { fromSentencePiece } from './sentence-piece.js';
import type { VocabularySource } from './vocabulary.js';

// Bytes of the fixed-size value types, by their number (GGUF specification, version 3).
const sizes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };
const textType = 8;
const arrayType = 9;
const controlToken = 3;
const maximumEntries = 1 << 22;

/**
 * Reads the vocabulary from the metadata of a GGUF file (versions 2 and 3). The first megabytes of the file are
 * enough, as far as they contain the metadata.
 *
 * @throws {DecodingError} `invalid-vocabulary`: no GGUF, cut off, or without a vocabulary of a kind that is known
 * (`gpt2`: byte-level; `llama`: SentencePiece).
 */
export function fromGguf(bytes: Uint8Array): VocabularySource {
  const reader = new GgufReader(bytes);
  const metadata = reader.metadata();
  const model = metadata.get('tokenizer.ggml.model');
  const list = metadata.get('tokenizer.ggml.tokens');
  const types = metadata.get('tokenizer.ggml.token_type');
  const end = metadata.get('tokenizer.ggml.eos_token_id');
  const turnEnd = metadata.get('tokenizer.ggml.eot_token_id');
  if (!Array.isArray(list) || (model !== 'gpt2' && model !== 'llama')) {
    throw invalid('The GGUF file has no vocabulary of a kind that is known.');
  }
  const read = model === 'gpt2' ? fromByteUnicode : fromSentencePiece;
  const tokens = list.map((token, id) => {
    const isControl = Array.isArray(types) && types[id] === controlToken;
    return isControl || typeof token !== 'string' ? null : (read(token) ?? null);
  });
  const endTokens = [end, turnEnd].filter((id): id is number => typeof id === 'number' && id < tokens.length);
  return { tokens, endTokens: [...new Set(endTokens)] };
}

type Value = string | number | readonly (string | number)[];

class GgufReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  metadata(): ReadonlyMap<string, Value> {
    const magic = this.#uint32();
    const version = this.#uint32();
    if (magic !== 0x46554747 || version < 2 || version > 3) throw invalid('This is no GGUF file of version 2 or 3.');
    this.#count();
    const pairs = this.#count();
    const result = new Map<string, Value>();
    for (let i = 0; i < pairs; i += 1) {
      const key = this.#text();
      const type = this.#uint32();
      result.set(key, type === arrayType ? this.#array() : this.#scalar(type));
    }
    return result;
  }

  #array(): readonly (string | number)[] {
    const type = this.#uint32();
    const count = this.#count();
    const values: (string | number)[] = [];
    for (let i = 0; i < count; i += 1) values.push(this.#scalar(type));
    return values;
  }

  #scalar(type: number): string | number {
    if (type === textType) return this.#text();
    const size = sizes[type];
    if (size === undefined) throw invalid('The GGUF file has a value of a type that is not known.');
    const at = this.#take(size);
    // Only token types and ids are of interest, which are 32-bit integers.
    return size === 4 && type !== 6 ? this.#view.getInt32(at, true) : 0;
  }

  #text(): string {
    const length = this.#count();
    const at = this.#take(length);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length).toString();
  }

  #uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  #count(): number {
    const value = Number(this.#view.getBigUint64(this.#take(8), true));
    if (value > maximumEntries) throw invalid('The GGUF file has a count that is too large.');
    return value;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw invalid('The GGUF file ends within its metadata.');
    this.#at = at + count;
    return at;
  }
}

function invalid(message: string): DecodingError {
  return new DecodingError('invalid-vocabulary', message);
}
