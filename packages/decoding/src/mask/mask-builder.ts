import { type Expression, Op } from '../automaton/expression.js';
import { deadStep, LexKind, type LexState } from '../automaton/lexer.js';
import type { Machine } from '../automaton/machine.js';
import { endlessReach, findReach } from '../automaton/reach.js';
import type { DecodingLimits } from '../limits.js';
import type { Closer } from '../vocabulary/slices.js';
import { findNode } from '../vocabulary/trie.js';
import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { MaskCache, type MaskEntry } from './mask-cache.js';
import { findFreeString } from './free-string.js';
import { type Position, readBytes, type Scratch, TrieWalker } from './walk.js';

/** Up to so many tokens a mask is kept as a list. */
const listedTokens = 512;
const quote = 0x22;
const encoder = new TextEncoder();

/** How masks came about, for benchmarks and for the record of a model call. */
export interface MaskStatistics {
  masks: number;
  cacheHits: number;
  /** Masks that needed no walk over the vocabulary, only over what follows a closing quote. */
  fromStringSlice: number;
  fromSlice: number;
  fullWalks: number;
}

/** Works out masks for one machine and one vocabulary, and remembers them. Shared by all matchers of a grammar. */
export class MaskBuilder {
  readonly statistics: MaskStatistics = { masks: 0, cacheHits: 0, fromStringSlice: 0, fromSlice: 0, fullWalks: 0 };
  readonly #machine: Machine;
  readonly #vocabulary: Vocabulary;
  readonly #cache: MaskCache;
  readonly #walker: TrieWalker;
  readonly #shortened = new Map<number, number>();

  constructor(machine: Machine, vocabulary: Vocabulary, options: { limits: DecodingLimits; cacheBytes: number }) {
    this.#machine = machine;
    this.#vocabulary = vocabulary;
    this.#cache = new MaskCache(options.cacheBytes);
    this.#walker = new TrieWalker(machine, options.limits);
  }

  /** Memory of the remembered masks. */
  get cacheBytes(): number {
    return this.#cache.sizeBytes;
  }

