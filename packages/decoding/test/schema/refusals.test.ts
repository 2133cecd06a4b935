import type { JsonValue } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { compileJsonSchema, type DecodingErrorCode, validate } from '../../src/index.js';

function nest(depth: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  let schema: JsonValue = { type: 'integer' };
  for (let i = 0; i < depth; i += 1) schema = wrap(schema);
  return schema;
}

const refusals: readonly (readonly [name: string, schema: JsonValue, code: DecodingErrorCode, data?: object])[] = [
  ['a number as schema', 3, 'invalid-schema'],
  ['a list below', { properties: { a: [] } }, 'invalid-schema', { pointer: '/properties/a' }],
  ['a type that does not exist', { type: 'text' }, 'invalid-schema', { pointer: '/type', keyword: 'type' }],
  ['minLength below zero', { minLength: -1 }, 'invalid-schema', { pointer: '/minLength' }],
  ['minLength as text', { minLength: '1' }, 'invalid-schema'],
  ['maximum as text', { items: { maximum: '1' } }, 'invalid-schema', { pointer: '/items/maximum' }],
  ['enum as object', { enum: {} }, 'invalid-schema'],
  ['required as text', { required: 'a' }, 'invalid-schema'],
  ['required with a number', { required: [1] }, 'invalid-schema'],
  ['properties as list', { properties: [] }, 'invalid-schema'],
  ['pattern as number', { pattern: 1 }, 'invalid-schema'],
  ['uniqueItems as text', { uniqueItems: 'yes' }, 'invalid-schema'],
  ['an empty anyOf', { anyOf: [] }, 'invalid-schema'],
  ['anyOf as object', { anyOf: {} }, 'invalid-schema'],
  ['not as list', { not: [{}] }, 'invalid-schema'],
  ['multipleOf zero', { multipleOf: 0 }, 'invalid-schema'],
  ['dependentRequired with a number', { dependentRequired: { a: [1] } }, 'invalid-schema'],
  [
    'a pattern that is invalid',
    { properties: { 'a/b': { pattern: 'foo**' } } },
    'invalid-pattern',
    { pointer: '/properties/a~1b/pattern' },
  ],
  [
    'a name pattern that is invalid',
    { patternProperties: { '(': true } },
    'invalid-pattern',
    { pointer: '/patternProperties/(' },
  ],
  ['a pattern with a back-reference', { pattern: '(a)\\1' }, 'unsupported-pattern', { keyword: 'back-references' }],
  [
    'multipleOf with too many digits',
    { multipleOf: 1.2345678901234567 },
    'unsupported-keyword',
    { keyword: 'multipleOf' },
  ],
  ['a reference to nothing', { $ref: '#/$defs/a' }, 'reference-not-found'],
  ['a reference to no anchor', { $ref: '#a' }, 'reference-not-found'],
  ['a reference to the network', { $ref: 'https://example.com/s.json' }, 'reference-not-found'],
  ['a reference through a number', { minimum: 1, $ref: '#/minimum/x' }, 'reference-not-found'],
  ['a reference that is no URI', { $ref: 'http://[' }, 'reference-not-found'],
  ['a reference with a broken escape', { $ref: '#/%zz' }, 'reference-not-found'],
  ['a reference to itself', { $ref: '#' }, 'reference-loop'],
  [
    'references in a circle',
    { $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } }, $ref: '#/$defs/a' },
    'reference-loop',
  ],
  ['false', false, 'unsatisfiable-schema'],
  ['no type left', { allOf: [{ type: 'string' }, { type: 'integer' }] }, 'unsatisfiable-schema'],
  ['bounds out of order', { type: 'integer', minimum: 3, maximum: 2 }, 'unsatisfiable-schema'],
  ['lengths out of order', { type: 'string', minLength: 3, maxLength: 2 }, 'unsatisfiable-schema'],
  ['no multiple in a range', { type: 'integer', minimum: 1, maximum: 6, multipleOf: 7 }, 'unsatisfiable-schema'],
  [
    'patterns that exclude each other',
    { type: 'string', allOf: [{ pattern: '^a' }, { pattern: '^b' }] },
    'unsatisfiable-schema',
  ],
  [
    'a required property that is forbidden',
    { type: 'object', required: ['a'], properties: { a: false } },
    'unsatisfiable-schema',
  ],
  ['more required than allowed', { type: 'object', required: ['a', 'b'], maxProperties: 1 }, 'unsatisfiable-schema'],
  [
    'more properties than names',
    { type: 'object', minProperties: 2, properties: { a: true }, additionalProperties: false },
    'unsatisfiable-schema',
  ],
  ['items that cannot be', { type: 'array', items: false, minItems: 1 }, 'unsatisfiable-schema'],
  [
    'alternatives that are all forbidden',
    {
      type: 'object',
      properties: { a: false, b: false },
      anyOf: [
        { required: ['a'], properties: { a: false } },
        { required: ['b'], properties: { b: false } },
      ],
    },
    'unsatisfiable-schema',
  ],
  ['nesting without end', nest(300, (not) => ({ not })), 'limit-exceeded', { limit: 'schemaDepth' }],
  ['a bound without measure', { maxLength: 1e12 }, 'limit-exceeded', { limit: 'repetition' }],
  [
    'a long chain of references',
    {
      $defs: Object.fromEntries(
        Array.from({ length: 400 }, (_, i) => [`d${i}`, i === 399 ? {} : { $ref: `#/$defs/d${i + 1}` }]),
      ),
      $ref: '#/$defs/d0',
    },
    'limit-exceeded',
    { limit: 'schemaDepth' },
  ],
];

