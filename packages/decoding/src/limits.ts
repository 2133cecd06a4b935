import { DecodingError } from './errors.js';

/** Upper bounds that hold for one compiled grammar, while it is compiled and while it is used. */
export interface DecodingLimits {
  /** JSON values in a schema, all of it counted. */
  readonly schemaNodes: number;
  /** Levels of nesting of a schema, a pattern's groups, or alternatives within alternatives. */
  readonly schemaDepth: number;
  /** UTF-16 units in a pattern or a grammar text. */
  readonly sourceLength: number;
  /** Nodes of the expression algebra and their operands, derivatives included. */
  readonly expressionNodes: number;
  /** Nodes of the formulas that object and array frames hold, and their operands. */
  readonly formulaNodes: number;
  /** States of the byte-level automaton, 1 KB each; new texts start afresh from a quarter of it on. */
  readonly lexerStates: number;
  /** The largest bound of a quantifier, `maxLength`, `maxItems` and their kin. */
  readonly repetition: number;
  /** Levels of nesting in the text that is generated or validated. */
  readonly outputDepth: number;
  /** Transitions outside of ready tables that one mask or one commit may need. */
  readonly maskSteps: number;
}

/** The limits that hold where the caller names none. */
export const defaultLimits: DecodingLimits = {
  schemaNodes: 1_000_000,
  schemaDepth: 256,
  sourceLength: 1_048_576,
  expressionNodes: 1_000_000,
  formulaNodes: 4_000_000,
  lexerStates: 50_000,
  repetition: 1_000_000_000,
  outputDepth: 512,
  maskSteps: 2_000_000,
};

/** The error for a limit that was reached. */
export function limitExceeded(limit: keyof DecodingLimits, maximum: number): DecodingError {
  return new DecodingError('limit-exceeded', `The limit \`${limit}\` (${maximum}) is reached. Simplify the grammar.`, {
    limit,
  });
}
