import { type DecodingLimits, limitExceeded } from '../limits.js';
import { classOf, cutsOf, derive } from './derivative.js';
import type { Expression } from './expression.js';
import type { ExpressionStore } from './expression-store.js';
import { isAlive } from './liveness.js';

/** What a state of the lexer reads. */
export const LexKind = {
  /** White space, punctuation and the first byte of a value. */
  Structure: 0,
  /** The rest of `true`, `false` or `null`. */
  Literal: 1,
  Number: 2,
  /** Inside a JSON string that is a value. */
  Text: 3,
  /** Inside a JSON string that is a property name. */
  Name: 4,
  /** Plain UTF-8 without JSON around it. */
  Raw: 5,
} as const;

/** One kind of lexer state. */
export type LexKind = (typeof LexKind)[keyof typeof LexKind];

/** Where inside one character the lexer stands: a UTF-8 sequence or an escape that is not finished. */
export interface PartialChar {
  readonly kind: 'utf8' | 'escape' | 'hex' | 'pair-backslash' | 'pair-u';
  /** The range of code points that are still possible. */
  readonly low: number;
  readonly high: number;
  /** Bytes of UTF-8 or hexadecimal digits to come. */
  readonly missing: number;
  /** The high surrogate that a low one must follow, or 0. */
  readonly surrogate: number;
}

/** A state of the lexer. */
export interface LexState {
  readonly id: number;
  readonly kind: LexKind;
  /** `parts[0]` must stay alive; the truth of the others is reported when the lexeme ends. */
  readonly parts: readonly Expression[];
  readonly partial: PartialChar | null;
  /** For literals: what is left to read. For structure: the position. */
  readonly rest: string;
  /** Which literal is read, or how many white space bytes. */
  readonly variant: number;
}

type LexFields = Pick<LexState, 'kind' | 'parts'> & Partial<LexState>;

/** Transition: not worked out yet. */
export const unknownStep = -1;
/** Transition: no text of the language continues so. */
export const deadStep = 0;
/** Transition: the frames decide. */
export const eventStep = -2;

const quote = 0x22;
const backslash = 0x5c;
const spaces: readonly number[] = [0x20, 0x09, 0x0a, 0x0d];
const valueStarts = '"{[-0123456789tfn';
// The bytes that may come at each position between lexemes, besides white space.
const punctuation: Readonly<Record<string, string>> = {
  value: valueStarts,
  'first-item': `${valueStarts}]`,
  'after-item': ',]',
  'first-name': '"}',
  name: '"',
  colon: ':',
  'after-member': ',}',
  end: '',
};
const shortEscapes: Readonly<Record<string, number>> = {
  '"': quote,
  '\\': backslash,
  '/': 0x2f,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
};

/**
 * The byte-level automaton of everything between frames, built as far as it is asked for. `rows[id * 256 + byte]` is the
 * next state, so that the loop over the token trie
 * reads one cell per node.
 */
export class Lexer {
  /** Transitions by state and byte. Replaced by a longer array as states are added. */
  rows: Int32Array = new Int32Array(32 * 256);
  readonly states: LexState[] = [];
  readonly store: ExpressionStore;
  readonly #byKey = new Map<string, number>();
  readonly #limits: DecodingLimits;
  readonly #maximumSpaces: number;

  /** `maximumSpaces` bounds each run of white space between lexemes. */
  constructor(store: ExpressionStore, limits: DecodingLimits, maximumSpaces: number = 0) {
    this.store = store;
    this.#limits = limits;
    this.#maximumSpaces = maximumSpaces;
    this.intern({ kind: LexKind.Structure, parts: [], rest: 'dead' });
  }

