import { eventStep } from '../automaton/lexer.js';
import { DecodingError } from '../errors.js';
import type { Engine, Grammar } from '../grammar.js';
import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { listTokens, type MaskStatistics } from './mask-builder.js';
import { type Position, readBytes, type Scratch } from './walk.js';

/** Follows one sequence of tokens through a grammar. */
export interface Matcher {
  /**
   * The tokens that may come next, as a bit mask (bit `id % 32` of word `id / 32`, the layout that sampling kernels
   * expect). The array belongs to the matcher and is overwritten by the next call.
   */
  mask(): Uint32Array;
  /** Whether one token may come next; cheaper than a mask. */
  allows(token: number): boolean;
  /**
   * Takes a token.
   *
   * @throws {DecodingError} `token-not-allowed`, and the matcher is unchanged; `already-complete` after an end token.
   */
  commit(token: number): void;
  /** Whether the text may end here. */
  readonly isComplete: boolean;
  /** Whether an end token was taken. */
  readonly isEnded: boolean;
  /**
   * The bytes that must come next, because there is only one way on (other spellings of the same character not
   * counted); at most 1,024 at a time.
   */
  forcedBytes(): Uint8Array;
  /** Tokens for {@link forcedBytes}, longest first at each place, leaving out the last, which may yet grow. */
  forced(): readonly number[];
  /** Takes back the last tokens. */
  rollback(count: number): void;
  /** An independent matcher at the same place. */
  fork(): Matcher;
  /** The text so far. */
  readonly text: Uint8Array;
  readonly statistics: Readonly<MaskStatistics>;
}

interface Step extends Position {
  readonly length: number;
  readonly ended: boolean;
}

const maximumForced = 1_024;
const quote = 0x22;
const backslash = 0x5c;
// A lexeme is read back from the text, so all of it is kept; 64 MiB are far beyond what a model writes.
const maximumTextBytes = 1 << 26;

/** A matcher at the start of a text. */
export function createMatcher(grammar: Grammar, vocabulary: Vocabulary): Matcher {
  const engine = grammar.open(vocabulary);
  const start: Step = { ...engine.machine.start, length: 0, ended: false };
  return new TokenMatcher(engine, vocabulary, { steps: [start], bytes: new Uint8Array(512) });
}

class TokenMatcher implements Matcher {
  readonly #engine: Engine;
  readonly #vocabulary: Vocabulary;
  readonly #mask: Uint32Array;
  readonly #steps: Step[];
  readonly #text: Scratch;

  constructor(engine: Engine, vocabulary: Vocabulary, from: { steps: Step[]; bytes: Uint8Array }) {
    this.#engine = engine;
    this.#vocabulary = vocabulary;
    this.#mask = new Uint32Array(vocabulary.maskWords);
    this.#steps = from.steps;
    this.#text = { bytes: from.bytes, length: this.#last.length };
  }

