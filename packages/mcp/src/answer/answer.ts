import type { CallToolResult } from '@modelcontextprotocol/server';
import type { JsonObject, JsonValue } from '@trocar/core';

/** The fields of an answer that a tool gave. */
export type AnswerFields = Readonly<Record<string, JsonValue | undefined>>;

/**
 * A tool's answer: one flat object, as structured content and the same as text. Fields that are null or undefined are
 * left out at every level, since a model pays for each of them.
 */
export function toAnswer(fields: AnswerFields): CallToolResult {
  return toResult({ success: true, ...compact(fields) });
}

/** An answer that says why there is none: `error`, `code` and a hint what to do next. */
export function toFailure(failure: { error: string; code: string; hint: string } & AnswerFields): CallToolResult {
  return { ...toResult({ success: false, ...compact(failure) }), isError: true };
}

function toResult(fields: JsonObject): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify(fields) }], structuredContent: { ...fields } };
}

function compact(fields: AnswerFields): Record<string, JsonValue> {
  const kept: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    kept[key] = compactValue(value);
  }
  return kept;
}

function compactValue(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(compactValue);
  if (typeof value === 'object' && value !== null) return compact(value as AnswerFields);
  return value;
}