  /** The number of the state with these properties. */
  intern(fields: LexFields): number {
    const { kind, parts, partial = null, rest = '', variant = 0 } = fields;
    const inside = partial
      ? `${partial.kind}${partial.low},${partial.high},${partial.missing},${partial.surrogate}`
      : '';
    const key = `${kind};${parts.map((part) => part.id).join()};${inside};${rest};${variant}`;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const id = this.states.length;
    if (id >= this.#limits.lexerStates) throw limitExceeded('lexerStates', this.#limits.lexerStates);
    this.states.push({ id, kind, parts, partial, rest, variant });
    this.#byKey.set(key, id);
    if ((id + 1) * 256 > this.rows.length) {
      const grown = new Int32Array(this.rows.length * 2);
      grown.set(this.rows);
      this.rows = grown;
    }
    for (const [from, to] of candidates(this.states[id]!))
      this.rows.fill(unknownStep, id * 256 + from, id * 256 + to + 1);
    return id;
  }

  /** The first state of a lexeme, or the dead state where no text can follow. */
  start(kind: LexKind, parts: readonly Expression[]): number {
    return isAlive(this.store, parts[0]!) ? this.intern({ kind, parts }) : deadStep;
  }

  /** The next state after one byte: a state, {@link deadStep} or {@link eventStep}. */
  step(id: number, byte: number): number {
    const known = this.rows[id * 256 + byte]!;
    if (known !== unknownStep) return known;
    const next = this.#work(this.states[id]!, byte);
    this.rows[id * 256 + byte] = next;
    return next;
  }

  /** The one code point that may come next inside a string that cannot end here, whatever its spelling; or -1. */
  onlyChar(id: number): number {
    const { kind, partial, parts } = this.states[id]!;
    if ((kind !== LexKind.Text && kind !== LexKind.Name) || partial !== null || parts[0]!.nullable) return -1;
    const cuts = cutsOf(parts[0]!);
    let only = -1;
    for (const [i, cut] of cuts.entries()) {
      if (!isAlive(this.store, derive(this.store, parts[0]!, cut))) continue;
      if (only >= 0 || (cuts[i + 1] ?? 0x110000) - cut > 1) return -1;
      only = cut;
    }
    return only;
  }

  /** Whether the lexeme may end here. */
  mayEnd(id: number): boolean {
    const state = this.states[id]!;
    return state.partial === null && state.parts[0]!.nullable;
  }

  #work(state: LexState, byte: number): number {
    switch (state.kind) {
      case LexKind.Structure:
        return this.#workStructure(state, byte);
      case LexKind.Literal:
        return this.#workLiteral(state, byte);
      case LexKind.Number:
        return this.#workNumber(state, byte);
      default:
        return state.partial === null ? this.#workText(state, byte) : this.#workPartial(state, state.partial, byte);
    }
  }

  #workStructure(state: LexState, byte: number): number {
    if (spaces.includes(byte)) {
      if (this.#maximumSpaces === Number.POSITIVE_INFINITY) return state.id;
      return state.variant < this.#maximumSpaces ? this.intern({ ...state, variant: state.variant + 1 }) : deadStep;
    }
    return punctuation[state.rest]?.includes(String.fromCharCode(byte)) ? eventStep : deadStep;
  }

