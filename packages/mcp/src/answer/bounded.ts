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
 * Cuts one field of an answer so that the whole stays within the bound, and puts what does not fit behind a cursor: a list
 * between two items, a text between two lines. One item or line is always given, since a page without any would lead
 * nowhere. The order is kept, and `more` says how many are left.
 */
export function boundField(fields: AnswerFields, field: string, bound: Bound): AnswerFields {
  const value = fields[field];
  const items = toItems(value);
  if (items === undefined) return fields;
  const others = estimateTokens(JSON.stringify({ ...fields, [field]: [] }));
  const kept = countFitting(items, bound.maxTokens - others);
  if (kept >= items.length) return fields;
  const isText = typeof value === 'string';
  const join = (part: readonly JsonValue[]) => (isText ? part.join('') : part);
  const cursor = bound.rests.put({ tool: bound.tool, field, value: join(items.slice(kept)) });
  return { ...fields, [field]: join(items.slice(0, kept)), more: items.length - kept, cursor };
}

/** Cuts what was not analysed to at most a third of the bound, and says how many places were left out. */
export function boundSkipped(fields: AnswerFields, maxTokens: number): AnswerFields {
  const { coverage } = fields;
  if (typeof coverage !== 'object' || coverage === null || !('skipped' in coverage)) return fields;
  const { skipped } = coverage;
  if (!Array.isArray(skipped)) return fields;
  const kept = countFitting(skipped, Math.floor(maxTokens / 3));
  if (kept >= skipped.length) return fields;
  const cut = { ...coverage, skipped: skipped.slice(0, kept), more_skipped: skipped.length - kept };
  return { ...fields, coverage: cut };
}

function toItems(value: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (typeof value === 'string') return value.split(/(?<=\n)/);
  return Array.isArray(value) ? value : undefined;
}

/** How many items from the start fit into so many tokens: all, or as many as leave room to say what was cut. */
function countFitting(items: readonly JsonValue[], spaceTokens: number): number {
  const costs = items.map((item) => estimateTokens(JSON.stringify(item)));
  if (costs.reduce((total, cost) => total + cost, 0) <= spaceTokens) return items.length;
  let count = 0;
  for (
    let used = costs[0] ?? 0;
    count < items.length && used <= spaceTokens - reserveTokens;
    used += costs[count] ?? 0
  ) {
    count += 1;
  }
  return Math.max(1, count);
}
