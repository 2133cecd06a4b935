import type { Formula, ItemCover, Matcher } from '../automaton/formula.js';
import { type Applicators, applicatorsOf, isHiddenByReference } from './applicators.js';
import { itemCovers, propertyKeywords, type StructureContext, says } from './structures.js';
import type { SchemaUse } from './use.js';

/** Which part of a structure some schema evaluates, and under which condition that counts. */
interface Cover<T> {
  readonly condition: Formula;
  readonly covers: readonly T[];
}

/** What is needed to find the covers of one kind of structure. */
interface Search<T> {
  readonly context: StructureContext;
  readonly of: (use: SchemaUse) => Formula;
  readonly own: (use: SchemaUse) => readonly T[];
  readonly everything: T;
  readonly keyword: 'unevaluatedProperties' | 'unevaluatedItems';
}

/** The formula of `unevaluatedProperties`, where a schema has it. */
export function unevaluatedProperties(context: StructureContext, use: SchemaUse): readonly Formula[] {
  const value = unevaluatedSchema(context, use, 'unevaluatedProperties');
  if (value === undefined) return [];
  const { formulas } = context;
  const covers = findCovers<Matcher>(use, {
    context,
    of: (other) => context.objectOf(other),
    own: (other) => propertyKeywords(context, other).matchers,
    everything: formulas.other([], []),
    keyword: 'unevaluatedProperties',
  });
  const conditions = covers.map((cover) => cover.condition);
  const names = covers.map((cover) => cover.covers);
  return [formulas.uncoveredProperties(conditions, names, value)];
}

/** The formula of `unevaluatedItems`, where a schema has it. */
export function unevaluatedItems(
  context: StructureContext,
  use: SchemaUse,
  arrayOf: (use: SchemaUse) => Formula,
): readonly Formula[] {
  const value = unevaluatedSchema(context, use, 'unevaluatedItems');
  if (value === undefined) return [];
  const covers = findCovers<ItemCover>(use, {
    context,
    of: arrayOf,
    own: (other) => itemCovers(context, other),
    everything: { upTo: Number.POSITIVE_INFINITY, matching: null },
    keyword: 'unevaluatedItems',
  });
  const conditions = covers.map((cover) => cover.condition);
  const items = covers.map((cover) => cover.covers);
  return [context.formulas.uncoveredItems(conditions, items, value)];
}

function unevaluatedSchema(context: StructureContext, use: SchemaUse, keyword: string): Formula | undefined {
  const schema = use.keywords!.value(keyword);
  return schema === undefined ? undefined : says(context.formulas, context.uses.below(use, schema, keyword));
}

function findCovers<T>(start: SchemaUse, search: Search<T>): readonly Cover<T>[] {
  const { context, of, own, everything, keyword } = search;
  const { formulas } = context;
  const result: Cover<T>[] = [];
  const stack: [SchemaUse, Formula][] = [[start, formulas.true]];
  const seen = new Set<string>();
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [use, condition] = top;
    const key = `${use.id},${condition.id}`;
    if (use.keywords === null || seen.has(key)) continue;
    seen.add(key);
    if (!isHiddenByReference(use)) {
      const evaluatesAll = use !== start && use.keywords.value(keyword) !== undefined;
      const covers = evaluatesAll ? [everything] : own(use);
      if (covers.length > 0) result.push({ condition, covers });
    }
    for (const [below, needs] of appliedBelow(applicatorsOf(context.uses, use), context, of)) {
      stack.push([below, formulas.and([condition, needs])]);
    }
  }
  return result;
}

/** The schemas applied in place, each with what must hold for its evaluations to count. */
function* appliedBelow(
  applied: Applicators,
  { formulas }: StructureContext,
  of: (use: SchemaUse) => Formula,
): Iterable<readonly [SchemaUse, Formula]> {
  for (const use of applied.all) yield [use, formulas.true];
  for (const use of [...(applied.any ?? []), ...(applied.one ?? [])]) yield [use, of(use)];
  for (const { name, use } of applied.dependent) yield [use, formulas.someProperty(formulas.name(name), formulas.true)];
  const { condition } = applied;
  if (condition === undefined) return;
  const test = of(condition.test);
  yield [condition.test, test];
  if (condition.yes !== undefined) yield [condition.yes, test];
  if (condition.no !== undefined) yield [condition.no, formulas.negate(test)];
}