  get #last(): Step {
    return this.#steps.at(-1)!;
  }

  get isEnded(): boolean {
    return this.#last.ended;
  }

  get isComplete(): boolean {
    const { lex, frame } = this.#last;
    return this.#engine.machine.isComplete(lex, frame);
  }

  get text(): Uint8Array {
    return this.#text.bytes.slice(0, this.#text.length);
  }

  get statistics(): Readonly<MaskStatistics> {
    return { ...this.#engine.builder.statistics };
  }

  mask(): Uint32Array {
    this.#assertOpen();
    this.#makeRoom(this.#vocabulary.longestToken);
    this.#engine.builder.build(this.#last, this.#text, this.#mask);
    return this.#mask;
  }

  allows(token: number): boolean {
    this.#assertOpen();
    if (this.#vocabulary.endTokens.includes(token)) return this.isComplete;
    const end = this.#read(token);
    this.#text.length = this.#last.length;
    return end !== null;
  }

  commit(token: number): void {
    this.#assertOpen();
    if (this.#vocabulary.endTokens.includes(token)) {
      if (!this.isComplete) throw this.#refuse(token);
      this.#steps.push({ ...this.#last, ended: true });
      return;
    }
    const end = this.#read(token);
    if (end === null) throw this.#refuse(token);
    this.#steps.push({ lex: end.lex, frame: end.frame, length: this.#text.length, ended: false });
  }

  forcedBytes(): Uint8Array {
    this.#assertOpen();
    const start = this.#text.length;
    this.#makeRoom(maximumForced);
    let at: Position = this.#last;
    for (let count = 0; count < maximumForced; count += 1) {
      const next = this.#onlyWay(at);
      if (next === undefined) break;
      at = next;
    }
    const forced = this.#text.bytes.slice(start, this.#text.length);
    this.#text.length = start;
    return forced;
  }

  forced(): readonly number[] {
    const bytes = this.forcedBytes();
    const tokens: number[] = [];
    for (let at = 0; at < bytes.length; ) {
      const { token, length } = longestToken(this.#vocabulary, bytes, at);
      if (length === 0 || at + length >= bytes.length) break;
      tokens.push(token);
      at += length;
    }
    return tokens;
  }

  rollback(count: number): void {
    if (!Number.isInteger(count) || count < 0 || count >= this.#steps.length) {
      const message = `Cannot take back ${count} of ${this.#steps.length - 1} tokens.`;
      throw new DecodingError('invalid-argument', message);
    }
    this.#steps.length -= count;
    this.#text.length = this.#last.length;
  }

  fork(): Matcher {
    const from = { steps: [...this.#steps], bytes: this.#text.bytes.slice() };
    return new TokenMatcher(this.#engine, this.#vocabulary, from);
  }

  /** Reads the one byte that may come, if there is just one and the text may not end instead. */
  #onlyWay(at: Position): Position | undefined {
    const { machine } = this.#engine;
    if (machine.isComplete(at.lex, at.frame)) return undefined;
    const base = this.#text.length;
    let only: Position | undefined;
    let onlyByte = 0;
    const { lexer } = machine;
    // `g` and its escape are one way, not two; what has no spelling but an escape is left to the model.
    const char = lexer.onlyChar(at.lex);
    for (let byte = 0; byte < 256; byte += 1) {
      if (byte === backslash && char >= 0x20 && char !== backslash && char !== quote) continue;
      const step = lexer.step(at.lex, byte);
      if (step === 0) continue;
      const next = step === eventStep ? machine.event(at.lex, at.frame, byte, this.#text, false) : { ...at, lex: step };
      this.#text.length = base;
      if (next === null) continue;
      if (only !== undefined) return undefined;
      only = next;
      onlyByte = byte;
    }
    if (only !== undefined) {
      this.#text.bytes[base] = onlyByte;
      this.#text.length = base + 1;
    }
    return only;
  }

  #read(token: number): Position | null {
    const bytes = token >= 0 && token < this.#vocabulary.size ? this.#vocabulary.bytesOf(token) : new Uint8Array();
    if (bytes.length === 0) return null;
    this.#makeRoom(bytes.length);
    return readBytes(this.#engine.machine, this.#last, bytes, this.#text);
  }

  #makeRoom(count: number): void {
    const needed = this.#text.length + count + 1;
    if (needed <= this.#text.bytes.length) return;
    if (needed > maximumTextBytes) {
      throw new DecodingError('limit-exceeded', `The text is longer than ${maximumTextBytes} bytes.`, {
        limit: 'text',
      });
    }
    const grown = new Uint8Array(Math.max(needed, this.#text.bytes.length * 2));
    grown.set(this.#text.bytes);
    this.#text.bytes = grown;
  }

  #assertOpen(): void {
    if (!this.#last.ended) return;
    throw new DecodingError('already-complete', 'The text has ended. Roll back or create a new matcher.');
  }

  #refuse(token: number): DecodingError {
    const message = `Token ${token} is not allowed after ${this.#last.length} bytes. Choose one of the mask.`;
    return new DecodingError('token-not-allowed', message, { offset: this.#last.length });
  }
}

function longestToken(vocabulary: Vocabulary, bytes: Uint8Array, from: number): { token: number; length: number } {
  const { bytes: edges, ends, tokens, depths } = vocabulary.trie;
  let token = -1;
  let length = 0;
  for (let i = 0; i < edges.length; ) {
    const depth = depths[i]!;
    if (from + depth >= bytes.length || edges[i] !== bytes[from + depth]) {
      i = ends[i]!;
      continue;
    }
    if (tokens[i]! >= 0) {
      token = tokens[i]!;
      length = depth + 1;
    }
    if (i + 1 >= edges.length || depths[i + 1]! <= depth) break;
    i += 1;
  }
  return { token, length };
}

/** The token ids of a mask, ascending. */
export function tokensOf(mask: Uint32Array): Uint32Array {
  return listTokens(mask)!;
}
