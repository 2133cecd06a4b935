import { describe, expect, it } from 'vitest';
import { compileJsonSchema, emitFor, type Server, validate } from '../../src/index.js';
import { schemaCases } from '../schema/cases.js';

const servers: readonly Server[] = [
  'vllm',
  'sglang',
  'llama.cpp',
  'ollama',
  'openai',
  'anthropic',
  'tgi',
  'tensorrt-llm',
];

const schema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1 },
    'a/b': { type: 'array', items: { type: 'object', properties: { id: { not: { const: 1 } } } }, uniqueItems: true },
  },
  required: ['name'],
} as const;

describe('emitFor', () => {
  it('writes the fields of each server', () => {
    const small = { type: 'integer' } as const;
    expect(
      Object.fromEntries(servers.map((server) => [server, emitFor(server, small, { name: 'n' }).request])),
    ).toEqual({
      vllm: { structured_outputs: { json: small } },
      sglang: { sampling_params: { json_schema: '{"type":"integer"}' } },
      'llama.cpp': { json_schema: small },
      ollama: { format: small },
      openai: { response_format: { type: 'json_schema', json_schema: { name: 'n', strict: true, schema: small } } },
      anthropic: { output_config: { format: { type: 'json_schema', schema: small } } },
      tgi: { parameters: { grammar: { type: 'json', value: small } } },
      'tensorrt-llm': { response_format: { type: 'json', schema: small } },
    });
    for (const server of servers) expect(emitFor(server, small).losses).toEqual([]);
  });

  it('says what a strict server loses, and changes what it must', () => {
    const { request, losses } = emitFor('openai', schema);
    expect(losses).toEqual([
      { pointer: '/properties/a~1b/items/properties/id/not', keyword: 'not', effect: 'dropped' },
      { pointer: '/properties/a~1b/items/additionalProperties', keyword: 'additionalProperties', effect: 'narrowed' },
      { pointer: '/properties/a~1b/items/required', keyword: 'required', effect: 'narrowed' },
      { pointer: '/properties/a~1b/uniqueItems', keyword: 'uniqueItems', effect: 'dropped' },
      { pointer: '/additionalProperties', keyword: 'additionalProperties', effect: 'narrowed' },
      { pointer: '/required', keyword: 'required', effect: 'narrowed' },
    ]);
    expect(request).toMatchObject({
      response_format: {
        json_schema: { name: 'answer', schema: { required: ['name', 'a/b'], additionalProperties: false } },
      },
    });
    expect(emitFor('anthropic', schema).losses.map((loss) => loss.keyword)).toContain('minLength');
    expect(emitFor('vllm', schema).losses).toEqual([
      { pointer: '/properties/a~1b/items/properties/id/not', keyword: 'not', effect: 'ignored' },
      { pointer: '/properties/a~1b/uniqueItems', keyword: 'uniqueItems', effect: 'ignored' },
    ]);
  });

  it('narrows only: what a closed schema allows, the schema allows', () => {
    const narrowed = { ...schema, properties: { name: schema.properties.name }, required: ['name'] };
    const { request } = emitFor('openai', narrowed);
    const strict = (request as { response_format: { json_schema: { schema: { readonly [key: string]: never } } } })
      .response_format.json_schema.schema;
    expect(validate(compileJsonSchema(strict), '{"name":"a"}').valid).toBe(true);
    expect(validate(compileJsonSchema(strict), '{"name":"a","x":1}').valid).toBe(false);
  });

  it('takes every schema of the table, and refuses what compiling refuses', () => {
    for (const one of schemaCases) for (const server of servers) emitFor(server, one.schema);
    expect(() => emitFor('vllm', { pattern: '(' })).toThrow(expect.objectContaining({ code: 'invalid-pattern' }));
  });
});
