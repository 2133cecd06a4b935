import type { DecodingLimits } from '../limits.js';
import type { Expression } from './expression.js';
import type { ExpressionStore } from './expression-store.js';
import { type Frame, FrameStore, type Outcome } from './frame.js';
import { Lexer, LexKind } from './lexer.js';
import type { Machine } from './machine.js';

/** Reads plain UTF-8 texts of a regular language: one lexeme, no frames to speak of. */
export class TextMachine implements Machine {
  readonly lexer: Lexer;
  readonly start: Outcome;

  constructor(store: ExpressionStore, language: Expression, limits: DecodingLimits) {
    this.lexer = new Lexer(store, limits);
    const frames = new FrameStore();
    const content = { formulas: [], name: null, seen: frames.noNames, tracked: false, members: [] };
    const frame = frames.push(null, { kind: 'document', ...content });
    this.start = { lex: this.lexer.start(LexKind.Raw, [language]), frame };
  }

  event(): Outcome | null {
    return null;
  }

  isComplete(lex: number, _frame: Frame): boolean {
    return this.lexer.mayEnd(lex);
  }
}
