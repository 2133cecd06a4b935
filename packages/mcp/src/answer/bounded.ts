import type { JsonValue } from '@trocar/core';
import type { AnswerFields } from './answer.js';
import type { RestStore } from './rest-store.js';
import { estimateTokens } from './token-estimate.js';

/** The bound of one answer. */
export interface Bound {
  readonly tool: string;
  readonly maxTokens: number;
  readonly rests: RestStore;
}

// For the fields that say how much was cut, and where to go on.
const reserveTokens = 60;

/**
 * Cuts the list `field` of an answer so that the whole stays within the bound, and puts what does not fit behind a
 * cursor. One item is always given, since a page without any would lead nowhere. The order is kept.
 */
export function boundList(fields: AnswerFields, field: string, bound: Bound): AnswerFields {
  const list = fields[field];
  if (!Array.isArray(list)) return fields;
  const items: readonly JsonValue[] = list;
  const others = estimateTokens(JSON.stringify({ ...fields, [field]: [] }));
  const space = bound.maxTokens - others;
  const all = items.map((item) => estimateTokens(JSON.stringify(item)));
  if (sum(all) <= space) return fields;

  let count = 0;
  for (let used = 0; count < items.length; count += 1) {
    used += all[count] ?? 0;
    if (used > space - reserveTokens) break;
  }
  const kept = Math.max(1, count);
  if (kept >= items.length) return fields;
  const cursor = bound.rests.put({ tool: bound.tool, field, items: items.slice(kept) });
  return { ...fields, [field]: items.slice(0, kept), more: items.length - kept, cursor };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