  #workLiteral(state: LexState, byte: number): number {
    if (state.rest.charCodeAt(0) !== byte) return deadStep;
    return state.rest.length === 1 ? eventStep : this.intern({ ...state, rest: state.rest.slice(1) });
  }

  #workNumber(state: LexState, byte: number): number {
    const isPart = (byte >= 0x30 && byte <= 0x39) || [0x2b, 0x2d, 0x2e, 0x45, 0x65].includes(byte);
    if (isPart) return this.#afterChar(state, byte);
    const ends = [0x20, 0x09, 0x0a, 0x0d, 0x2c, 0x5d, 0x7d].includes(byte);
    return ends && state.parts[0]!.nullable ? eventStep : deadStep;
  }

  #workText(state: LexState, byte: number): number {
    if (byte >= 0x80) return this.#startUtf8(state, byte);
    if (state.kind !== LexKind.Raw) {
      if (byte === quote) return state.parts[0]!.nullable ? eventStep : deadStep;
      if (byte < 0x20) return deadStep;
      if (byte === backslash) return this.#enter(state, 'escape', 0, 0x10ffff, 0);
    }
    return this.#afterChar(state, byte);
  }

  #startUtf8(state: LexState, byte: number): number {
    if (byte < 0xc2 || byte > 0xf4) return deadStep;
    const missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    const bits = byte & (0x3f >> missing);
    const low = Math.max(bits << (6 * missing), missing === 1 ? 0x80 : missing === 2 ? 0x800 : 0x10000);
    return this.#enter(state, 'utf8', low, Math.min(((bits + 1) << (6 * missing)) - 1, 0x10ffff), missing);
  }

  #workPartial(state: LexState, partial: PartialChar, byte: number): number {
    switch (partial.kind) {
      case 'utf8':
        return this.#workUtf8(state, partial, byte);
      case 'escape': {
        if (byte === 0x75) return this.#enter(state, 'hex', 0, 0xffff, 4);
        const codePoint = shortEscapes[String.fromCharCode(byte)];
        return codePoint === undefined ? deadStep : this.#afterChar(state, codePoint);
      }
      case 'hex':
        return this.#workHex(state, partial, byte);
      case 'pair-backslash':
        return byte === backslash ? this.#enter(state, 'pair-u', partial.low, partial.high, 0, partial.surrogate) : 0;
      case 'pair-u':
        return byte === 0x75 ? this.#enter(state, 'hex', 0, 0xffff, 4, partial.surrogate) : deadStep;
    }
  }

  #workUtf8(state: LexState, partial: PartialChar, byte: number): number {
    if (byte < 0x80 || byte > 0xbf) return deadStep;
    const missing = partial.missing - 1;
    const size = 1 << (6 * missing);
    // The lower bound may have been raised past the start of its block, to shut out overlong forms.
    const base = (partial.low >> (6 * partial.missing)) << (6 * partial.missing);
    const low = base + (byte & 0x3f) * size;
    const high = low + size - 1;
    if (high < partial.low || low > partial.high || (low >= 0xd800 && high <= 0xdfff)) return deadStep;
    if (missing === 0) return this.#afterChar(state, low);
    return this.#enter(state, 'utf8', Math.max(low, partial.low), Math.min(high, partial.high), missing);
  }

  #workHex(state: LexState, partial: PartialChar, byte: number): number {
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (Number.isNaN(digit)) return deadStep;
    const missing = partial.missing - 1;
    const size = 16 ** missing;
    const low = partial.low + digit * size;
    const high = low + size - 1;
    const { surrogate } = partial;
    if (surrogate !== 0) {
      if (high < 0xdc00 || low > 0xdfff) return deadStep;
      if (missing === 0) return this.#afterChar(state, (surrogate - 0xd800) * 0x400 + low - 0xdc00 + 0x10000);
      return this.#enter(state, 'hex', low, high, missing, surrogate);
    }
    if (missing > 0) return this.#enter(state, 'hex', low, high, missing);
    if (low >= 0xdc00 && low <= 0xdfff) return deadStep;
    if (low < 0xd800 || low > 0xdfff) return this.#afterChar(state, low);
    return this.#enter(state, 'pair-backslash', low, low, 0, low);
  }

  /** Enters the middle of a character if some character from there keeps the lexeme alive. */
  #enter(
    state: LexState,
    kind: PartialChar['kind'],
    low: number,
    high: number,
    missing: number,
    surrogate: number = 0,
  ): number {
    const partial = {
      kind,
      ...(kind === 'utf8' ? this.#likeBlock(state, low, high) : { low, high }),
      missing,
      surrogate,
    };
    const [from, to] = reachable({ ...partial, low, high });
    const lives =
      this.#anyAlive(state, from, to) || (surrogate === 0 && kind === 'hex' && this.#pairAlive(state, low, high));
    return lives ? this.intern({ ...state, partial }) : deadStep;
  }

  /**
   * The first block of code points that the lexeme treats like `low` to `high`: so that the lead bytes of thousands of
   * characters that are all alike lead to one state.
   */
  #likeBlock(state: LexState, low: number, high: number): { low: number; high: number } {
    const size = high - low + 1;
    let first = 0x80;
    let last = 0x10ffff;
    for (const part of state.parts) {
      const cuts = cutsOf(part);
      const index = classOf(cuts, low);
      first = Math.max(first, cuts[index]!);
      last = Math.min(last, (cuts[index + 1] ?? 0x110000) - 1);
    }
    const start = Math.ceil(first / size) * size;
    const isWholeBlock = Number.isInteger(Math.log2(size)) && low % size === 0;
    const touchesSurrogates = (low <= 0xdfff && high >= 0xd800) || (start <= 0xdfff && start + size > 0xd800);
    if (!isWholeBlock || high > last || start + size - 1 > last || touchesSurrogates) return { low, high };
    return { low: start, high: start + size - 1 };
  }

  #pairAlive(state: LexState, low: number, high: number): boolean {
    if (high < 0xd800 || low > 0xdbff) return false;
    const first = Math.max(low, 0xd800);
    const last = Math.min(high, 0xdbff);
    return this.#anyAlive(state, (first - 0xd800) * 0x400 + 0x10000, (last - 0xd800) * 0x400 + 0x103ff);
  }

  #anyAlive(state: LexState, from: number, to: number): boolean {
    const must = state.parts[0]!;
    const cuts = cutsOf(must);
    for (let i = classOf(cuts, from); i < cuts.length && cuts[i]! <= to; i += 1) {
      const codePoint = Math.max(cuts[i]!, from);
      const last = Math.min((cuts[i + 1] ?? 0x110000) - 1, to);
      if (codePoint >= 0xd800 && last <= 0xdfff) continue;
      if (isAlive(this.store, derive(this.store, must, codePoint))) return true;
    }
    return false;
  }

  #afterChar(state: LexState, codePoint: number): number {
    const must = derive(this.store, state.parts[0]!, codePoint);
    if (!isAlive(this.store, must)) return deadStep;
    if (state.parts.length === 1) return this.intern({ kind: state.kind, parts: [must] });
    const others = state.parts.slice(1).map((part) => derive(this.store, part, codePoint));
    return this.intern({ kind: state.kind, parts: [must, ...others] });
  }
}

