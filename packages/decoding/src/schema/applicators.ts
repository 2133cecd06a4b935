import type { JsonValue } from '@trocar/core';
import { escapePointer } from './registry.js';
import type { SchemaUse, SchemaUses } from './use.js';

/** The schemas that a schema applies to the same value, by how they combine. */
export interface Applicators {
  /** From `allOf` and references: all must hold. */
  readonly all: readonly SchemaUse[];
  readonly any: readonly SchemaUse[] | undefined;
  readonly one: readonly SchemaUse[] | undefined;
  readonly not: SchemaUse | undefined;
  /** From `if`, `then` and `else`. */
  readonly condition:
    | { readonly test: SchemaUse; readonly yes: SchemaUse | undefined; readonly no: SchemaUse | undefined }
    | undefined;
  /** Schemas that hold where a property is present. */
  readonly dependent: readonly { readonly name: string; readonly use: SchemaUse }[];
}

const nothing: Applicators = {
  all: [],
  any: undefined,
  one: undefined,
  not: undefined,
  condition: undefined,
  dependent: [],
};

/** Whether a `$ref` hides what stands beside it, as it did before 2019-09. */
export function isHiddenByReference(use: SchemaUse): boolean {
  const { keywords } = use;
  return keywords !== null && keywords.draft <= 7 && keywords.value('$ref') !== undefined;
}

/** Reads the keywords that apply schemas in place. */
export function applicatorsOf(uses: SchemaUses, use: SchemaUse): Applicators {
  const { keywords } = use;
  if (keywords === null) return nothing;
  const references = uses.references(use);
  if (isHiddenByReference(use)) return { ...nothing, all: references };
  const below = (schema: JsonValue, path: string) => uses.below(use, schema, path);
  const list = (keyword: string) => {
    const schemas = keywords.list(keyword);
    if (schemas?.length === 0) throw keywords.invalid(keyword, 'a list with at least one schema');
    return schemas?.map((schema, i) => below(schema, `${keyword}/${i}`));
  };
  const single = (keyword: string) => {
    const schema = keywords.value(keyword);
    return schema === undefined ? undefined : below(schema, keyword);
  };
  const condition = single('if');
  const [yes, no] = [single('then'), single('else')];
  return {
    all: [...references, ...(list('allOf') ?? [])],
    any: list('anyOf'),
    one: list('oneOf'),
    not: single('not'),
    condition: condition && { test: condition, yes, no },
    dependent: keywords.neededSchemas().map(({ name, keyword, schema }) => ({
      name,
      use: below(schema, `${keyword}/${escapePointer(name)}`),
    })),
  };
}

/** The operations by which statements combine. */
export interface Algebra<T> {
  readonly true: T;
  readonly false: T;
  and(parts: readonly T[]): T;
  or(parts: readonly T[]): T;
  /** Exactly one of the parts. */
  one(parts: readonly T[]): T;
  negate(part: T): T;
}

/** What the applied schemas say together, given what each of them says. */
export function combineApplicators<T>(algebra: Algebra<T>, applied: Applicators, of: (use: SchemaUse) => T): T {
  const parts = applied.all.map(of);
  if (applied.any !== undefined) parts.push(algebra.or(applied.any.map(of)));
  if (applied.one !== undefined) parts.push(algebra.one(applied.one.map(of)));
  if (applied.not !== undefined) parts.push(algebra.negate(of(applied.not)));
  const { condition } = applied;
  if (condition !== undefined && (condition.yes ?? condition.no) !== undefined) {
    const test = of(condition.test);
    const yes = condition.yes === undefined ? algebra.true : of(condition.yes);
    const no = condition.no === undefined ? algebra.true : of(condition.no);
    parts.push(algebra.or([algebra.and([test, yes]), algebra.and([algebra.negate(test), no])]));
  }
  return algebra.and(parts);
}
