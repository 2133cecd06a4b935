import type { JsonValue } from '@trocar/core';

/** A schema, and texts that satisfy it or do not. One table for validation, masks and emitters. */
export interface SchemaCase {
  readonly name: string;
  readonly schema: JsonValue;
  readonly valid: readonly string[];
  readonly invalid: readonly string[];
}

const object = (properties: Record<string, JsonValue>, more: Record<string, JsonValue> = {}): JsonValue => ({
  type: 'object',
  properties,
  ...more,
});

/** Each keyword at least once, with the combinations that engines get wrong. */
export const schemaCases: readonly SchemaCase[] = [
  { name: 'true', schema: true, valid: ['1', '{"a":[]}', ' null '], invalid: ['', '{', '01', '[1,]', '"\t"', 'nul'] },
  {
    name: 'enum of mixed values',
    schema: { enum: ['a', 'ab', 1, null, [1], { a: 1 }] },
    valid: ['"a"', '"ab"', '1', '1.0', 'null', '[1]', '{"a":1}', '"\\u0061"'],
    invalid: ['"b"', '2', 'true', '[]', '{"a":2}', '{}'],
  },
  {
    name: 'const object in any spacing',
    schema: { const: { a: 1, b: [true] } },
    valid: ['{"a":1,"b":[true]}', '{ "b" : [ true ] , "a" : 1.0 }'],
    invalid: ['{"a":1}', '{"a":1,"b":[true],"c":1}', '{"a":1,"b":[]}'],
  },
  {
    name: 'types',
    schema: { type: ['integer', 'string'] },
    valid: ['1', '-3', '2.0', '"x"'],
    invalid: ['1.5', 'null', 'true', '[]'],
  },
  {
    name: 'any order of properties',
    schema: object({ a: { type: 'integer' }, b: { type: 'string' } }, { required: ['a'], additionalProperties: false }),
    valid: ['{"a":1}', '{"b":"x","a":1}', '{"a":1,"b":""}'],
    invalid: ['{}', '{"b":"x"}', '{"a":1,"c":1}', '{"a":1,"a":2}', '{"a":"x"}', '{"a":1,}'],
  },
  {
    name: 'duplicate free names',
    schema: { type: 'object' },
    valid: ['{"foo":1,"bar":2}'],
    invalid: ['{"foo":1,"foo":2}', '{"a":1,"\\u0061":2}'],
  },
  {
    name: 'patterns of names',
    schema: {
      patternProperties: { '^x': { type: 'integer' }, y$: { minimum: 5 } },
      additionalProperties: { type: 'string' },
    },
    valid: ['{"x":1}', '{"xy":7}', '{"foo":"a"}', '{"by":"a"}', '{}'],
    invalid: ['{"x":"a"}', '{"xy":1}', '{"foo":1}', '{"y":3}'],
  },
  {
    name: 'closed patterns of names',
    schema: { patternProperties: { '^ab?$': true }, additionalProperties: false },
    valid: ['{"a":1,"ab":2}'],
    invalid: ['{"b":1}', '{"abc":1}', '{"a":1,"a":1}'],
  },
  { name: 'propertyNames', schema: { propertyNames: { maxLength: 2 } }, valid: ['{"ab":1}'], invalid: ['{"abc":1}'] },
  {
    name: 'counts of properties',
    schema: object({ a: true, b: true, id: true }, { minProperties: 2, maxProperties: 2, required: ['id'] }),
    valid: ['{"a":1,"id":1}', '{"id":1,"x":1}'],
    invalid: ['{"id":1}', '{"a":1,"b":1}', '{"a":1,"b":1,"id":1}'],
  },
  {
    name: 'dependentRequired',
    schema: { dependentRequired: { a: ['b'] } },
    valid: ['{"a":1,"b":1}', '{"b":1,"a":1}', '{"x":1}'],
    invalid: ['{"a":1}'],
  },
  {
    name: 'dependentSchemas',
    schema: { dependentSchemas: { a: { properties: { b: { type: 'integer' } }, required: ['b'] } } },
    valid: ['{"b":"x"}', '{"a":1,"b":1}'],
    invalid: ['{"a":1}', '{"b":"x","a":1}'],
  },
  {
    name: 'dependencies of draft 7',
    schema: { $schema: 'http://json-schema.org/draft-07/schema#', dependencies: { a: ['b'], x: { required: ['y'] } } },
    valid: ['{"a":1,"b":1}', '{"x":1,"y":1}'],
    invalid: ['{"a":1}', '{"x":1}'],
  },
  {
    name: 'prefixItems and items',
    schema: { prefixItems: [{ type: 'integer' }, { type: 'string' }], items: { type: 'boolean' } },
    valid: ['[]', '[1]', '[1,"a",true,false]'],
    invalid: ['["a"]', '[1,2]', '[1,"a",1]'],
  },
  {
    name: 'items of draft 7',
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      items: [{ type: 'integer' }],
      additionalItems: false,
    },
    valid: ['[1]', '[]'],
    invalid: ['[1,2]', '["a"]'],
  },
  {
    name: 'counts of items',
    schema: { type: 'array', minItems: 1, maxItems: 2 },
    valid: ['[1]', '[1,2]'],
    invalid: ['[]', '[1,2,3]'],
  },
  {
    name: 'contains',
    schema: { contains: { minimum: 5 }, minContains: 1, maxContains: 2 },
    valid: ['[1,7]', '[7,7,1]'],
    invalid: ['[]', '[1]', '[7,8,9]'],
  },
  {
    name: 'contains with the last chance',
    schema: { contains: { const: 1 }, maxItems: 2 },
    valid: ['[1]', '[2,1]'],
    invalid: ['[2]', '[2,2]'],
  },
  {
    name: 'contains none',
    schema: { contains: { type: 'integer' }, minContains: 0, maxContains: 0 },
    valid: ['[]', '["a"]'],
    invalid: ['[1]'],
  },
  {
    name: 'uniqueItems',
    schema: { uniqueItems: true },
    valid: ['[1,2]', '["a","b"]', '[1,true]', '[{"a":1},{"a":2}]', '[[1],[2]]'],
    invalid: ['[1,1.0]', '["a","\\u0061"]', '[{"a":1,"b":2},{"b":2,"a":1}]', '[[1],[1]]', '[null,null]'],
  },
  {
    name: 'uniqueItems of an enum',
    schema: { type: 'array', items: { enum: ['a', 'b', 1] }, uniqueItems: true, minItems: 3 },
    valid: ['["a","b",1]', '[1,"b","a"]'],
    invalid: ['["a","b"]', '["a","a","b"]', '["a","b",1,1]'],
  },
  {
    name: 'uniqueItems in one alternative',
    schema: { anyOf: [{ uniqueItems: true }, { minItems: 3 }] },
    valid: ['[1,2]', '[1,1,1]'],
    invalid: ['[1,1]'],
  },
  {
    name: 'unevaluatedProperties',
    schema: {
      allOf: [{ properties: { a: true } }],
      anyOf: [{ properties: { b: { const: 1 } }, required: ['b'] }, { properties: { x: true } }],
      unevaluatedProperties: false,
    },
    valid: ['{"a":1}', '{"a":1,"b":1}', '{"x":1,"b":1}'],
    invalid: ['{"y":1}', '{"b":2}'],
  },
  {
    name: 'unevaluatedProperties with if',
    schema: JSON.parse(
      '{"if":{"properties":{"a":{"const":1}},"required":["a"]},"then":{"properties":{"b":true}},' +
        '"else":{"properties":{"x":true}},"unevaluatedProperties":{"type":"string"}}',
    ),
    valid: ['{"a":1,"b":1}', '{"x":1}', '{"a":"s","x":2}', '{"y":"s"}'],
    invalid: ['{"a":1,"x":1}', '{"b":1}'],
  },
  {
    name: 'unevaluatedItems',
    schema: {
      prefixItems: [true],
      anyOf: [{ prefixItems: [true, { const: 2 }] }, true],
      contains: { const: 'a' },
      unevaluatedItems: false,
    },
    valid: ['["a"]', '[1,2,"a"]', '[1,"a"]'],
    invalid: ['[1,3,"a"]', '["a",2,3]'],
  },
  {
    name: 'allOf',
    schema: { allOf: [object({ a: { type: 'integer' } }), object({ a: { minimum: 3 } }, { required: ['a'] })] },
    valid: ['{"a":3}'],
    invalid: ['{"a":2}', '{}', '{"a":"x"}'],
  },
  {
    name: 'anyOf of objects',
    schema: {
      anyOf: [
        object({ a: { const: 'foo' }, b: { type: 'integer' } }, { required: ['a'] }),
        object({ a: { const: 'bar' }, b: { type: 'string' } }, { required: ['a'] }),
      ],
    },
    valid: ['{"a":"foo","b":1}', '{"b":"x","a":"bar"}', '{"b":1,"a":"foo"}'],
    invalid: ['{"a":"foo","b":"x"}', '{"b":1,"a":"bar"}', '{"a":"baz"}'],
  },
  {
    name: 'oneOf with overlap',
    schema: { oneOf: [{ type: 'integer' }, { minimum: 5 }] },
    valid: ['1', '5.5', '"a"'],
    invalid: ['7', '1.5'],
  },
  {
    name: 'oneOf of objects with overlap',
    schema: { oneOf: [{ required: ['a'] }, { required: ['b'] }, { required: ['a', 'b'] }] },
    valid: ['{"a":1}', '{"b":1}'],
    invalid: ['{}', '{"a":1,"b":1}'],
  },
  {
    name: 'oneOf of strings',
    schema: { oneOf: [{ pattern: '^a' }, { pattern: 'b$' }] },
    valid: ['"a"', '"b"'],
    invalid: ['"ab"', '"x"'],
  },
  {
    name: 'oneOf of arrays',
    schema: {
      oneOf: [
        { minItems: 1, type: 'array' },
        { type: 'array', contains: { const: 1 } },
      ],
    },
    valid: ['[2]'],
    invalid: ['[1]', '[]'],
  },
  {
    name: 'oneOf of one',
    schema: { oneOf: [{ type: 'object', required: ['a'] }, false] },
    valid: ['{"a":1}'],
    invalid: ['{}', '1'],
  },
  { name: 'not', schema: { not: { required: ['a'] } }, valid: ['{}', '{"b":1}'], invalid: ['{"a":1}'] },
  {
    name: 'not of everything',
    schema: {
      not: {
        anyOf: [
          { type: 'object', minProperties: 1, maxProperties: 2 },
          { type: 'array', minItems: 1 },
          { type: 'integer' },
          { enum: ['a'] },
          { type: 'boolean' },
        ],
      },
    },
    valid: ['{}', '[]', '1.5', '"b"', 'null', '{"a":1,"b":2,"x":3}'],
    invalid: ['{"a":1}', '[1]', '1', '"a"', 'true'],
  },
  {
    name: 'not of structures',
    schema: {
      allOf: [
        { not: { properties: { a: { type: 'integer' } } } },
        { not: { oneOf: [{ required: ['x'] }, { required: ['y'] }] } },
      ],
    },
    valid: ['{"a":"s"}', '{"a":"s","x":1,"y":1}'],
    invalid: ['{"a":1}', '{}', '{"a":"s","x":1}'],
  },
  {
    name: 'not of arrays',
    schema: { type: 'array', not: { items: { type: 'integer' }, uniqueItems: true } },
    valid: ['["a"]', '[1,1]'],
    invalid: ['[]', '[1,2]'],
  },
  {
    name: 'not of contains',
    schema: { type: 'array', not: { contains: { const: 1 }, minContains: 2, maxContains: 3 } },
    valid: ['[]', '[1]', '[1,1,1,1]'],
    invalid: ['[1,1]'],
  },
  {
    name: 'if, then, else',
    schema: JSON.parse('{"if":{"properties":{"a":{"const":1}}},"then":{"required":["b"]},"else":{"required":["x"]}}'),
    valid: ['{"a":1,"b":1}', '{"b":2}', '{"a":2,"x":1}', '1'],
    invalid: ['{"a":1}', '{"a":2,"b":1}'].slice(0, 2),
  },
  {
    name: 'if without else',
    schema: JSON.parse('{"if":{"type":"integer"},"then":{"maximum":3}}'),
    valid: ['1', '"a"', '7.5'],
    invalid: ['7'],
  },
  {
    name: 'bounds of numbers',
    schema: { type: 'number', minimum: -1.5, exclusiveMaximum: 10 },
    valid: ['-1.5', '0', '9.99', '-0.0'],
    invalid: ['-1.51', '10', '10.0', '-2'],
  },
  {
    name: 'bounds above zero',
    schema: { type: 'integer', exclusiveMinimum: 9, maximum: 120 },
    valid: ['10', '99', '120', '1e1'].slice(0, 3),
    invalid: ['9', '121', '-10', '1200'],
  },
  {
    name: 'bounds below zero',
    schema: { minimum: -20, maximum: -3 },
    valid: ['-3', '-19.5', '-20', '"x"'],
    invalid: ['-2', '-21', '0', '3', '-200'],
  },
  {
    name: 'multipleOf',
    schema: { multipleOf: 0.05 },
    valid: ['0.05', '1', '0.150', '-2.35'],
    invalid: ['0.01', '0.051', '1.02'],
  },
  {
    name: 'multiple of a whole number in a range',
    schema: { type: 'integer', multipleOf: 7, minimum: 10, maximum: 30 },
    valid: ['14', '21', '28'],
    invalid: ['7', '15', '35'],
  },
  {
    name: 'exponents where nothing is asked',
    schema: { type: 'number' },
    valid: ['1e5', '-2.5E-3', '0', '1E+2'],
    invalid: ['1e', '.5', '1.', '+1'],
  },
  {
    name: 'lengths',
    schema: { type: 'string', minLength: 1, maxLength: 3 },
    valid: ['"a"', '"äöü"', '"😀"', '"\\ud83d\\ude00ab"'],
    invalid: ['""', '"abcd"', '"\\ud83d"', '"\\ude00"'],
  },
  {
    name: 'unanchored pattern',
    schema: { type: 'string', pattern: 'ab' },
    valid: ['"ab"', '"xaby"'],
    invalid: ['"a"', '"ba"'],
  },
  {
    name: 'pattern and length',
    schema: { pattern: '^[a-c]+$', minLength: 2, maxLength: 4 },
    valid: ['"ab"', '"abca"'],
    invalid: ['"a"', '"abcab"', '"xy"'],
  },
  {
    name: 'pattern with look-ahead',
    schema: { pattern: '^(?!foo)(?=.*b)[a-z]+$' },
    valid: ['"bar"', '"ab"'],
    invalid: ['"foobar"', '"aaa"'],
  },
  {
    name: 'format',
    schema: { format: 'date' },
    valid: ['"2024-02-29"', '1'],
    invalid: ['"2023-02-29"', '"2024-1-02"'],
  },
  { name: 'unknown format', schema: { format: 'no-such' }, valid: ['"x"'], invalid: ['"'] },
  {
    name: '$ref with siblings',
    schema: { $defs: { a: { type: 'integer' } }, $ref: '#/$defs/a', minimum: 3 },
    valid: ['3'],
    invalid: ['2', '"a"'],
  },
  {
    name: '$ref that hides siblings',
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { a: { type: 'integer' } },
      properties: { x: { $ref: '#/definitions/a', minimum: 3 } },
    },
    valid: ['{"x":1}'],
    invalid: ['{"x":"a"}'],
  },
  {
    name: 'recursion',
    schema: {
      $defs: {
        tree: object(
          { id: { type: 'integer' }, x: { type: 'array', items: { $ref: '#/$defs/tree' } } },
          { required: ['id'], additionalProperties: false },
        ),
      },
      $ref: '#/$defs/tree',
    },
    valid: ['{"id":1}', '{"x":[{"id":2,"x":[]}],"id":1}'],
    invalid: ['{"x":[{}],"id":1}', '{"id":1,"x":[1]}'],
  },
  {
    name: '$anchor',
    schema: { $defs: { a: { $anchor: 'here', type: 'integer' } }, $ref: '#here' },
    valid: ['1'],
    invalid: ['"a"'],
  },
  {
    name: '$dynamicRef',
    schema: {
      $id: 'https://example.com/strict',
      $dynamicAnchor: 'node',
      $ref: 'tree',
      unevaluatedProperties: false,
      $defs: {
        tree: { $id: 'tree', $dynamicAnchor: 'node', properties: { a: true, x: { items: { $dynamicRef: '#node' } } } },
      },
    },
    valid: ['{"a":1,"x":[{"a":1}]}'],
    invalid: ['{"x":[{"b":1}]}', '{"b":1}'],
  },
  {
    name: '$recursiveRef',
    schema: {
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $id: 'https://example.com/strict',
      $recursiveAnchor: true,
      $ref: 'tree',
      unevaluatedProperties: false,
      $defs: {
        tree: { $id: 'tree', $recursiveAnchor: true, properties: { a: true, x: { items: { $recursiveRef: '#' } } } },
      },
    },
    valid: ['{"a":1,"x":[{"a":1}]}'],
    invalid: ['{"x":[{"b":1}]}'],
  },
  {
    name: 'draft 4',
    schema: {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'http://example.com/x',
      minimum: 3,
      exclusiveMinimum: true,
      maximum: 7,
      exclusiveMaximum: false,
    },
    valid: ['7', '3.1'],
    invalid: ['3', '7.1'],
  },
  {
    name: '__proto__ as a name',
    schema: JSON.parse(
      '{"properties":{"__proto__":{"type":"integer"},"constructor":{"type":"string"}},"required":["__proto__"],"additionalProperties":false}',
    ),
    valid: ['{"__proto__":1}', '{"constructor":"x","__proto__":1}'],
    invalid: ['{}', '{"__proto__":"a"}', '{"toString":1}'],
  },
  {
    name: 'names that need escapes',
    schema: {
      properties: { 'a"b': { const: 1 }, 'ä\n': { const: 2 } },
      required: ['a"b'],
      additionalProperties: false,
    },
    valid: ['{"a\\"b":1,"ä\\n":2}', '{"\\u00e4\\n":2,"a\\u0022b":1}'],
    invalid: ['{"a\\"b":2}', '{"ab":1}'],
  },
  {
    name: 'nested obligations',
    schema: {
      items: object({ a: { type: 'array', items: { type: 'integer' }, contains: { const: 1 } } }, { required: ['a'] }),
      minItems: 1,
    },
    valid: ['[{"a":[1]}]'],
    invalid: ['[{"a":[2]}]', '[{}]'],
  },
  {
    name: 'many alternatives of names',
    schema: {
      anyOf: [
        { required: ['a'], properties: { b: false } },
        { required: ['b'], maxProperties: 1 },
      ],
    },
    valid: ['{"a":1}', '{"b":1}', '{"a":1,"x":1}'],
    invalid: ['{"a":1,"b":1}', '{"b":1,"x":1}', '{}'],
  },
  {
    name: 'names that patterns match too',
    schema: {
      properties: { xa: { type: 'integer' }, b: true },
      patternProperties: { '^x': { minimum: 5 }, a$: { maximum: 9 } },
      additionalProperties: false,
      required: ['xa'],
    },
    valid: ['{"xa":7}', '{"b":1,"xa":5,"xy":6}', '{"xa":9,"a":3}'],
    invalid: ['{"xa":4}', '{"xa":10}', '{"xa":5.5}', '{"xa":7,"y":1}', '{"xy":5}'],
  },
  {
    name: 'unevaluated names that patterns match',
    schema: {
      allOf: [{ patternProperties: { '^x': true } }],
      oneOf: [
        { required: ['a'], properties: { a: true } },
        { required: ['b'], patternProperties: { '^b': true } },
      ],
      unevaluatedProperties: false,
    },
    valid: ['{"a":1,"xy":1}', '{"b":1,"bar":2}'],
    invalid: ['{"a":1,"y":1}', '{"a":1,"bar":1}', '{"xy":1}'],
  },
  {
    name: 'patterns and a full object',
    schema: { patternProperties: { '^x': true }, maxProperties: 1, required: ['a'] },
    valid: ['{"a":1}'],
    invalid: ['{"x":1}', '{"a":1,"x":1}', '{}'],
  },
  {
    name: 'one of several patterns of names',
    schema: {
      type: 'object',
      oneOf: [
        { patternProperties: { '^x': { type: 'integer' } }, additionalProperties: false },
        { patternProperties: { '^y': { type: 'integer' } }, additionalProperties: false },
      ],
    },
    valid: ['{"xy":1}', '{"y":1}'],
    invalid: ['{}', '{"xy":1,"y":1}', '{"b":1}'],
  },
  {
    name: 'some item among the first',
    schema: { type: 'array', not: { prefixItems: [{ type: 'integer' }, { type: 'integer' }] }, maxItems: 2 },
    valid: ['["a"]', '[1,"a"]', '["a",1]'],
    invalid: ['[]', '[1]', '[1,2]'],
  },
  {
    name: 'not of counts',
    schema: {
      not: {
        anyOf: [
          { type: 'object', minProperties: 2 },
          { type: 'array', minItems: 1, maxItems: 1 },
          { type: 'string', maxLength: 1 },
        ],
      },
    },
    valid: ['{"a":1}', '[]', '[1,2]', '"ab"', '1'],
    invalid: ['{"a":1,"b":2}', '[1]', '"a"'],
  },
  {
    name: 'nested alternatives with a required name',
    schema: {
      allOf: [{ anyOf: [{ required: ['a'], properties: { a: false } }, { required: ['b'] }] }, { minProperties: 1 }],
      type: 'object',
    },
    valid: ['{"b":1}'],
    invalid: ['{}', '{"a":1}'],
  },
  {
    name: 'an impossible condition',
    schema: JSON.parse('{"type":"integer","if":false,"then":{"minimum":5},"allOf":[{"not":{"not":{"maximum":3}}}]}'),
    valid: ['3'],
    invalid: ['4', '"a"'],
  },
  {
    name: 'compared arrays of compared arrays',
    schema: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'array', uniqueItems: true, items: { type: 'integer' } },
    },
    valid: ['[[1,2],[2,1]]', '[[],[1]]'],
    invalid: ['[[1,1]]', '[[1],[1]]', '[[],[]]'],
  },
  {
    name: 'compared objects with free names',
    schema: { type: 'array', uniqueItems: true, items: { type: 'object' } },
    valid: ['[{"a":1},{"b":1}]'],
    invalid: ['[{"a":1},{"a":1.0}]', '[{"a":1,"a":1}]'],
  },
];
