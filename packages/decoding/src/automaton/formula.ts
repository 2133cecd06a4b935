import type { Expression } from './expression.js';

/** The operators of formulas. */
export const FormulaOp = {
  False: 0,
  True: 1,
  And: 2,
  Or: 3,
  Not: 4,
  /** Exactly one of `items` holds. */
  One: 5,
  /** The value satisfies the schema `use` (a statement that is not yet looked into). */
  Schema: 6,
  /** Every property whose name matches satisfies `value`. */
  EachProperty: 7,
  /** Some property whose name matches satisfies `value`. */
  SomeProperty: 8,
  /** The number of properties to come lies between the bounds. */
  PropertyCount: 9,
  /** Every item from position `minimum` up to but not including `maximum` satisfies `value`. */
  EachItem: 10,
  SomeItem: 11,
  /** The number of items to come that satisfy `value` lies between the bounds. */
  Contains: 12,
  /** The number of items to come lies between the bounds. */
  ItemCount: 13,
  /** No two items are equal. */
  Unique: 14,
  /** Properties that no holding formula of `items` covers satisfy `value`. */
  UncoveredProperties: 15,
  /** The same for items. */
  UncoveredItems: 16,
} as const;

/** One operator. */
export type FormulaOp = (typeof FormulaOp)[keyof typeof FormulaOp];

/** Which property names an atom speaks of. */
export type Matcher =
  | { readonly kind: 'name'; readonly id: string; readonly name: string }
  | { readonly kind: 'pattern'; readonly id: string; readonly pattern: Expression }
  | {
      /** Names that are none of these and match none of these. */
      readonly kind: 'other';
      readonly id: string;
      readonly names: ReadonlySet<string>;
      readonly patterns: readonly Expression[];
    };

/** What covers items: those before `upTo`, or those that satisfy `matching`. */
export interface ItemCover {
  readonly upTo: number;
  readonly matching: Formula | null;
}

/** What is known of a property name: itself where some atom mentions it, and the patterns that it matches. */
export interface NameClass {
  readonly id: number;
  readonly name: string | null;
  readonly patterns: ReadonlySet<Expression>;
}

/** Names and patterns that a formula mentions. */
export interface Mentions {
  readonly names: ReadonlySet<string>;
  readonly patterns: ReadonlySet<Expression>;
}

/**
 * A statement about one JSON value: a node of a hash-consed graph. Created by `FormulaStore` alone.
 *
 * Reading a property or an item turns a formula into what has to hold of the rest, as a derivative does for texts.
 */
export interface Formula {
  readonly id: number;
  readonly op: FormulaOp;
  readonly items: readonly Formula[];
  readonly matcher: Matcher | null;
  readonly value: Formula | null;
  readonly minimum: number;
  readonly maximum: number;
  /** Number of the schema use, for `Schema`. */
  readonly use: number;
  /** Per formula of `items`: the names that it covers when it holds. */
  readonly coveredNames: readonly (readonly Matcher[])[];
  readonly coveredItems: readonly (readonly ItemCover[])[];
  /** Whether the comparison of items takes part. */
  readonly comparesItems: boolean;
  mentions: Mentions | null;
  /** For a conjunction: its items by the single name that they speak of, under '' the others. */
  byName: ReadonlyMap<string, readonly Formula[]> | null;
}
