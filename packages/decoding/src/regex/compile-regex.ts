import { ExpressionStore } from '../automaton/expression-store.js';
import { isAlive } from '../automaton/liveness.js';
import { TextMachine } from '../automaton/text-machine.js';
import { DecodingError } from '../errors.js';
import { createGrammar, type Grammar } from '../grammar.js';
import { type DecodingLimits, defaultLimits } from '../limits.js';
import { wholeLanguage } from './lowering.js';
import { parsePattern } from './parser.js';

/** Limits of a grammar that is no schema. */
export interface CompileOptions {
  readonly limits?: Partial<DecodingLimits>;
}

/**
 * Compiles a regular expression of ECMA-262 (with the `u` flag; no back-references, look-behind or word boundaries) to
 * a grammar of the texts that it matches from start to end.
 *
 * @throws {DecodingError} `invalid-pattern`, `unsupported-pattern`, `unsatisfiable-schema`, `limit-exceeded`.
 */
export function compileRegex(pattern: string, options: CompileOptions = {}): Grammar {
  const limits = { ...defaultLimits, ...options.limits };
  const parsed = parsePattern(pattern, limits);
  const build = () => {
    const store = new ExpressionStore(limits);
    const language = wholeLanguage(store, parsed);
    if (!isAlive(store, language)) throw new DecodingError('unsatisfiable-schema', 'The pattern matches no text.');
    return new TextMachine(store, language, limits);
  };
  return createGrammar(build, { kind: 'regex', source: pattern, limits });
}

/** Compiles a list of texts to the grammar that allows just these. Throws `invalid-argument` for an empty list. */
export function compileChoice(texts: readonly string[], options: CompileOptions = {}): Grammar {
  if (texts.length === 0) throw new DecodingError('invalid-argument', 'A choice needs at least one text.');
  const limits = { ...defaultLimits, ...options.limits };
  const build = () => {
    const store = new ExpressionStore(limits);
    return new TextMachine(store, store.words(texts), limits);
  };
  return createGrammar(build, { kind: 'choice', source: [...texts], limits });
}
