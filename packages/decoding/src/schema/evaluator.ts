import { type Formula, FormulaOp } from '../automaton/formula.js';
import { DecodingError } from '../errors.js';
import { type DecodingLimits, limitExceeded } from '../limits.js';
import { type Algebra, applicatorsOf, combineApplicators, isHiddenByReference } from './applicators.js';
import type { SchemaUse, SchemaUses } from './use.js';

/**
 * Works out what schemas say about one kind of value, in the algebra that suits the kind: a language for texts and
 * numbers, a formula for objects and arrays, true or false for the rest.
 */
export class Evaluator<T> {
  readonly #uses: SchemaUses;
  readonly #limits: DecodingLimits;
  readonly #algebra: Algebra<T>;
  readonly #own: (use: SchemaUse) => readonly T[];
  readonly #byUse = new Map<SchemaUse, T>();
  readonly #byFormula = new Map<Formula, T>();
  readonly #open = new Set<SchemaUse>();

  /** `own` gives what the keywords of one schema say that apply no other schema in place. */
  constructor(
    uses: SchemaUses,
    options: { algebra: Algebra<T>; own: (use: SchemaUse) => readonly T[]; limits: DecodingLimits },
  ) {
    this.#uses = uses;
    this.#algebra = options.algebra;
    this.#own = options.own;
    this.#limits = options.limits;
  }

  /** What a formula over schemas says. */
  ofFormula(formula: Formula): T {
    let result = this.#byFormula.get(formula);
    if (result === undefined) {
      result = this.#fresh(formula);
      this.#byFormula.set(formula, result);
    }
    return result;
  }

  #fresh(formula: Formula): T {
    const { items } = formula;
    switch (formula.op) {
      case FormulaOp.True:
        return this.#algebra.true;
      case FormulaOp.And:
        return this.#algebra.and(items.map((item) => this.ofFormula(item)));
      case FormulaOp.Or:
        return this.#algebra.or(items.map((item) => this.ofFormula(item)));
      case FormulaOp.One:
        return this.#algebra.one(items.map((item) => this.ofFormula(item)));
      case FormulaOp.Not:
        return this.#algebra.negate(this.ofFormula(items[0]!));
      case FormulaOp.Schema:
        return this.ofUse(this.#uses.get(formula.use));
      default:
        return this.#algebra.false;
    }
  }

  /**
   * What a schema says.
   *
   * @throws {DecodingError} `reference-loop` where a schema applies itself to the same value.
   */
  ofUse(use: SchemaUse): T {
    const known = this.#byUse.get(use);
    if (known !== undefined) return known;
    if (this.#open.has(use)) {
      throw new DecodingError(
        'reference-loop',
        `The schema at ${use.pointer || 'the root'} applies itself to the same value.`,
        {
          pointer: use.pointer,
          keyword: '$ref',
        },
      );
    }
    if (this.#open.size >= this.#limits.schemaDepth) throw limitExceeded('schemaDepth', this.#limits.schemaDepth);
    this.#open.add(use);
    const result = this.#freshUse(use);
    this.#open.delete(use);
    this.#byUse.set(use, result);
    return result;
  }

  #freshUse(use: SchemaUse): T {
    const { schema, keywords } = use;
    if (keywords === null) return schema === true ? this.#algebra.true : this.#algebra.false;
    const applied = combineApplicators(this.#algebra, applicatorsOf(this.#uses, use), (other) => this.ofUse(other));
    if (isHiddenByReference(use)) return applied;
    return this.#algebra.and([...this.#own(use), applied]);
  }
}
