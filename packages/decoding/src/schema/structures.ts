import type { JsonObject, JsonValue } from '@trocar/core';
import type { Expression } from '../automaton/expression.js';
import type { Formula, ItemCover, Matcher } from '../automaton/formula.js';
import type { FormulaStore } from '../automaton/formula-store.js';
import { escapePointer, isObject } from './registry.js';
import type { ScalarKeywords } from './scalars.js';
import type { SchemaUse, SchemaUses } from './use.js';

const unbounded = Number.POSITIVE_INFINITY;

/** What the structure keywords need from outside. */
export interface StructureContext {
  readonly formulas: FormulaStore;
  readonly uses: SchemaUses;
  readonly scalars: ScalarKeywords;
  /** The language of strings that a schema accepts, for `propertyNames`. */
  textOf(use: SchemaUse): Expression;
  complement(language: Expression): Expression;
  /** What a schema says about objects. */
  objectOf(use: SchemaUse): Formula;
}

/** Which properties the keywords of one schema look at, and so count as evaluated. */
export interface PropertyKeywords {
  readonly named: readonly (readonly [string, SchemaUse])[];
  readonly patterned: readonly (readonly [Expression, SchemaUse])[];
  readonly additional: SchemaUse | undefined;
  readonly matchers: readonly Matcher[];
}

/** Reads `properties`, `patternProperties` and `additionalProperties`. */
export function propertyKeywords(context: StructureContext, use: SchemaUse): PropertyKeywords {
  const { formulas, uses, scalars } = context;
  const keywords = use.keywords!;
  const entries = (keyword: string) =>
    keywords.map(keyword).map(([name, schema]) => {
      const path = `${keyword}/${escapePointer(name)}`;
      return [name, uses.below(use, schema, path), `${use.pointer}/${path}`] as const;
    });
  const named = entries('properties').map(([name, below]) => [name, below] as const);
  const patterned = entries('patternProperties').map(
    ([source, below, pointer]) => [scalars.pattern(source, pointer), below] as const,
  );
  const schema = keywords.value('additionalProperties');
  const additional = schema === undefined ? undefined : uses.below(use, schema, 'additionalProperties');
  const names = named.map(([name]) => name);
  const patterns = patterned.map(([pattern]) => pattern);
  const matchers = [...names.map((name) => formulas.name(name)), ...patterns.map((one) => formulas.pattern(one))];
  if (additional !== undefined) matchers.push(formulas.other(names, patterns));
  return { named, patterned, additional, matchers };
}

/** What the keywords of one schema say about objects, without those that apply schemas in place. */
export function objectKeywords(context: StructureContext, use: SchemaUse): readonly Formula[] {
  const { formulas, uses } = context;
  const keywords = use.keywords!;
  const parts: Formula[] = [];
  const { named, patterned, additional } = propertyKeywords(context, use);
  for (const [name, below] of named) parts.push(formulas.eachProperty(formulas.name(name), says(formulas, below)));
  for (const [pattern, below] of patterned) {
    parts.push(formulas.eachProperty(formulas.pattern(pattern), says(formulas, below)));
  }
  if (additional !== undefined) {
    const others = formulas.other(
      named.map(([name]) => name),
      patterned.map(([pattern]) => pattern),
    );
    parts.push(formulas.eachProperty(others, says(formulas, additional)));
  }
  const nameSchema = keywords.value('propertyNames');
  if (nameSchema !== undefined) {
    const wrong = context.complement(context.textOf(uses.below(use, nameSchema, 'propertyNames')));
    parts.push(formulas.eachProperty(formulas.pattern(wrong), formulas.false));
  }
  for (const { name, keyword, schema } of keywords.neededSchemas()) {
    const below = uses.below(use, schema, `${keyword}/${escapePointer(name)}`);
    parts.push(formulas.or([absent(formulas, name), context.objectOf(below)]));
  }
  if (!use.resource.asserts) return parts;
  return [...parts, ...objectAssertions(context, use)];
}

function objectAssertions({ formulas, uses }: StructureContext, use: SchemaUse): readonly Formula[] {
  const keywords = use.keywords!;
  const types = keywords.types();
  if (types !== undefined && !types.has('object')) return [formulas.false];
  // In draft 4 `required` is a list; in draft 3 it was a flag on the property, which is ignored as a keyword of another draft.
  const needed = typeof keywords.value('required') === 'boolean' ? [] : keywords.names('required');
  const parts = needed.map((name) => present(formulas, name));
  const most = keywords.count('maxProperties') ?? unbounded;
  parts.push(formulas.propertyCount(keywords.count('minProperties') ?? 0, most));
  for (const [name, needs] of keywords.neededNames()) {
    const all = formulas.and(needs.map((other) => present(formulas, other)));
    parts.push(formulas.or([absent(formulas, name), all]));
  }
  for (const { values } of keywords.values()) {
    parts.push(formulas.or(values.filter(isObject).map((value) => sameObject(formulas, uses, value))));
  }
  return parts;
}

