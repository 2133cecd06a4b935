import type { Expression } from '../automaton/expression.js';
import type { ExpressionStore } from '../automaton/expression-store.js';
import type { DecodingLimits } from '../limits.js';
import { searchLanguage } from './lowering.js';
import { parsePattern } from './parser.js';

/** The language of all texts that a JSON Schema `pattern` matches. Throws what parsing and lowering throw. */
export function compilePattern(store: ExpressionStore, source: string, limits: DecodingLimits): Expression {
  return searchLanguage(store, parsePattern(source, limits));
}
