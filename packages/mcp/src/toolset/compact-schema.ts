import type { JsonObject, JsonValue } from '@trocar/core';

/**
 * Says in fewer tokens what a JSON Schema asks for: no dialect, no bounds that every safe integer has, no
 * `additionalProperties: false` and no lengths and patterns of texts. The plane checks the whole schema, and names what it
 * refuses.
 */
export function compactInputSchema(schema: JsonObject): JsonObject {
  return compact(schema);
}

/**
 * The outline of an answer: the names and types of its fields, without what is inside of them. Everything valid under the
 * full schema is valid under the outline; failures are as well, since only `success` is required.
 */
export function outlineOutputSchema(schema: JsonObject): JsonObject {
  const fields = asObject(schema.properties) ?? {};
  const properties = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, outline(field)]));
  return { type: 'object', properties: { success: { type: 'boolean' }, ...properties }, required: ['success'] };
}

const dropped = new Set(['$schema', 'additionalProperties', 'minLength', 'maxLength', 'pattern']);

function compact(schema: JsonObject): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined || (dropped.has(key) && typeof value !== 'object')) continue;
    if ((key === 'minimum' || key === 'maximum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER) continue;
    kept[key] = compactMember(value);
  }
  return kept;
}

function compactMember(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(compactMember);
  const object = asObject(value);
  return object ? compact(object) : value;
}

function outline(value: JsonValue | undefined): JsonObject {
  const { type, items, enum: values } = asObject(value) ?? {};
  if (Array.isArray(values)) return { enum: values };
  if (typeof type !== 'string') return {};
  return type === 'array' ? { type, items: outline(items) } : { type };
}

function asObject(value: JsonValue | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