  /** Writes the mask of the tokens that may come at `from` into `mask`. */
  build(from: Position, text: Scratch, mask: Uint32Array): void {
    this.statistics.masks += 1;
    const lex = this.#shortLex(from.lex);
    const at = lex === from.lex ? from : { lex, frame: from.frame };
    const known = from.frame.tracked ? undefined : this.#cache.find(lex, from.frame);
    if (known !== undefined) {
      this.statistics.cacheHits += 1;
      copyEntry(known, mask);
      this.#recheck(known.recheck, at, text, mask);
      return;
    }
    this.#walker.begin(from.frame.depth);
    this.#fresh(at, text, mask);
    this.#addTwins(mask);
    if (this.#machine.isComplete(lex, from.frame)) {
      for (const token of this.#vocabulary.endTokens) mask[token >>> 5]! |= 1 << (token & 31);
    }
    const recheck = this.#walker.sawFreeName ? this.#allowedManyQuotes(mask) : [];
    if (!from.frame.tracked) this.#remember(at, mask, recheck);
    this.#recheck(recheck, at, text, mask);
  }

  #fresh(at: Position, text: Scratch, mask: Uint32Array): void {
    const state = this.#machine.lexer.states[at.lex]!;
    const take = (token: number) => {
      mask[token >>> 5]! |= 1 << (token & 31);
    };
    if (state.partial === null && (state.kind === LexKind.Text || state.kind === LexKind.Name)) {
      if (this.#fromString(state, at, text, mask)) return;
      if (this.#fromSlice(state, at, text, mask, take)) return;
    }
    if (state.partial === null && state.kind === LexKind.Raw && this.#fromSlice(state, at, text, mask, take)) return;
    this.statistics.fullWalks += 1;
    mask.fill(0);
    this.#walker.walk(this.#vocabulary.trie, at, text, take);
  }

  /** Inside a string that takes every character, which is most of what models write. */
  #fromString(state: LexState, at: Position, text: Scratch, mask: Uint32Array): boolean {
    const { lexer } = this.#machine;
    const free = at.frame.tracked ? undefined : findFreeString(lexer.store, state.parts);
    if (free === undefined) return false;
    this.statistics.fromStringSlice += 1;
    const { inString } = this.#vocabulary;
    mask.set(inString.upTo[Math.min(free.maximum, inString.longest)]!);
    // After the quote nothing depends on what the string was, so one state stands for all but the exceptions.
    const closing = lexer.intern({ kind: state.kind, parts: free.usual });
    const after = this.#walker.afterEvent({ lex: closing, frame: at.frame }, quote, text);
    if (after !== null) {
      const takeAll = (group: readonly Closer[]) => {
        for (const { token, chars } of group) {
          if (chars >= free.minimum && chars <= free.maximum) mask[token >>> 5]! |= 1 << (token & 31);
        }
      };
      takeAll(inString.bare);
      this.#walker.walk(inString.suffixes, after, text, (group) => takeAll(inString.groups[group]!));
    }
    for (const word of free.exceptions) this.#correct(word, at, text, mask);
    return true;
  }

  /** Works out anew the tokens that close the string right after `word`. */
  #correct(word: string, at: Position, text: Scratch, mask: Uint32Array): void {
    const { trie, inString } = this.#vocabulary;
    for (const token of inString.escaped.get(word) ?? []) this.#reread(token, at, text, mask);
    const bytes = encoder.encode(word);
    const node = findNode(trie, [...bytes, quote]);
    if (node < 0) return;
    for (let i = node; i < trie.ends[node]!; i += 1) {
      const token = trie.tokens[i]!;
      if (token >= 0) mask[token >>> 5]! &= ~(1 << (token & 31));
    }
    let { lex } = at;
    const { length } = text;
    for (const byte of bytes) {
      lex = this.#machine.lexer.step(lex, byte);
      if (lex <= 0) return;
      text.bytes[text.length] = byte;
      text.length += 1;
    }
    this.#walker.walk(trie, { lex, frame: at.frame }, text, (token) => {
      mask[token >>> 5]! |= 1 << (token & 31);
    }, node);
    text.length = length;
  }

  #fromSlice(state: LexState, at: Position, text: Scratch, mask: Uint32Array, take: (token: number) => void): boolean {
    const content = state.parts[0]!;
    const { slices } = this.#vocabulary;
    content.reach ??= new Int16Array(slices.length).fill(-2);
    for (const [i, slice] of slices.entries()) {
      if (content.reach[i] === -2) content.reach[i] = findReach(this.#machine.lexer.store, content, slice.chars);
      const reach = content.reach[i]!;
      if (reach < 1) continue;
      this.statistics.fromSlice += 1;
      mask.set(slice.upTo[Math.min(reach === endlessReach ? slice.longest : reach, slice.longest)]!);
      this.#walker.walk(slice.rest, at, text, take);
      return true;
    }
    return false;
  }

  /**
   * The state that stands for this one in masks: a counter beyond the longest token is as good as the longest token,
   * so that a string of at most 5,000 characters needs no 5,000 masks.
   */
  #shortLex(lex: number): number {
    const state = this.#machine.lexer.states[lex]!;
    if (state.parts.length !== 1) return lex;
    let short = this.#shortened.get(lex);
    if (short === undefined) {
      const part = this.#shortExpression(state.parts[0]!);
      short = part === state.parts[0] ? lex : this.#machine.lexer.intern({ ...state, parts: [part] });
      this.#shortened.set(lex, short);
    }
    return short === deadStep ? lex : short;
  }

  #shortExpression(expression: Expression): Expression {
    const { store } = this.#machine.lexer;
    const bound = this.#vocabulary.longestToken + 1;
    if (expression.op === Op.And) return store.and(expression.items.map((item) => this.#shortExpression(item)));
    if (expression.op !== Op.Repeat) return expression;
    const { minimum, maximum } = expression;
    const most = maximum === Number.POSITIVE_INFINITY || maximum <= bound ? maximum : 2 * bound;
    if (most === maximum && minimum <= bound) return expression;
    return store.repeat(expression.items[0]!, Math.min(minimum, bound), most);
  }

  #addTwins(mask: Uint32Array): void {
    for (const [token, twins] of this.#vocabulary.twins) {
      if ((mask[token >>> 5]! & (1 << (token & 31))) === 0) continue;
      for (const twin of twins) mask[twin >>> 5]! |= 1 << (twin & 31);
    }
  }

  #allowedManyQuotes(mask: Uint32Array): readonly number[] {
    const tokens = [...this.#vocabulary.manyQuotes];
    return tokens.filter((token) => (mask[token >>> 5]! & (1 << (token & 31))) !== 0);
  }

  #recheck(tokens: readonly number[], at: Position, text: Scratch, mask: Uint32Array): void {
    for (const token of tokens) {
      this.#reread(token, at, text, mask);
      const allowed = mask[token >>> 5]! & (1 << (token & 31));
      for (const twin of this.#vocabulary.twins.get(token) ?? []) {
        if (allowed === 0) mask[twin >>> 5]! &= ~(1 << (twin & 31));
      }
    }
  }

  /** Reads one token byte by byte and sets or clears its bit. */
  #reread(token: number, at: Position, text: Scratch, mask: Uint32Array): void {
    const { length } = text;
    const end = readBytes(this.#machine, at, this.#vocabulary.bytesOf(token), text);
    text.length = length;
    if (end === null) mask[token >>> 5]! &= ~(1 << (token & 31));
    else mask[token >>> 5]! |= 1 << (token & 31);
  }

  #remember(at: Position, mask: Uint32Array, recheck: readonly number[]): void {
    let entry: MaskEntry;
    const tokens = listTokens(mask, listedTokens);
    if (tokens === undefined) entry = { tokens: null, words: mask.slice(), recheck };
    else entry = { tokens, words: null, recheck };
    this.#cache.add(at.lex, at.frame, this.#walker.lowestFrame, entry);
  }
}

function copyEntry({ tokens, words }: MaskEntry, mask: Uint32Array): void {
  if (words !== null) {
    mask.set(words);
    return;
  }
  mask.fill(0);
  for (const token of tokens!) mask[token >>> 5]! |= 1 << (token & 31);
}

/** The tokens of a mask; undefined where there are more than `maximum`. */
export function listTokens(mask: Uint32Array, maximum: number = Number.POSITIVE_INFINITY): Uint32Array | undefined {
  const tokens: number[] = [];
  for (let word = 0; word < mask.length; word += 1) {
    for (let bits = mask[word]!; bits !== 0; bits &= bits - 1) {
      if (tokens.length >= maximum) return undefined;
      tokens.push(word * 32 + (31 - Math.clz32(bits & -bits)));
    }
  }
  return Uint32Array.from(tokens);
}