/** What the keywords of one schema say about arrays, without those that apply schemas in place. */
export function arrayKeywords({ formulas, uses }: StructureContext, use: SchemaUse): readonly Formula[] {
  const keywords = use.keywords!;
  const parts: Formula[] = [];
  const { prefix, rest } = itemKeywords(uses, use);
  prefix.forEach((below, i) => {
    parts.push(formulas.eachItem(i, i + 1, says(formulas, below)));
  });
  if (rest !== undefined) parts.push(formulas.eachItem(prefix.length, unbounded, says(formulas, rest)));
  const contains = keywords.value('contains');
  if (contains !== undefined) {
    const value = says(formulas, uses.below(use, contains, 'contains'));
    const { asserts } = use.resource;
    const least = (asserts ? keywords.count('minContains') : undefined) ?? 1;
    parts.push(formulas.contains(value, least, (asserts ? keywords.count('maxContains') : undefined) ?? unbounded));
  }
  if (!use.resource.asserts) return parts;
  const types = keywords.types();
  if (types !== undefined && !types.has('array')) return [formulas.false];
  parts.push(formulas.itemCount(keywords.count('minItems') ?? 0, keywords.count('maxItems') ?? unbounded));
  if (keywords.flag('uniqueItems')) parts.push(formulas.unique());
  for (const { values } of keywords.values()) {
    const arrays = values.filter((value): value is readonly JsonValue[] => Array.isArray(value));
    parts.push(formulas.or(arrays.map((value) => sameArray(formulas, uses, value))));
  }
  return parts;
}

/** The schemas of the first items, and that of the rest, as the draft writes them. */
function itemKeywords(
  uses: SchemaUses,
  use: SchemaUse,
): { readonly prefix: readonly SchemaUse[]; readonly rest: SchemaUse | undefined } {
  const keywords = use.keywords!;
  const items = keywords.value('items');
  const list = (keyword: string, schemas: readonly JsonValue[]) =>
    schemas.map((schema, i) => uses.below(use, schema, `${keyword}/${i}`));
  const single = (keyword: string) => {
    const schema = keywords.value(keyword);
    return schema === undefined ? undefined : uses.below(use, schema, keyword);
  };
  // A list under `items` has no meaning since 2020-12, but what is meant by it is beyond doubt.
  if (Array.isArray(items)) return { prefix: list('items', items), rest: single('additionalItems') };
  return { prefix: list('prefixItems', keywords.list('prefixItems') ?? []), rest: single('items') };
}

/** Which items the keywords of one schema look at, and so count as evaluated. */
export function itemCovers({ formulas, uses }: StructureContext, use: SchemaUse): readonly ItemCover[] {
  const keywords = use.keywords!;
  const { prefix, rest } = itemKeywords(uses, use);
  const covers: ItemCover[] = [{ upTo: rest === undefined ? prefix.length : unbounded, matching: null }];
  const contains = keywords.value('contains');
  if (contains !== undefined && keywords.draft >= 2020) {
    covers.push({ upTo: 0, matching: says(formulas, uses.below(use, contains, 'contains')) });
  }
  return covers;
}

/** The formula that a value satisfies a schema. */
export function says(formulas: FormulaStore, use: SchemaUse): Formula {
  if (typeof use.schema === 'boolean') return use.schema ? formulas.true : formulas.false;
  return formulas.schema(use.id);
}

function present(formulas: FormulaStore, name: string): Formula {
  return formulas.someProperty(formulas.name(name), formulas.true);
}

function absent(formulas: FormulaStore, name: string): Formula {
  return formulas.eachProperty(formulas.name(name), formulas.false);
}

function sameObject(formulas: FormulaStore, uses: SchemaUses, value: JsonObject): Formula {
  const names = Object.keys(value);
  const parts = names.map((name) =>
    formulas.someProperty(formulas.name(name), formulas.schema(uses.constant(value[name]!).id)),
  );
  return formulas.and([...parts, formulas.eachProperty(formulas.other(names, []), formulas.false)]);
}

function sameArray(formulas: FormulaStore, uses: SchemaUses, value: readonly JsonValue[]): Formula {
  const parts = value.map((item, i) => formulas.eachItem(i, i + 1, formulas.schema(uses.constant(item).id)));
  return formulas.and([...parts, formulas.itemCount(value.length, value.length)]);
}
