/** The drafts of JSON Schema that are told apart. */
export type Draft = 4 | 6 | 7 | 2019 | 2020;

const drafts: readonly (readonly [string, Draft])[] = [
  ['json-schema.org/draft/2020-12/schema', 2020],
  ['json-schema.org/draft/2019-09/schema', 2019],
  ['json-schema.org/draft-07/schema', 7],
  ['json-schema.org/draft-06/schema', 6],
  ['json-schema.org/draft-04/schema', 4],
];

/** The draft that a `$schema` value names; undefined for a metaschema of somebody's own. */
export function parseDraft(uri: string): Draft | undefined {
  const bare = uri.replace(/^https?:\/\//, '').replace(/#$/, '');
  return drafts.find(([name]) => name === bare)?.[1];
}

/** Where a keyword keeps schemas. */
export type SchemaPosition = 'one' | 'list' | 'map' | 'one-or-list';

/** Keywords whose value is, or contains, schemas. */
export const schemaKeywords: ReadonlyMap<string, SchemaPosition> = new Map<string, SchemaPosition>([
  ['$defs', 'map'],
  ['definitions', 'map'],
  ['properties', 'map'],
  ['patternProperties', 'map'],
  ['dependentSchemas', 'map'],
  ['dependencies', 'map'],
  ['additionalProperties', 'one'],
  ['propertyNames', 'one'],
  ['unevaluatedProperties', 'one'],
  ['items', 'one-or-list'],
  ['additionalItems', 'one'],
  ['prefixItems', 'list'],
  ['contains', 'one'],
  ['unevaluatedItems', 'one'],
  ['not', 'one'],
  ['if', 'one'],
  ['then', 'one'],
  ['else', 'one'],
  ['allOf', 'list'],
  ['anyOf', 'list'],
  ['oneOf', 'list'],
]);

/** The first draft that knows a keyword, where that is not draft 4; and the last, where it was taken out. */
const keywordDrafts: ReadonlyMap<string, { readonly since?: Draft; readonly until?: Draft }> = new Map([
  ['$defs', { since: 2019 }],
  ['dependentSchemas', { since: 2019 }],
  ['dependentRequired', { since: 2019 }],
  ['unevaluatedProperties', { since: 2019 }],
  ['unevaluatedItems', { since: 2019 }],
  ['minContains', { since: 2019 }],
  ['maxContains', { since: 2019 }],
  ['prefixItems', { since: 2020 }],
  ['additionalItems', { until: 2019 }],
  ['if', { since: 7 }],
  ['then', { since: 7 }],
  ['else', { since: 7 }],
  ['const', { since: 6 }],
  ['contains', { since: 6 }],
  ['propertyNames', { since: 6 }],
  ['$anchor', { since: 2019 }],
  ['$dynamicAnchor', { since: 2020 }],
  ['$dynamicRef', { since: 2020 }],
  ['$recursiveRef', { since: 2019, until: 2019 }],
  ['$recursiveAnchor', { since: 2019, until: 2019 }],
] as const);

/** Whether a draft knows a keyword. */
export function knowsKeyword(draft: Draft, keyword: string): boolean {
  const range = keywordDrafts.get(keyword);
  return range === undefined || ((range.since ?? 4) <= draft && draft <= (range.until ?? 2020));
}
