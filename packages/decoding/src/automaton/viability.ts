import type { SchemaSemantics } from '../schema/semantics.js';
import { afterItem, itemRequirement } from './array-rules.js';
import type { Expression } from './expression.js';
import { type Formula, FormulaOp, type NameClass } from './formula.js';
import { isAlive } from './liveness.js';
import { NameClasses } from './name-classes.js';
import { holdsAtEnd, mentionsOf, propertyRequirement, requiredNames } from './object-rules.js';

const maximumDepth = 40;

/**
 * Tells what can still be satisfied, so that the mask never leads into a dead end that can be seen from here. Where
 * the answer would take too deep a look it is yes: nothing valid is ever refused.
 */
export class Viability {
  readonly names: NameClasses;
  readonly #semantics: SchemaSemantics;
  readonly #satisfiable = new Map<Formula, boolean>();
  readonly #objects = new Map<Formula, Formula>();
  #depth = 0;

  constructor(semantics: SchemaSemantics) {
    this.#semantics = semantics;
    this.names = new NameClasses(semantics.expressions);
  }

  /** Whether some value satisfies a formula over schemas. */
  isSatisfiable(formula: Formula): boolean {
    const { formulas, expressions } = this.#semantics;
    if (formula === formulas.true) return true;
    if (formula === formulas.false) return false;
    const known = this.#satisfiable.get(formula);
    if (known !== undefined || this.#depth > maximumDepth) return known ?? true;
    // A value that contains itself is taken to exist until the outer question is answered.
    this.#satisfiable.set(formula, true);
    this.#depth += 1;
    const result =
      isAlive(expressions, this.#semantics.text(formula)) ||
      isAlive(expressions, this.#semantics.number(formula)) ||
      [true, false, null].some((literal) => this.#semantics.literal(formula, literal)) ||
      this.object(this.#semantics.object(formula)) !== formulas.false ||
      this.array(this.#semantics.array(formula)) !== formulas.false;
    this.#depth -= 1;
    this.#satisfiable.set(formula, result);
    return result;
  }

  /** A formula about the rest of an object without the alternatives that no property can save; false if none is left. */
  object(formula: Formula): Formula {
    const known = this.#objects.get(formula);
    if (known !== undefined) return known;
    const { formulas } = this.#semantics;
    let result = formula;
    if (formula.op === FormulaOp.Or) result = formulas.or(formula.items.map((item) => this.object(item)));
    else if (formula !== formulas.false && !this.#objectLives(formula)) result = formulas.false;
    this.#objects.set(formula, result);
    return result;
  }

  #objectLives(formula: Formula): boolean {
    for (const name of requiredNames(formula)) {
      if (!this.allows(formula, this.names.of(mentionsOf(formula).patterns, name))) return false;
    }
    if (formula.op !== FormulaOp.And) return true;
    const count = formula.items.find((item) => item.op === FormulaOp.PropertyCount);
    const least = count?.minimum ?? 0;
    if (least > 0 && !this.#mayHave(formula, least)) return false;
    if (requiredNames(formula).size > (count?.maximum ?? Number.POSITIVE_INFINITY)) return false;
    return formula.items.every((item) => item.op !== FormulaOp.Or || this.object(item).op !== FormulaOp.False);
  }

  /** Whether at least `least` different names are allowed. */
  #mayHave(formula: Formula, least: number): boolean {
    if (this.otherNames(formula) !== this.#semantics.expressions.empty) return true;
    let found = 0;
    for (const name of mentionsOf(formula).names) {
      if (this.allows(formula, this.names.of(mentionsOf(formula).patterns, name))) found += 1;
      if (found >= least) return true;
    }
    return false;
  }

  /** Whether a property with a name of this class may come. */
  allows(formula: Formula, name: NameClass): boolean {
    return this.isSatisfiable(propertyRequirement(this.#semantics.formulas, formula, name));
  }

  /** The names that no atom mentions and that may come. */
  otherNames(formula: Formula): Expression {
    const { expressions, formulas } = this.#semantics;
    const { patterns } = mentionsOf(formula);
    if (patterns.size === 0) return this.allows(formula, this.names.unmentioned) ? expressions.all : expressions.empty;
    const room = formula.op !== FormulaOp.And || formula.items.every((item) => !isFull(item));
    return room && formula !== formulas.false ? this.#allowedNames(formula) : expressions.empty;
  }

  #allowedNames(formula: Formula): Expression {
    const { expressions } = this.#semantics;
    switch (formula.op) {
      case FormulaOp.And:
        return expressions.and(formula.items.map((item) => this.#allowedNames(item)));
      case FormulaOp.Or:
      case FormulaOp.One:
        return expressions.or(formula.items.map((item) => this.#allowedNames(item)));
      case FormulaOp.EachProperty:
        if (this.isSatisfiable(formula.value!)) return expressions.all;
        return expressions.not(this.names.language(formula.matcher!));
      case FormulaOp.UncoveredProperties:
        if (this.isSatisfiable(formula.value!)) return expressions.all;
        return expressions.or(formula.coveredNames.flat().map((matcher) => this.names.language(matcher)));
      default:
        return expressions.all;
    }
  }

  /** The same as {@link object} for the rest of an array. */
  array(formula: Formula): Formula {
    const { formulas } = this.#semantics;
    if (formula.op === FormulaOp.Or) return formulas.or(formula.items.map((item) => this.array(item)));
    return this.arrayLives(formula) ? formula : formulas.false;
  }

  /** Whether the rest of an array can be completed, as far as a look at the next few items tells. */
  arrayLives(formula: Formula): boolean {
    const { formulas } = this.#semantics;
    let rest = formula;
    for (let ahead = 0; ahead < 8; ahead += 1) {
      if (holdsAtEnd(rest)) return true;
      const requirement = itemRequirement(formulas, rest);
      if (!this.isSatisfiable(requirement)) return false;
      // The best that can happen: an item that is everything asked of it.
      const next = afterItem(formulas, rest, () => true, false);
      if (next === rest || next === formulas.false) return true;
      rest = next;
    }
    return true;
  }

  /** Whether one more property may come. */
  hasNextProperty(formula: Formula, seen: ReadonlySet<string>): boolean {
    if (this.otherNames(formula) !== this.#semantics.expressions.empty) return true;
    for (const name of mentionsOf(formula).names) {
      if (!seen.has(name) && this.allows(formula, this.names.of(mentionsOf(formula).patterns, name))) return true;
    }
    return false;
  }
}

function isFull(item: Formula): boolean {
  return item.op === FormulaOp.PropertyCount && item.maximum === 0;
}
