import type { JsonObject, JsonValue } from '@trocar/core';
import { type CompileSchemaOptions, compileJsonSchema } from '../schema/compile-schema.js';
import { schemaKeywords } from '../schema/dialect.js';
import { escapePointer, isObject } from '../schema/registry.js';
import { type Dialect, dialects, type Loss, type Server } from './dialect.js';

/** A schema as one server takes it. */
export interface Emission {
  /** Fields to add to the request. */
  readonly request: JsonObject;
  /** What the server will not hold to; an answer has to be validated again in any case. */
  readonly losses: readonly Loss[];
}

/**
 * Writes a schema for an inference server and says what gets lost. The schema is compiled first, so whatever this
 * package refuses is refused here too; validate every answer with the same grammar.
 */
export function emitFor(
  server: Server,
  schema: JsonValue,
  options: CompileSchemaOptions & { name?: string } = {},
): Emission {
  compileJsonSchema(schema, options);
  const dialect = dialects[server];
  const losses: Loss[] = [];
  const written = rewrite(schema, '', dialect, losses);
  return { request: dialect.request(written, options.name ?? 'answer'), losses };
}

/** Rewrites a schema that has been compiled, so its depth is within the limit. */
function rewrite(schema: JsonValue, pointer: string, dialect: Dialect, losses: Loss[]): JsonValue {
  if (!isObject(schema)) return schema;
  const result: Record<string, JsonValue> = Object.create(null) as Record<string, JsonValue>;
  for (const [keyword, value] of Object.entries(schema) as [string, JsonValue][]) {
    const at = `${pointer}/${escapePointer(keyword)}`;
    if (dialect.refused.has(keyword)) {
      losses.push({ pointer: at, keyword, effect: 'dropped' });
      continue;
    }
    if (dialect.ignored.has(keyword)) losses.push({ pointer: at, keyword, effect: 'ignored' });
    result[keyword] = rewriteValue(keyword, value, at, dialect, losses);
  }
  if (dialect.objects !== 'as-they-are' && isObjectSchema(schema))
    closeObject(schema, result, pointer, dialect, losses);
  return { ...result };
}

function rewriteValue(keyword: string, value: JsonValue, at: string, dialect: Dialect, losses: Loss[]): JsonValue {
  const position = schemaKeywords.get(keyword);
  if (position === undefined || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: JsonValue, i) => rewrite(one, `${at}/${i}`, dialect, losses));
  if (position !== 'map') return rewrite(value, at, dialect, losses);
  const entries = Object.entries(value) as [string, JsonValue][];
  return Object.fromEntries(
    entries.map(([key, one]) => [key, rewrite(one, `${at}/${escapePointer(key)}`, dialect, losses)]),
  );
}

function isObjectSchema(schema: JsonObject): boolean {
  const types = Array.isArray(schema.type) ? (schema.type as readonly JsonValue[]) : [schema.type];
  return types.includes('object') || schema.properties !== undefined;
}

function closeObject(
  schema: JsonObject,
  result: Record<string, JsonValue>,
  pointer: string,
  dialect: Dialect,
  losses: Loss[],
): void {
  if (schema.additionalProperties !== false) {
    result.additionalProperties = false;
    losses.push({ pointer: `${pointer}/additionalProperties`, keyword: 'additionalProperties', effect: 'narrowed' });
  }
  if (dialect.objects !== 'closed-and-required' || !isObject(schema.properties)) return;
  const names = Object.keys(schema.properties);
  const required = Array.isArray(schema.required) ? (schema.required as readonly JsonValue[]) : [];
  if (names.every((name) => required.includes(name))) return;
  result.required = names;
  losses.push({ pointer: `${pointer}/required`, keyword: 'required', effect: 'narrowed' });
}
