import type { JsonValue } from '@trocar/core';
import { JsonMachine, type WhiteSpace } from '../automaton/json-machine.js';
import { DecodingError } from '../errors.js';
import { createGrammar, type Grammar } from '../grammar.js';
import { type DecodingLimits, defaultLimits } from '../limits.js';
import { checkSchema } from './check-schema.js';
import { type SchemaOptions, SchemaSemantics } from './semantics.js';

/** How many schemas are prepared at once: compiling shall stay fast for documents with thousands. */
const preparedSchemas = 300;

/** How a JSON Schema is compiled. */
export interface CompileSchemaOptions extends SchemaOptions {
  /** White space between the parts of the text. Default: `any`. */
  readonly whiteSpace?: WhiteSpace;
  readonly limits?: Partial<DecodingLimits>;
}

/**
 * Compiles a JSON Schema (2020-12, 2019-09, draft 7, 6 or 4) to a grammar of the JSON texts that satisfy it.
 *
 * Properties may come in any order, each name once. Constrained numbers are written without exponent. A keyword is
 * exact, judged when its value closes, or refused; `treatments` says which.
 *
 * @throws {DecodingError} `invalid-schema`, `unsupported-keyword`, `unsupported-pattern`, `invalid-pattern`,
 * `reference-not-found`, `reference-loop`, `unsatisfiable-schema`, `limit-exceeded`; with the JSON pointer.
 */
export function compileJsonSchema(schema: JsonValue, options: CompileSchemaOptions = {}): Grammar {
  const limits = { ...defaultLimits, ...options.limits };
  const { draft = 2020, formats = 'assert', whiteSpace = 'any', schemas = {} } = options;
  const first = new SchemaSemantics(schema, { ...options, limits });
  const { treatments, reached } = checkSchema(first, formats === 'assert');
  let semantics: SchemaSemantics | undefined = first;
  const build = () => {
    const machine = new JsonMachine(semantics ?? new SchemaSemantics(schema, { ...options, limits }), {
      limits,
      whiteSpace,
    });
    semantics = undefined;
    return machine;
  };
  const source = { schema, options: { draft, formats, whiteSpace, schemas } } as JsonValue;
  const grammar = createGrammar(build, { kind: 'json-schema', source, limits, treatments });
  const machine = grammar.machine as JsonMachine;
  if (!machine.isSatisfiable) {
    throw new DecodingError('unsatisfiable-schema', 'No value satisfies the schema.', { pointer: '' });
  }
  machine.prepare([...reached].slice(0, preparedSchemas));
  return grammar;
}
