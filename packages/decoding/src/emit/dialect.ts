import type { JsonObject, JsonValue } from '@trocar/core';

/** The inference servers that a schema can be written for. */
export type Server = 'vllm' | 'sglang' | 'llama.cpp' | 'ollama' | 'openai' | 'anthropic' | 'tgi' | 'tensorrt-llm';

/** What a server does not hold to, of one keyword at one place. */
export interface Loss {
  /** JSON pointer into the schema that was given. */
  readonly pointer: string;
  readonly keyword: string;
  /**
   * `dropped`: left out, since the server refuses it. `ignored`: sent, but not enforced by every back-end.
   * `narrowed`: changed so that the server allows less than the schema; what it allows still satisfies the schema.
   */
  readonly effect: 'dropped' | 'ignored' | 'narrowed';
}

/** How one server takes schemas. */
export interface Dialect {
  /** Keywords that are sent but may not be enforced. */
  readonly ignored: ReadonlySet<string>;
  /** Keywords that the server refuses, so that they are left out. */
  readonly refused: ReadonlySet<string>;
  /** Whether every object has to list all its properties as required, or at least to be closed. */
  readonly objects: 'as-they-are' | 'closed' | 'closed-and-required';
  /** The fields of the request. */
  request(schema: JsonValue, name: string): JsonObject;
}

// Measured with xgrammar 0.2, the default back-end of vLLM, SGLang and TensorRT-LLM: accepted, not enforced.
const notInXgrammar = [
  'not',
  'if',
  'then',
  'else',
  'oneOf',
  'allOf',
  'contains',
  'minContains',
  'maxContains',
  'uniqueItems',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'unevaluatedProperties',
  'unevaluatedItems',
  'multipleOf',
  '$dynamicRef',
];
const notInGbnf = [...notInXgrammar.filter((keyword) => keyword !== 'allOf'), 'propertyNames', 'patternProperties'];
const bounds = ['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const counts = [
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
];
const logic = ['allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas', 'dependencies', 'oneOf'];
const openNames = ['patternProperties', 'propertyNames', 'unevaluatedProperties', 'unevaluatedItems'];

const asItIs = { objects: 'as-they-are', refused: new Set<string>() } as const;

/** The dialects, by server; each keyword list from the server's documentation or from measurement. */
export const dialects: Readonly<Record<Server, Dialect>> = {
  vllm: { ...asItIs, ignored: new Set(notInXgrammar), request: (json) => ({ structured_outputs: { json } }) },
  sglang: {
    ...asItIs,
    ignored: new Set(notInXgrammar),
    request: (schema) => ({ sampling_params: { json_schema: JSON.stringify(schema) } }),
  },
  'llama.cpp': { ...asItIs, ignored: new Set(notInGbnf), request: (schema) => ({ json_schema: schema }) },
  ollama: { ...asItIs, ignored: new Set(notInGbnf), request: (format) => ({ format }) },
  openai: {
    objects: 'closed-and-required',
    ignored: new Set(),
    refused: new Set([
      ...logic,
      ...openNames,
      'minProperties',
      'maxProperties',
      'uniqueItems',
      'contains',
      'minContains',
      'maxContains',
    ]),
    request: (schema, name) => ({
      response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } },
    }),
  },
  anthropic: {
    objects: 'closed',
    ignored: new Set(),
    refused: new Set([...bounds, ...counts, ...openNames, ...logic.filter((keyword) => keyword !== 'allOf')]),
    request: (schema) => ({ output_config: { format: { type: 'json_schema', schema } } }),
  },
  tgi: {
    ...asItIs,
    ignored: new Set([...notInXgrammar, 'patternProperties', 'propertyNames']),
    request: (value) => ({ parameters: { grammar: { type: 'json', value } } }),
  },
  'tensorrt-llm': {
    ...asItIs,
    ignored: new Set(notInXgrammar),
    request: (schema) => ({ response_format: { type: 'json', schema } }),
  },
};
