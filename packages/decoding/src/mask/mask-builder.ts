import { type Expression, Op } from '../automaton/expression.js';
import { deadStep, LexKind, type LexState } from '../automaton/lexer.js';
import type { Machine } from '../automaton/machine.js';
import { endlessReach, findReach } from '../automaton/reach.js';
import type { DecodingLimits } from '../limits.js';
import type { Closer, Opener, StringSlice } from '../vocabulary/slices.js';
import { findNode } from '../vocabulary/trie.js';
import type { TokenView } from '../vocabulary/views.js';
import type { Vocabulary } from '../vocabulary/vocabulary.js';
import { type FreeString, findFreeString } from './free-string.js';
import { MaskCache, type MaskEntry } from './mask-cache.js';
import { type Position, readBytes, type Scratch, TrieWalker } from './walk.js';

/** Up to so many tokens a mask is kept as a list. */
const listedTokens = 512;
/** Up to so many exceptional texts a mask is made by correcting that of the usual text. */
const maximumCorrections = 64;
const quote = 0x22;
const space = 0x20;
const encoder = new TextEncoder();

/** Where a walk writes: values of the view's trie into the mask. */
interface Target {
  readonly view: TokenView;
  readonly text: Scratch;
  readonly mask: Uint32Array;
}

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
  readonly #freeStrings = new Map<number, FreeString | null>();

  constructor(machine: Machine, vocabulary: Vocabulary, limits: DecodingLimits) {
    this.#machine = machine;
    this.#vocabulary = vocabulary;
    this.#cache = new MaskCache(vocabulary.maskPool);
    this.#walker = new TrieWalker(machine, limits);
  }

  /** How many masks are remembered. */
  get remembered(): number {
    return this.#cache.size;
  }

  /** Writes the mask of the tokens that may come at `from` into `mask`. */
  build(from: Position, text: Scratch, mask: Uint32Array): void {
    this.statistics.masks += 1;
    const lex = this.#shortLex(from.lex);
    const at = lex === from.lex ? from : { lex, frame: from.frame };
    if (at.frame.tracked) {
      this.#begin(at);
      this.#fresh(at, text, mask);
      this.#finish(at, mask);
      this.#recheck(this.#manyQuotes(mask), at, text, mask);
      return;
    }
    const free = this.#cache.find(lex, at.frame) === undefined ? this.#freeString(at) : undefined;
    if (free === undefined || free.exceptions.size === 0 || free.exceptions.size > maximumCorrections) {
      this.#recheck(this.#cached(at, text, mask).recheck, at, text, mask);
      return;
    }
    // All but a few tokens are the same after any other text in this frame, for which there may be a mask already.
    const { minimum, maximum, usual } = free;
    const { lexer } = this.#machine;
    const counter = lexer.store.repeat(lexer.store.anyOne, minimum, maximum);
    const usualLex = lexer.intern({ kind: lexer.states[lex]!.kind, parts: [counter, ...usual.slice(1)] });
    const base = this.#cached({ lex: usualLex, frame: at.frame }, text, mask);
    const target = { view: this.#vocabulary.everything, text, mask };
    this.#begin(at);
    for (const word of free.exceptions) this.#correct(word, this.#vocabulary.inString, [], at, target);
    this.#levelTwins(mask);
    const recheck = [...new Set([...base.recheck, ...this.#manyQuotes(mask)])];
    const framesBelow = Math.max(base.framesBelow, at.frame.depth - this.#walker.lowestFrame);
    this.#cache.add(lex, at.frame, { tokens: null, pooled: this.#vocabulary.maskPool.add(mask), recheck, framesBelow });
    this.#recheck(recheck, at, text, mask);
  }

  /** Takes the mask from the cache, or works it out and keeps it. */
  #cached(at: Position, text: Scratch, mask: Uint32Array): MaskEntry {
    const known = this.#cache.find(at.lex, at.frame);
    if (known !== undefined) {
      this.statistics.cacheHits += 1;
      this.#copy(known, mask);
      return known;
    }
    this.#begin(at);
    this.#fresh(at, text, mask);
    this.#finish(at, mask);
    const recheck = this.#manyQuotes(mask);
    const tokens = listTokens(mask, listedTokens) ?? null;
    const pooled = tokens === null ? this.#vocabulary.maskPool.add(mask) : null;
    const framesBelow = at.frame.depth - this.#walker.lowestFrame;
    const entry = { tokens, pooled, recheck, framesBelow };
    this.#cache.add(at.lex, at.frame, entry);
    return entry;
  }

  #copy({ tokens, pooled }: MaskEntry, mask: Uint32Array): void {
    if (pooled !== null) {
      this.#vocabulary.maskPool.copy(pooled, mask);
      return;
    }
    mask.fill(0);
    for (const token of tokens!) allow(mask, token);
  }

  #begin(at: Position): void {
    this.#walker.begin(at.frame.depth);
  }

  #finish({ lex, frame }: Position, mask: Uint32Array): void {
    this.#levelTwins(mask);
    if (!this.#machine.isComplete(lex, frame)) return;
    for (const token of this.#vocabulary.endTokens) allow(mask, token);
  }

  #fresh(at: Position, text: Scratch, mask: Uint32Array): void {
    const { lexer } = this.#machine;
    const state = lexer.states[at.lex]!;
    const { everything, spaceless } = this.#vocabulary;
    if (state.partial === null && (state.kind === LexKind.Text || state.kind === LexKind.Name)) {
      const free = this.#freeString(at);
      if (free !== undefined) {
        this.#fromString(free, at, text, mask);
        return;
      }
      if (this.#fromSlice(state, at, text, mask)) return;
    }
    if (state.partial === null && state.kind === LexKind.Raw && this.#fromSlice(state, at, text, mask)) return;
    this.statistics.fullWalks += 1;
    mask.fill(0);
    const ignoresSpace = state.kind === LexKind.Structure && lexer.step(at.lex, space) === at.lex;
    if (ignoresSpace) for (const token of spaceless.blank) allow(mask, token);
    this.#walkAll(ignoresSpace ? spaceless : everything, at, text, mask);
  }

  /** Inside a string that takes every character, which is most of what models write. */
  #fromString(free: FreeString, at: Position, text: Scratch, mask: Uint32Array): void {
    this.statistics.fromStringSlice += 1;
    const { everything, inString, inStringUpTo } = this.#vocabulary;
    mask.set(inStringUpTo[Math.min(free.maximum, inStringUpTo.length - 1)]!);
    const target = { view: everything, text, mask };
    this.#addClosers(free, inString, at, target);
    for (const word of free.exceptions) this.#correct(word, inString, [], at, target);
  }

  /** Walks a view; where the opening quote of a free string is read on the way, its slice spares the rest. */
  #walkAll(view: TokenView, at: Position, text: Scratch, mask: Uint32Array): void {
    const later: { opener: Opener; to: Position; free: FreeString }[] = [];
    const putOff = (node: number, to: Position) => {
      const opener = view.openers.get(node);
      const free = opener && this.#freeString(to);
      if (free === undefined) return false;
      later.push({ opener: opener!, to, free });
      return true;
    };
    const target = { view, text, mask };
    this.#walker.walk(view.trie, at, text, (value) => allowAll(target, value), { putOff });
    const { length } = text;
    for (const { opener, to, free } of later) {
      const { prefix, slice } = opener;
      text.bytes.set(prefix, length);
      text.length = length + prefix.length;
      for (let chars = 1; chars < slice.staying.length && chars <= free.maximum; chars += 1) {
        for (const value of slice.staying[chars]!) allowAll(target, value);
      }
      this.#addClosers(free, slice, to, target);
      for (const word of free.exceptions) this.#correct(word, slice, [...prefix], to, target);
    }
    text.length = length;
  }

  #freeString({ lex, frame }: Position): FreeString | undefined {
    if (frame.tracked) return undefined;
    let free = this.#freeStrings.get(lex);
    if (free === undefined) {
      const { states, store } = this.#machine.lexer;
      const { kind, partial, parts } = states[lex]!;
      const isString = partial === null && (kind === LexKind.Text || kind === LexKind.Name);
      free = (isString ? findFreeString(store, parts) : undefined) ?? null;
      this.#freeStrings.set(lex, free);
    }
    return free ?? undefined;
  }

  #addClosers(free: FreeString, slice: StringSlice, at: Position, target: Target): void {
    // After the quote nothing depends on what the string was, so one state stands for all but the exceptions.
    const { lexer } = this.#machine;
    const closing = lexer.intern({ kind: lexer.states[at.lex]!.kind, parts: free.usual });
    const after = this.#walker.afterEvent({ lex: closing, frame: at.frame }, quote, target.text);
    if (after === null) return;
    const takeGroup = (group: readonly Closer[]) => {
      for (const { token, chars } of group) if (chars >= free.minimum && chars <= free.maximum) allowAll(target, token);
    };
    takeGroup(slice.bare);
    this.#walker.walk(slice.suffixes, after, target.text, (group) => takeGroup(slice.groups[group]!));
  }

  /** Works out anew the tokens that close the string right after `word`; `prefix` is what they have before it. */
  #correct(word: string, slice: StringSlice, prefix: readonly number[], at: Position, target: Target): void {
    if (!slice.closedTexts.has(word)) return;
    const { text, view } = target;
    const { trie } = view;
    for (const value of slice.escaped.get(word) ?? []) {
      if (this.#reads(this.#bytesOf(view, value).subarray(prefix.length), at, text)) allowAll(target, value);
      else forbidAll(target, value);
    }
    const bytes = encoder.encode(word);
    const node = findNode(trie, [...prefix, ...bytes, quote]);
    if (node < 0) return;
    for (let i = node; i < trie.ends[node]!; i += 1) if (trie.tokens[i]! >= 0) forbidAll(target, trie.tokens[i]!);
    const { length } = text;
    let { lex } = at;
    for (const byte of bytes) {
      lex = this.#machine.lexer.step(lex, byte);
      if (lex <= 0) break;
      text.bytes[text.length] = byte;
      text.length += 1;
    }
    const from = { lex, frame: at.frame };
    if (lex > 0) this.#walker.walk(trie, from, text, (value) => allowAll(target, value), { root: node });
    text.length = length;
  }

  /** The bytes by which a view reads a value. */
  #bytesOf(view: TokenView, value: number): Uint8Array {
    if (view.groups === null) return this.#vocabulary.bytesOf(value);
    const bytes = this.#vocabulary.bytesOf(view.groups[value]![0]!);
    return bytes.subarray(bytes.findIndex((byte) => byte > space));
  }

  #fromSlice(state: LexState, at: Position, text: Scratch, mask: Uint32Array): boolean {
    const content = state.parts[0]!;
    const { slices, outsideString } = this.#vocabulary;
    content.reach ??= new Int16Array(slices.length).fill(-2);
    for (const [i, slice] of slices.entries()) {
      if (content.reach[i] === -2) content.reach[i] = findReach(this.#machine.lexer.store, content, slice.chars);
      const reach = content.reach[i]!;
      if (reach < 1) continue;
      this.statistics.fromSlice += 1;
      mask.set(slice.upTo[Math.min(reach === endlessReach ? slice.longest : reach, slice.longest)]!);
      const take = (token: number) => allow(mask, token);
      this.#walker.walk(slice.rest, at, text, take);
      if (state.kind === LexKind.Raw) this.#walker.walk(outsideString, at, text, take);
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

  #levelTwins(mask: Uint32Array): void {
    for (const [token, twins] of this.#vocabulary.twins) {
      const change = isAllowed(mask, token) ? allow : forbid;
      for (const twin of twins) change(mask, twin);
    }
  }

  /** The tokens for which the spelling of a free property name may matter. */
  #manyQuotes(mask: Uint32Array): readonly number[] {
    if (!this.#walker.sawFreeName) return [];
    return [...this.#vocabulary.manyQuotes].filter((token) => isAllowed(mask, token));
  }

  #recheck(tokens: readonly number[], at: Position, text: Scratch, mask: Uint32Array): void {
    for (const token of tokens) {
      if (this.#reads(this.#vocabulary.bytesOf(token), at, text)) continue;
      for (const id of [token, ...(this.#vocabulary.twins.get(token) ?? [])]) forbid(mask, id);
    }
  }

  /** Whether the automaton can read these bytes, without shortcuts. */
  #reads(bytes: Uint8Array, at: Position, text: Scratch): boolean {
    const { length } = text;
    const end = readBytes(this.#machine, at, bytes, text);
    text.length = length;
    return end !== null;
  }
}

function allow(mask: Uint32Array, token: number): void {
  mask[token >>> 5]! |= 1 << (token & 31);
}

function forbid(mask: Uint32Array, token: number): void {
  mask[token >>> 5]! &= ~(1 << (token & 31));
}

function allowAll({ view, mask }: Target, value: number): void {
  if (view.groups === null) allow(mask, value);
  else for (const token of view.groups[value]!) allow(mask, token);
}

function forbidAll({ view, mask }: Target, value: number): void {
  for (const token of view.groups === null ? [value] : view.groups[value]!) forbid(mask, token);
}

function isAllowed(mask: Uint32Array, token: number): boolean {
  return (mask[token >>> 5]! & (1 << (token & 31))) !== 0;
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
