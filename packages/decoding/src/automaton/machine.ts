import type { Frame, Outcome } from './frame.js';
import type { Lexer } from './lexer.js';

/** The bytes read so far: what a finished lexeme is read back from. */
export interface ByteTail {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** A byte-level automaton with a stack: lexer states for what repeats, frames for what nests. */
export interface Machine {
  readonly lexer: Lexer;
  readonly start: Outcome;
  /**
   * Decides one byte where the lexer cannot; null where no text of the language continues so.
   *
   * `exploring` leaves out of the frames what only the spelling of a free property name decides, so that outcomes can
   * be shared; the few tokens for which that matters are read without it.
   */
  event(lex: number, frame: Frame, byte: number, tail: ByteTail, exploring: boolean): Outcome | null;
  /** Whether the text may end here. */
  isComplete(lex: number, frame: Frame): boolean;
}
