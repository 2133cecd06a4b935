import type { JsonObject } from '@trocar/core';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { compactInputSchema, outlineOutputSchema } from '../../src/toolset/compact-schema.js';

const toJson = (schema: z.ZodType, io: 'input' | 'output') => z.toJSONSchema(schema, { io }) as JsonObject;

it('an input schema says the same in fewer words', () => {
  const schema = z.strictObject({
    path: z.string().min(1).default('.').describe('a file'),
    count: z.int().positive().optional(),
    kinds: z.array(z.enum(['a', 'b'])),
    more: z.record(z.string(), z.number()).optional(),
    digest: z.templateLiteral(['sha256:', z.string()]),
    pattern: z.string().max(9),
  });
  expect(compactInputSchema(toJson(schema, 'input'))).toEqual({
    type: 'object',
    properties: {
      path: { default: '.', description: 'a file', type: 'string' },
      count: { type: 'integer', exclusiveMinimum: 0 },
      kinds: { type: 'array', items: { type: 'string', enum: ['a', 'b'] } },
      more: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'number' } },
      digest: { type: 'string' },
      pattern: { type: 'string' },
    },
    required: ['kinds', 'digest', 'pattern'],
  });
});

it('an output schema becomes the outline of an answer', () => {
  const schema = z.object({
    findings: z.array(z.object({ rule: z.string(), path: z.array(z.object({ a: z.int() })) })),
    names: z.array(z.array(z.string())),
    level: z.enum(['low', 'high']),
    coverage: z.object({ files: z.int() }),
    either: z.union([z.string(), z.number()]),
    any: z.record(z.string(), z.int()),
  });
  expect(outlineOutputSchema(toJson(schema, 'output'))).toEqual({
    type: 'object',
    properties: {
      success: { type: 'boolean' },
      findings: { type: 'array', items: { type: 'object' } },
      names: { type: 'array', items: { type: 'array', items: { type: 'string' } } },
      level: { enum: ['low', 'high'] },
      coverage: { type: 'object' },
      either: {},
      any: { type: 'object' },
    },
    required: ['success'],
  });
  expect(outlineOutputSchema({})).toEqual({
    type: 'object',
    properties: { success: { type: 'boolean' } },
    required: ['success'],
  });
});

it('whatever fits the full schema fits the outline', () => {
  const full = z.object({ a: z.int(), b: z.array(z.object({ c: z.boolean(), d: z.array(z.string()) })) });
  const outline = z.fromJSONSchema(
    outlineOutputSchema(toJson(full, 'output')) as Parameters<typeof z.fromJSONSchema>[0],
  );
  const value = fc.record({
    a: fc.integer(),
    b: fc.array(fc.record({ c: fc.boolean(), d: fc.array(fc.string()) })),
  });
  fc.assert(
    fc.property(value, (answer) => {
      expect(outline.safeParse({ success: true, ...answer }).success).toBe(true);
    }),
  );
  expect(outline.safeParse({ success: false, error: 'No.', code: 'denied', hint: 'Ask.' }).success).toBe(true);
});
