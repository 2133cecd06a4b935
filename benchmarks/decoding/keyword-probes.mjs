// The 45 keyword probes on which engines are compared: node benchmarks/decoding/keyword-probes.mjs [--show]
// Each is a schema with texts that satisfy it and texts that do not; a probe counts when all are decided rightly by the
// masks. Exit 1 if one fails.
import { compileJsonSchema, validate } from '@trocar/decoding';

const object = (properties, more = {}) => ({ type: 'object', properties, ...more });
const integer = { type: 'integer' };
const text = { type: 'string' };
const many = Array.from({ length: 2_000 }, (_, i) => `value-${i}`);

const probes = [
  ['enum', { enum: ['a', 2, null] }, ['"a"', '2', 'null'], ['"b"', '3']],
  ['type list', { type: ['integer', 'null'] }, ['1', 'null'], ['"a"']],
  ['required', object({ a: integer }, { required: ['a'] }), ['{"a":1}'], ['{}']],
  ['items', { items: integer }, ['[1]'], ['["a"]']],
  ['minItems', { type: 'array', minItems: 1 }, ['[1]'], ['[]']],
  ['maxItems', { type: 'array', maxItems: 1 }, ['[1]'], ['[1,2]']],
  ['prefixItems', { prefixItems: [integer, text] }, ['[1,"a"]'], ['["a"]']],
  ['anyOf', { anyOf: [integer, text] }, ['1', '"a"'], ['null']],
  ['disjoint oneOf', { oneOf: [integer, text] }, ['1', '"a"'], ['null']],
  [
    'recursive $ref',
    object({ next: { $ref: '#' } }, { additionalProperties: false }),
    ['{"next":{"next":{}}}'],
    ['{"next":1}'],
  ],
  ['bounds of integers', { type: 'integer', minimum: 3, maximum: 12 }, ['3', '12'], ['2', '13']],
  ['bounds of numbers', { type: 'number', exclusiveMinimum: 0, maximum: 1.5 }, ['0.01', '1.5'], ['0', '1.51']],
  ['multipleOf', { type: 'integer', multipleOf: 3 }, ['9'], ['10']],
  ['minLength', { type: 'string', minLength: 2 }, ['"ab"'], ['"a"']],
  ['maxLength', { type: 'string', maxLength: 2 }, ['"ab"'], ['"abc"']],
  ['anchored pattern', { type: 'string', pattern: '^a+$' }, ['"aa"'], ['"ab"']],
  ['additionalProperties: false', object({ a: integer }, { additionalProperties: false }), ['{"a":1}'], ['{"b":1}']],
  ['additionalProperties: schema', object({ a: integer }, { additionalProperties: text }), ['{"b":"x"}'], ['{"b":1}']],
  ['additionalProperties by default', object({ a: integer }), ['{"b":1}'], ['{"a":"x"}']],
  ['maxProperties', { type: 'object', maxProperties: 1 }, ['{"a":1}'], ['{"a":1,"b":2}']],
  ['const object', { const: { a: [1] } }, ['{"a":[1]}', '{ "a": [ 1 ] }'], ['{"a":[2]}']],
  [
    'properties in another order',
    object({ a: integer, b: integer }, { required: ['a', 'b'] }),
    ['{"b":1,"a":2}'],
    ['{"b":1}'],
  ],
  ['patternProperties', { patternProperties: { '^x': integer } }, ['{"x1":1}'], ['{"x1":"a"}']],
  ['unanchored pattern', { type: 'string', pattern: 'b' }, ['"abc"'], ['"ac"']],
  ['propertyNames', { propertyNames: { pattern: '^[a-z]+$' } }, ['{"a":1}'], ['{"A":1}']],
  ['minProperties of a map', { type: 'object', minProperties: 1 }, ['{"a":1}'], ['{}']],
  [
    'minProperties with optional ones',
    object({ a: integer, b: integer }, { minProperties: 2, additionalProperties: false }),
    ['{"a":1,"b":2}'],
    ['{"a":1}'],
  ],
  ['dependentRequired', { dependentRequired: { a: ['b'] } }, ['{"a":1,"b":1}'], ['{"a":1}']],
  ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, ['{"a":1,"b":1}'], ['{"a":1}']],
  [
    'if, then, else',
    JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}'),
    ['{"a":1,"b":1}', '{"c":1}'],
    ['{"a":1}', '{"b":1}'],
  ],
  ['not', { not: { type: 'integer' } }, ['"a"'], ['1']],
  ['contains', { contains: { const: 1 } }, ['[2,1]'], ['[2]']],
  ['uniqueItems', { uniqueItems: true }, ['[1,2]'], ['[1,1]']],
  [
    'unevaluatedProperties',
    { allOf: [{ properties: { a: integer } }], unevaluatedProperties: false },
    ['{"a":1}'],
    ['{"b":1}'],
  ],
  ['overlapping oneOf', { oneOf: [integer, { minimum: 2 }] }, ['1', '2.5'], ['3']],
  [
    'allOf of objects',
    { allOf: [object({ a: integer }, { required: ['a'] }), object({ b: text }, { required: ['b'] })] },
    ['{"a":1,"b":"x"}'],
    ['{"a":1}'],
  ],
  ['$ref with siblings', { $defs: { a: integer }, $ref: '#/$defs/a', minimum: 3 }, ['3'], ['2', '"a"']],
  ['$anchor', { $defs: { a: { $anchor: 'it', ...integer } }, $ref: '#it' }, ['1'], ['"a"']],
  [
    '$dynamicRef',
    { $dynamicAnchor: 'node', properties: { next: { $dynamicRef: '#node' } }, required: ['id'] },
    ['{"id":1,"next":{"id":2}}'],
    ['{"id":1,"next":{}}'],
  ],
  ['pattern with look-ahead', { type: 'string', pattern: '^(?!a)[a-z]+$' }, ['"ba"'], ['"ab"']],
  [
    'formats',
    object({ d: { format: 'date-time' }, e: { format: 'email' }, u: { format: 'uuid' } }),
    ['{"d":"2024-02-29T10:00:00Z","e":"a@b.c","u":"2eb8aa08-aa98-11ea-b4aa-73b441d16380"}'],
    ['{"d":"2023-02-29T10:00:00Z"}', '{"e":"a"}', '{"u":"1"}'],
  ],
  ['unknown format', { format: 'made-up' }, ['"x"', '1'], ['"']],
  ['multipleOf 0.01', { multipleOf: 0.01 }, ['1.25'], ['1.255']],
  [
    'maxLength 5000 and an enum of 2,000',
    { anyOf: [{ type: 'string', minLength: 10, maxLength: 5_000 }, { enum: many }] },
    [JSON.stringify('x'.repeat(5_000)), '"value-7"'],
    [JSON.stringify('x'.repeat(5_001)), '"value-x"'],
  ],
  ['duplicate names refused', { type: 'object' }, ['{"a":1,"b":1}'], ['{"a":1,"a":1}']],
];

let right = 0;
for (const [name, schema, valid, invalid] of probes) {
  const grammar = compileJsonSchema(schema);
  const wrong = [
    ...valid.filter((one) => !validate(grammar, one).valid),
    ...invalid.filter((one) => validate(grammar, one).valid),
  ];
  if (wrong.length === 0) right += 1;
  if (wrong.length > 0 || process.argv.includes('--show'))
    process.stdout.write(`${wrong.length ? 'WRONG' : 'ok'} ${name}\n`);
}
process.stdout.write(`${right} of ${probes.length} probes\n`);
process.exitCode = right === probes.length ? 0 : 1;