describe('what is refused', () => {
  const rows = refusals.map(([name, schema, code, data = {}]) => ({ name, schema, code, data }));

  it.each(rows)('$name', ({ schema, code, data }) => {
    expect(() => compileJsonSchema(schema)).toThrow(
      expect.objectContaining({ code, data: expect.objectContaining(data) }),
    );
  });

  it('names the limits on size', () => {
    const schema = {
      properties: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`p${i}`, { type: 'integer' }])),
    };
    expect(() => compileJsonSchema(schema, { limits: { schemaNodes: 10 } })).toThrow(
      expect.objectContaining({ data: { limit: 'schemaNodes' } }),
    );
    expect(() => compileJsonSchema(schema, { limits: { formulaNodes: 10 } })).toThrow(
      expect.objectContaining({ data: { limit: 'formulaNodes' } }),
    );
    const grammar = compileJsonSchema({ pattern: '^[a-z]*b{1,40}$' }, { limits: { lexerStates: 15 } });
    expect(() => validate(grammar, `"${'b'.repeat(30)}"`)).toThrow(
      expect.objectContaining({ data: { limit: 'lexerStates' } }),
    );
  });
});

describe('what is not refused', () => {
  it('looks references up in the given map', () => {
    const schemas = { 'https://example.com/s.json': { $defs: { a: { type: 'integer' } } } };
    const grammar = compileJsonSchema({ $ref: 'https://example.com/s.json#/$defs/a' }, { schemas });
    expect(validate(grammar, '1').valid).toBe(true);
    expect(validate(grammar, '"a"').valid).toBe(false);
  });

  it('follows a metaschema that leaves assertions out', () => {
    const schemas = {
      'https://example.com/meta': {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $vocabulary: { 'https://json-schema.org/draft/2020-12/vocab/applicator': true },
      },
    };
    const schema = {
      $schema: 'https://example.com/meta',
      type: 'integer',
      properties: { a: { minimum: 3 }, b: false },
    };
    const grammar = compileJsonSchema(schema, { schemas });
    expect(validate(grammar, '{"a":1}').valid).toBe(true);
    expect(validate(grammar, '{"b":1}').valid).toBe(false);
    for (const text of ['"x"', 'true', '[1]']) expect(validate(grammar, text).valid).toBe(true);
  });

  it('finds references into what is no keyword', () => {
    const grammar = compileJsonSchema({ 'x-own': { a: { type: 'integer' } }, $ref: '#/x-own/a' });
    expect(validate(grammar, '1').valid).toBe(true);
    expect(validate(grammar, 'true').valid).toBe(false);
  });

  it('tells how each keyword is treated', () => {
    const grammar = compileJsonSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'array',
      uniqueItems: true,
      items: { format: 'date', title: 'A day' },
      'x-own': 1,
    });
    expect(grammar.treatments).toEqual([
      { pointer: '/type', keyword: 'type', treatment: 'exact' },
      { pointer: '/uniqueItems', keyword: 'uniqueItems', treatment: 'at-close' },
      { pointer: '/items', keyword: 'items', treatment: 'exact' },
      { pointer: '/x-own', keyword: 'x-own', treatment: 'annotation' },
      { pointer: '/items/format', keyword: 'format', treatment: 'exact' },
      { pointer: '/items/title', keyword: 'title', treatment: 'annotation' },
    ]);
    expect(grammar.digest).toMatch(/^sha256:/);
    expect(grammar.digest).toBe(grammar.digest);
  });

  it('takes enums of 100,000 values and long lists of alternatives', () => {
    const values = Array.from({ length: 100_000 }, (_, i) => `value ${i}`);
    const grammar = compileJsonSchema({ enum: values });
    expect(validate(grammar, '"value 99999"').valid).toBe(true);
    expect(validate(grammar, '"value 100000"').valid).toBe(false);
    const alternatives = compileJsonSchema({ anyOf: Array.from({ length: 20_000 }, (_, i) => ({ const: `v${i}` })) });
    expect(validate(alternatives, '"v19999"').valid).toBe(true);
  });

  it('takes maxLength and maxItems of any size', () => {
    const grammar = compileJsonSchema({ type: 'array', maxItems: 900_000_000, items: { maxLength: 5_000 } });
    expect(validate(grammar, JSON.stringify(['a'.repeat(5_000)])).valid).toBe(true);
    expect(validate(grammar, JSON.stringify(['a'.repeat(5_001)])).valid).toBe(false);
  });

  it('bounds the nesting of texts, not of the stack', () => {
    const deep = `${'['.repeat(400)}${']'.repeat(400)}`;
    expect(validate(compileJsonSchema(true), deep).valid).toBe(true);
    expect(validate(compileJsonSchema(true, { limits: { outputDepth: 100 } }), deep)).toEqual({
      valid: false,
      offset: 100,
    });
    expect(validate(compileJsonSchema({}), '{"a":'.repeat(600)).valid).toBe(false);
  });
});
