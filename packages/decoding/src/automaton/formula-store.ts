import { type DecodingLimits, limitExceeded } from '../limits.js';
import type { Expression } from './expression.js';
import { type Formula, FormulaOp, type ItemCover, type Matcher } from './formula.js';

type Fields = Partial<Formula> & Pick<Formula, 'op'>;

const unbounded = Number.POSITIVE_INFINITY;

/** Builds formulas in a normal form, each structure once. Bounded by the limit `formulaNodes`. */
export class FormulaStore {
  readonly false: Formula;
  readonly true: Formula;
  readonly #nodes = new Map<string, Formula>();
  #size = 0;
  readonly #negations = new Map<Formula, Formula>();
  readonly #limits: DecodingLimits;

  constructor(limits: DecodingLimits) {
    this.#limits = limits;
    this.false = this.#intern('F', { op: FormulaOp.False });
    this.true = this.#intern('T', { op: FormulaOp.True });
  }

  and(parts: readonly Formula[]): Formula {
    const items = new Set<Formula>();
    const bounds = new Map<FormulaOp, [number, number]>();
    for (const part of flatten(parts, FormulaOp.And)) {
      if (part === this.false) return this.false;
      if (part.op === FormulaOp.PropertyCount || part.op === FormulaOp.ItemCount) {
        const [minimum, maximum] = bounds.get(part.op) ?? [0, unbounded];
        bounds.set(part.op, [Math.max(minimum, part.minimum), Math.min(maximum, part.maximum)]);
      } else if (part !== this.true) {
        items.add(part);
      }
    }
    for (const [op, [minimum, maximum]] of bounds) items.add(this.#count(op, minimum, maximum));
    if (items.has(this.false)) return this.false;
    items.delete(this.true);
    for (const item of items) {
      if ((item.op === FormulaOp.Not || item.op === FormulaOp.Schema) && items.has(this.negate(item)))
        return this.false;
    }
    return this.#combine(FormulaOp.And, items, this.true);
  }

  or(parts: readonly Formula[]): Formula {
    const items = new Set<Formula>();
    for (const part of flatten(parts, FormulaOp.Or)) {
      if (part === this.true) return this.true;
      if (part !== this.false) items.add(part);
    }
    for (const item of items) {
      if ((item.op === FormulaOp.Not || item.op === FormulaOp.Schema) && items.has(this.negate(item))) return this.true;
    }
    return this.#combine(FormulaOp.Or, items, this.false);
  }

  /** Exactly one of `parts`; the same formula twice can never be the only one. */
  one(parts: readonly Formula[]): Formula {
    const maybe = parts.filter((part) => part !== this.false);
    const certain = maybe.filter((part) => part === this.true).length;
    if (certain > 1) return this.false;
    if (certain === 1) return this.and(maybe.filter((part) => part !== this.true).map((part) => this.negate(part)));
    if (maybe.length <= 1) return maybe[0] ?? this.false;
    const sorted = [...maybe].sort((left, right) => left.id - right.id);
    return this.#intern(`1${ids(sorted)}`, { op: FormulaOp.One, items: sorted });
  }

  negate(formula: Formula): Formula {
    let result = this.#negations.get(formula);
    if (result === undefined) {
      result = this.#negateFresh(formula);
      this.#negations.set(formula, result);
      this.#negations.set(result, formula);
    }
    return result;
  }

  schema(use: number): Formula {
    return this.#intern(`s${use}`, { op: FormulaOp.Schema, use });
  }

  eachProperty(matcher: Matcher, value: Formula): Formula {
    if (value === this.true) return this.true;
    return this.#intern(`p${value.id},${matcher.id}`, { op: FormulaOp.EachProperty, matcher, value });
  }

  someProperty(matcher: Matcher, value: Formula): Formula {
    if (value === this.false) return this.false;
    return this.#intern(`q${value.id},${matcher.id}`, { op: FormulaOp.SomeProperty, matcher, value });
  }

  propertyCount(minimum: number, maximum: number): Formula {
    return this.#count(FormulaOp.PropertyCount, minimum, maximum);
  }

  itemCount(minimum: number, maximum: number): Formula {
    return this.#count(FormulaOp.ItemCount, minimum, maximum);
  }

  eachItem(from: number, to: number, value: Formula): Formula {
    if (value === this.true || to <= from) return this.true;
    return this.#intern(`i${from},${to},${value.id}`, { op: FormulaOp.EachItem, minimum: from, maximum: to, value });
  }

  someItem(from: number, to: number, value: Formula): Formula {
    if (value === this.false || to <= from) return this.false;
    return this.#intern(`j${from},${to},${value.id}`, { op: FormulaOp.SomeItem, minimum: from, maximum: to, value });
  }

  contains(value: Formula, minimum: number, maximum: number): Formula {
    if (minimum > maximum || maximum < 0) return this.false;
    if (minimum <= 0 && maximum === unbounded) return this.true;
    const least = Math.max(0, minimum);
    return this.#intern(`k${value.id},${least},${maximum}`, {
      op: FormulaOp.Contains,
      minimum: least,
      maximum,
      value,
    });
  }

  unique(): Formula {
    return this.#intern('u', { op: FormulaOp.Unique, comparesItems: true });
  }

  uncoveredProperties(
    conditions: readonly Formula[],
    coveredNames: readonly (readonly Matcher[])[],
    value: Formula,
  ): Formula {
    if (value === this.true) return this.true;
    const covers = coveredNames.map((matchers) => matchers.map((matcher) => matcher.id));
    return this.#intern(`x${value.id};${ids(conditions)};${JSON.stringify(covers)}`, {
      op: FormulaOp.UncoveredProperties,
      items: conditions,
      coveredNames,
      value,
    });
  }

  uncoveredItems(
    conditions: readonly Formula[],
    coveredItems: readonly (readonly ItemCover[])[],
    value: Formula,
  ): Formula {
    if (value === this.true) return this.true;
    const covers = coveredItems.map((list) => list.map((cover) => `${cover.upTo}/${cover.matching?.id ?? ''}`));
    return this.#intern(`y${value.id};${ids(conditions)};${JSON.stringify(covers)}`, {
      op: FormulaOp.UncoveredItems,
      items: conditions,
      coveredItems,
      value,
    });
  }

  /** The matcher of one name. */
  name(name: string): Matcher {
    return { kind: 'name', id: `n${JSON.stringify(name)}`, name };
  }

  /** The matcher of the names in a language. */
  pattern(pattern: Expression): Matcher {
    return { kind: 'pattern', id: `p${pattern.id}`, pattern };
  }

  /** The matcher of all names but these. */
  other(names: Iterable<string>, patterns: readonly Expression[]): Matcher {
    const set = new Set(names);
    const id = `o${JSON.stringify([...set])};${patterns.map((pattern) => pattern.id).join()}`;
    return { kind: 'other', id, names: set, patterns };
  }

  #count(op: FormulaOp, minimum: number, maximum: number): Formula {
    if (minimum > maximum || maximum < 0) return this.false;
    if (minimum <= 0 && maximum === unbounded) return this.true;
    return this.#intern(`c${op},${Math.max(0, minimum)},${maximum}`, { op, minimum: Math.max(0, minimum), maximum });
  }

  #negateFresh(formula: Formula): Formula {
    const { op, items, minimum, maximum } = formula;
    switch (op) {
      case FormulaOp.False:
        return this.true;
      case FormulaOp.True:
        return this.false;
      case FormulaOp.And:
        return this.or(items.map((item) => this.negate(item)));
      case FormulaOp.Or:
        return this.and(items.map((item) => this.negate(item)));
      case FormulaOp.EachProperty:
        return this.someProperty(formula.matcher!, this.negate(formula.value!));
      case FormulaOp.SomeProperty:
        return this.eachProperty(formula.matcher!, this.negate(formula.value!));
      case FormulaOp.EachItem:
        return this.someItem(minimum, maximum, this.negate(formula.value!));
      case FormulaOp.SomeItem:
        return this.eachItem(minimum, maximum, this.negate(formula.value!));
      case FormulaOp.PropertyCount:
      case FormulaOp.ItemCount:
        return this.or([this.#count(op, 0, minimum - 1), this.#count(op, maximum + 1, unbounded)]);
      case FormulaOp.Contains: {
        const value = formula.value!;
        return this.or([this.contains(value, 0, minimum - 1), this.contains(value, maximum + 1, unbounded)]);
      }
      default:
        return this.#intern(`!${formula.id}`, { op: FormulaOp.Not, items: [formula] });
    }
  }

  #combine(op: FormulaOp, items: Set<Formula>, neutral: Formula): Formula {
    const sorted = [...items].sort((left, right) => left.id - right.id);
    if (sorted.length <= 1) return sorted[0] ?? neutral;
    return this.#intern(`${op === FormulaOp.And ? '&' : '|'}${ids(sorted)}`, { op, items: sorted });
  }

  #intern(key: string, fields: Fields): Formula {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const items = fields.items ?? [];
    this.#size += 1 + items.length;
    if (this.#size > this.#limits.formulaNodes) throw limitExceeded('formulaNodes', this.#limits.formulaNodes);
    const node: Formula = {
      id: this.#nodes.size,
      op: fields.op,
      items,
      matcher: fields.matcher ?? null,
      value: fields.value ?? null,
      minimum: fields.minimum ?? 0,
      maximum: fields.maximum ?? 0,
      use: fields.use ?? -1,
      coveredNames: fields.coveredNames ?? [],
      coveredItems: fields.coveredItems ?? [],
      comparesItems: fields.comparesItems ?? items.some((item) => item.comparesItems),
      mentions: null,
      byName: null,
    };
    this.#nodes.set(key, node);
    return node;
  }
}

function ids(items: readonly Formula[]): string {
  return items.map((item) => item.id).join();
}

function* flatten(parts: readonly Formula[], op: FormulaOp): Iterable<Formula> {
  for (const part of parts) {
    if (part.op === op) yield* part.items;
    else yield part;
  }
}
