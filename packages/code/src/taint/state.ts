import { bottom, join, type Predicate, type Value } from './value.js';

/** Dangers that checks have ruled out on the way here, by value key. */
export type Refinement = ReadonlyMap<number, number>;

export const noRefinement: Refinement = new Map();

/** What is known at one place of one activation: the slots, and what was checked on the way. */
export interface State {
  readonly slots: Value[];
  refined: Refinement;
}

/** A state that can be changed without touching the original. */
export function copyState(state: State): State {
  return { slots: state.slots.slice(), refined: state.refined };
}

/** What both ruled out. */
export function meetRefinements(a: Refinement, b: Refinement): Refinement {
  if (a === b) return a;
  if (a.size === 0 || b.size === 0) return noRefinement;
  const met = new Map<number, number>();
  for (const [key, bits] of a) {
    const both = bits & (b.get(key) ?? 0);
    if (both !== 0) met.set(key, both);
  }
  return met;
}

/** What either ruled out. */
export function addRefinements(a: Refinement, b: Refinement): Refinement {
  if (b.size === 0) return a;
  if (a.size === 0) return b;
  const sum = new Map(a);
  for (const [key, bits] of b) sum.set(key, (sum.get(key) ?? 0) | bits);
  return sum;
}

function sameRefinement(a: Refinement, b: Refinement): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, bits] of a) if (b.get(key) !== bits) return false;
  return true;
}

/** Merges `next` into `known` and says whether that changed anything. */
export function joinState(known: State, next: State): boolean {
  let changed = false;
  for (let slot = 0; slot < known.slots.length; slot += 1) {
    const before = known.slots[slot] as Value;
    const after = join(before, next.slots[slot] as Value);
    if (after !== before) {
      known.slots[slot] = after;
      changed = true;
    }
  }
  const refined = meetRefinements(known.refined, next.refined);
  if (!sameRefinement(refined, known.refined)) {
    known.refined = refined;
    changed = true;
  }
  return changed;
}

/** A state in which nothing has a value yet. */
export function emptyState(slotCount: number, refined: Refinement): State {
  return { slots: new Array<Value>(slotCount).fill(bottom), refined };
}

/** The predicate of a value that is certainly true or certainly false where the refinements hold. */
export function predicateOf(truth: boolean | undefined, refined: Refinement, own: Predicate | undefined): Outcome {
  return {
    whenTrue: truth === false ? undefined : addRefinements(refined, own?.whenTrue ?? noRefinement),
    whenFalse: truth === true ? undefined : addRefinements(refined, own?.whenFalse ?? noRefinement),
  };
}

/** What is ruled out when something turned out true or false; undefined where it cannot. */
export interface Outcome {
  readonly whenTrue: Refinement | undefined;
  readonly whenFalse: Refinement | undefined;
}

/** What is ruled out by either outcome of one of two ways. */
export function meetOutcomes(a: Outcome | undefined, b: Outcome): Outcome {
  if (a === undefined) return b;
  const meet = (x: Refinement | undefined, y: Refinement | undefined): Refinement | undefined =>
    x === undefined ? y : y === undefined ? x : meetRefinements(x, y);
  return { whenTrue: meet(a.whenTrue, b.whenTrue), whenFalse: meet(a.whenFalse, b.whenFalse) };
}
