import type { Frame } from '../automaton/frame.js';
import { deadStep, eventStep, type Lexer, LexKind, unknownStep } from '../automaton/lexer.js';
import type { ByteTail, Machine } from '../automaton/machine.js';
import { type DecodingLimits, limitExceeded } from '../limits.js';
import { maximumTokenBytes, type Trie } from '../vocabulary/trie.js';

/** A place to read on from. */
export interface Position {
  readonly lex: number;
  readonly frame: Frame;
}

/** The text read so far, with room behind it for the bytes of tokens that are tried. */
export interface Scratch extends ByteTail {
  bytes: Uint8Array;
  length: number;
}

/** What a walk may leave out. */
export interface WalkOptions {
  /** Only the subtree at this node, before whose byte the walk starts. */
  readonly root?: number;
  /** Asked at each quote that leads to `to`: true leaves its subtree to the caller. */
  readonly putOff?: (node: number, to: Position) => boolean;
}

/** Walks token tries along the automaton. One object per matcher, since it keeps its working arrays. */
export class TrieWalker {
  /** Depth of the outermost frame that the last walks looked at. */
  lowestFrame = 0;
  /** Whether a free property name ended on the way, whose spelling was left out. */
  sawFreeName = false;
  readonly #machine: Machine;
  readonly #limits: DecodingLimits;
  readonly #lexes = new Int32Array(maximumTokenBytes + 2);
  // Numbers into #met instead of the frames themselves: storing an object costs a write barrier at every node.
  readonly #frames = new Int32Array(maximumTokenBytes + 2);
  #met: Frame[] = [];
  #budget = 0;

  constructor(machine: Machine, limits: DecodingLimits) {
    this.#machine = machine;
    this.#limits = limits;
  }

  /** Starts a new mask from a frame of this depth. */
  begin(depth: number): void {
    this.lowestFrame = depth;
    this.sawFreeName = false;
    this.#budget = this.#limits.maskSteps;
  }

  /**
   * Calls `take` with the value of `trie.tokens` at each node that the automaton can read.
   */
  walk(trie: Trie, from: Position, text: Scratch, take: (value: number) => void, options: WalkOptions = {}): void {
    const { root = -1, putOff } = options;
    const { bytes, depths, ends, tokens } = trie;
    const { lexer } = this.#machine;
    const lexes = this.#lexes;
    const frames = this.#frames;
    const top = root < 0 ? 0 : depths[root]!;
    const base = text.length - top;
    const count = root < 0 ? bytes.length : ends[root]!;
    let { rows } = lexer;
    lexes[top] = from.lex;
    this.#met = [from.frame];
    frames[top] = 0;
    let i = Math.max(root, 0);
    while (i < count) {
      const depth = depths[i]!;
      const byte = bytes[i]!;
      const lex = lexes[depth]!;
      // The one hot load: known transitions need nothing else.
      let next = rows[(lex << 8) | byte]!;
      if (next > 0) {
        frames[depth + 1] = frames[depth]!;
      } else if (next !== deadStep) {
        next = this.#slowStep(lexer, depth, byte, text, base, next);
        rows = lexer.rows;
        if (byte === 0x22 && next > 0 && putOff?.(i, { lex: next, frame: this.#met[frames[depth + 1]!]! })) {
          const token = tokens[i]!;
          if (token >= 0) take(token);
          i = ends[i]!;
          continue;
        }
      }
      if (next === deadStep) {
        i = ends[i]!;
        continue;
      }
      text.bytes[base + depth] = byte;
      lexes[depth + 1] = next;
      const token = tokens[i]!;
      if (token >= 0) take(token);
      i += 1;
    }
    text.length = base + top;
  }

  #slowStep(lexer: Lexer, depth: number, byte: number, text: Scratch, base: number, known: number): number {
    this.#budget -= 1;
    if (this.#budget < 0) throw limitExceeded('maskSteps', this.#limits.maskSteps);
    const lex = this.#lexes[depth]!;
    const number = this.#frames[depth]!;
    const frame = this.#met[number]!;
    const next = known === unknownStep ? lexer.step(lex, byte) : known;
    if (next !== eventStep) {
      this.#frames[depth + 1] = number;
      return next;
    }
    text.length = base + depth;
    const outcome = this.#event(lex, frame, byte, text);
    if (outcome === null) return deadStep;
    if (outcome.frame === frame) this.#frames[depth + 1] = number;
    else this.#frames[depth + 1] = this.#met.push(outcome.frame) - 1;
    return outcome.lex;
  }

  #event(lex: number, frame: Frame, byte: number, text: Scratch): Position | null {
    const outcome = this.#machine.event(lex, frame, byte, text, true);
    if (outcome === null) {
      // A closing brace or bracket may be refused by the frame below.
      const judge = byte === 0x7d || byte === 0x5d ? Math.max(0, frame.depth - 1) : frame.depth;
      this.lowestFrame = Math.min(this.lowestFrame, judge);
      return null;
    }
    this.lowestFrame = Math.min(this.lowestFrame, outcome.frame.depth, frame.depth);
    const state = this.#machine.lexer.states[lex]!;
    if (state.kind === LexKind.Name && !state.parts[1]!.nullable) this.sawFreeName = true;
    return outcome;
  }

  /** What an event leads to, counted like one of a walk. */
  afterEvent(from: Position, byte: number, text: Scratch): Position | null {
    return this.#event(from.lex, from.frame, byte, text);
  }
}

/** Reads bytes one by one from `from`, without shortcuts: the reference that every mask has to agree with. */
export function readBytes(machine: Machine, from: Position, bytes: Uint8Array, text: Scratch): Position | null {
  let { lex, frame } = from;
  const base = text.length;
  for (const byte of bytes) {
    const next = machine.lexer.step(lex, byte);
    if (next === eventStep) {
      const outcome = machine.event(lex, frame, byte, text, false);
      if (outcome === null) {
        text.length = base;
        return null;
      }
      ({ lex, frame } = outcome);
    } else if (next === deadStep) {
      text.length = base;
      return null;
    } else {
      lex = next;
    }
    text.bytes[text.length] = byte;
    text.length += 1;
  }
  return { lex, frame };
}