type ByteRange = readonly [number, number];

const structureRanges: readonly ByteRange[] = [
  [0x09, 0x0d],
  [0x20, 0x3a],
  [0x5b, 0x7d],
];
const literalRanges: readonly ByteRange[] = [[0x61, 0x7a]];
const numberRanges: readonly ByteRange[] = [
  [0x09, 0x0d],
  [0x20, 0x39],
  [0x45, 0x7d],
];
const textRanges: readonly ByteRange[] = [
  [0x20, 0x7f],
  [0xc2, 0xf4],
];
const rawRanges: readonly ByteRange[] = [
  [0x00, 0x7f],
  [0xc2, 0xf4],
];
const restRanges: readonly ByteRange[] = [[0x80, 0xbf]];
const escapeRanges: readonly ByteRange[] = [[0x22, 0x75]];

/** The only bytes that a state may be able to read: the others need no look at all. */
function candidates({ kind, partial }: LexState): readonly ByteRange[] {
  if (partial !== null) return partial.kind === 'utf8' ? restRanges : escapeRanges;
  switch (kind) {
    case LexKind.Structure:
      return structureRanges;
    case LexKind.Literal:
      return literalRanges;
    case LexKind.Number:
      return numberRanges;
    case LexKind.Raw:
      return rawRanges;
    default:
      return textRanges;
  }
}

/** The code points that a started character may still become. */
function reachable({ kind, low, high, missing, surrogate }: PartialChar): readonly [number, number] {
  if (surrogate === 0) return kind === 'hex' && missing === 4 ? [0, 0x10ffff] : [low, high];
  const block = (surrogate - 0xd800) * 0x400 + 0x10000;
  if (kind !== 'hex' || missing === 4) return [block, block + 0x3ff];
  return [block + Math.max(low, 0xdc00) - 0xdc00, block + Math.min(high, 0xdfff) - 0xdc00];
}
