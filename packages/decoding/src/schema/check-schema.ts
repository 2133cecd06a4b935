import type { Treatment } from '../grammar.js';
import { applicatorsOf, isHiddenByReference } from './applicators.js';
import { schemaKeywords } from './dialect.js';
import { assertedFormats } from './formats.js';
import { escapePointer, isObject } from './registry.js';
import type { SchemaSemantics } from './semantics.js';
import type { SchemaUse } from './use.js';

/** Keywords that may leave a value open that only its end decides. */
const atClose = new Set([
  'not',
  'oneOf',
  'if',
  'contains',
  'minContains',
  'maxContains',
  'uniqueItems',
  'unevaluatedProperties',
  'unevaluatedItems',
  'dependentSchemas',
  'dependencies',
]);

const exact = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'type',
  'enum',
  'const',
  'multipleOf',
  'maximum',
  'exclusiveMaximum',
  'minimum',
  'exclusiveMinimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'maxProperties',
  'minProperties',
  'required',
  'dependentRequired',
  'properties',
  'patternProperties',
  'additionalProperties',
  'propertyNames',
  'prefixItems',
  'items',
  'additionalItems',
  'allOf',
  'anyOf',
  'then',
  'else',
]);

/** Keywords that say where schemas are, and constrain nothing by themselves. */
const structural = new Set([
  '$schema',
  '$id',
  'id',
  '$anchor',
  '$dynamicAnchor',
  '$recursiveAnchor',
  '$vocabulary',
  '$defs',
  'definitions',
  '$comment',
]);

/** What a look at every schema found. */
export interface CheckedSchema {
  readonly treatments: readonly Treatment[];
  /** The schemas that can be reached, in the order in which they are. */
  readonly reached: ReadonlySet<SchemaUse>;
}

/**
 * Visits every schema that can be reached, so that whatever is wrong with one, or not supported, is refused now and
 * not in the middle of a text; and tells how each keyword is treated.
 */
export function checkSchema(semantics: SchemaSemantics, assertFormats: boolean): CheckedSchema {
  const treatments: Treatment[] = [];
  const reached = new Set<SchemaUse>([semantics.uses.root]);
  for (const use of reached) {
    const { keywords, schema } = use;
    if (keywords === null || !isObject(schema)) continue;
    semantics.check(use);
    for (const next of schemasBelow(semantics, use)) reached.add(next);
    if (isHiddenByReference(use)) continue;
    for (const keyword of Object.keys(schema)) {
      if (structural.has(keyword)) continue;
      treatments.push({
        pointer: `${use.pointer}/${escapePointer(keyword)}`,
        keyword,
        treatment: treatmentOf(use, keyword, assertFormats),
      });
    }
  }
  return { treatments, reached };
}

function treatmentOf(use: SchemaUse, keyword: string, assertFormats: boolean): Treatment['treatment'] {
  const keywords = use.keywords!;
  if (keywords.value(keyword) === undefined) return 'annotation';
  if (keyword === 'format') {
    return assertFormats && assertedFormats.includes(keywords.text('format')!) ? 'exact' : 'annotation';
  }
  if (atClose.has(keyword)) return 'at-close';
  return exact.has(keyword) ? 'exact' : 'annotation';
}

function* schemasBelow(semantics: SchemaSemantics, use: SchemaUse): Iterable<SchemaUse> {
  const { uses } = semantics;
  const keywords = use.keywords!;
  const applied = applicatorsOf(uses, use);
  yield* applied.all;
  if (isHiddenByReference(use)) return;
  for (const [keyword, position] of schemaKeywords) {
    const value = keywords.value(keyword);
    if (value === undefined || keyword === '$defs' || keyword === 'definitions') continue;
    if (position === 'map') {
      for (const [name, schema] of keywords.map(keyword)) {
        if (!Array.isArray(schema)) yield uses.below(use, schema, `${keyword}/${escapePointer(name)}`);
      }
    } else if (Array.isArray(value)) {
      if (position === 'one') throw keywords.invalid(keyword, 'a schema');
      for (const [i, schema] of value.entries()) yield uses.below(use, schema, `${keyword}/${i}`);
    } else if (position === 'list') {
      throw keywords.invalid(keyword, 'a list of schemas');
    } else {
      yield uses.below(use, value, keyword);
    }
  }
}
