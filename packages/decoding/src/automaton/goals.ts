import type { SchemaSemantics } from '../schema/semantics.js';
import { collectItemGoals, itemRequirement } from './array-rules.js';
import { type Formula, FormulaOp } from './formula.js';
import type { Frame } from './frame.js';
import { collectPropertyGoals, propertyRequirement } from './object-rules.js';

/**
 * What is asked of the next value in a frame: first what it must satisfy, then every formula whose truth the frame has
 * to know although it is not a must.
 */
export class Goals {
  readonly #semantics: SchemaSemantics;
  readonly #byContent = new Map<number, readonly Formula[]>();

  constructor(semantics: SchemaSemantics) {
    this.#semantics = semantics;
  }

  of(frame: Frame): readonly Formula[] {
    let goals = this.#byContent.get(frame.content);
    if (goals === undefined) {
      goals = this.#fresh(frame);
      this.#byContent.set(frame.content, goals);
    }
    return goals;
  }

  #fresh(frame: Frame): readonly Formula[] {
    const store = this.#semantics.formulas;
    const rule = frame.formulas[0]!;
    if (frame.kind === 'document') return [rule];
    const wanted = new Set<Formula>();
    let must: Formula;
    if (frame.kind === 'object') {
      must = propertyRequirement(store, rule, frame.name!);
      for (const formula of frame.formulas) collectPropertyGoals(formula, frame.name!, wanted);
    } else {
      must = itemRequirement(store, rule);
      for (const formula of frame.formulas) collectItemGoals(formula, wanted);
    }
    const met = new Set(must.op === FormulaOp.And ? must.items : [must]);
    const open = [...wanted].filter((goal) => {
      if (goal === store.true || goal === store.false || met.has(goal)) return false;
      return goal.op !== FormulaOp.And || !goal.items.every((item) => met.has(item));
    });
    return [must, ...open];
  }
}
