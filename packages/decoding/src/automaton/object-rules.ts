import type { Expression } from './expression.js';
import { type Formula, FormulaOp, type Matcher, type Mentions, type NameClass } from './formula.js';
import type { FormulaStore } from './formula-store.js';

/** Tells whether a schema that a finished property was measured by holds of its value. */
export type Truth = (formula: Formula) => boolean;

/** Whether a name of this class is one that the matcher speaks of. */
function matchesName(matcher: Matcher, name: NameClass): boolean {
  switch (matcher.kind) {
    case 'name':
      return matcher.name === name.name;
    case 'pattern':
      return name.patterns.has(matcher.pattern);
    case 'other':
      if (name.name !== null && matcher.names.has(name.name)) return false;
      return !matcher.patterns.some((pattern) => name.patterns.has(pattern));
  }
}

/** The names and patterns that some atom of the formula mentions. */
export function mentionsOf(formula: Formula): Mentions {
  if (formula.mentions !== null) return formula.mentions;
  const names = new Set<string>();
  const patterns = new Set<Expression>();
  const add = (matcher: Matcher) => {
    if (matcher.kind === 'name') names.add(matcher.name);
    else if (matcher.kind === 'pattern') patterns.add(matcher.pattern);
    else {
      for (const name of matcher.names) names.add(name);
      for (const pattern of matcher.patterns) patterns.add(pattern);
    }
  };
  if (formula.matcher !== null) add(formula.matcher);
  for (const matchers of formula.coveredNames) for (const matcher of matchers) add(matcher);
  for (const item of formula.items) {
    const inner = mentionsOf(item);
    for (const name of inner.names) names.add(name);
    for (const pattern of inner.patterns) patterns.add(pattern);
  }
  formula.mentions = { names, patterns };
  return formula.mentions;
}

/** Items of a conjunction that may concern a name of this class; an index spares reading hundreds of others. */
function concerned(formula: Formula, name: NameClass): readonly Formula[] {
  formula.byName ??= indexByName(formula);
  const general = formula.byName.get('') ?? [];
  const own = name.name === null ? undefined : formula.byName.get(`=${name.name}`);
  return own === undefined ? general : [...own, ...general];
}

function indexByName(formula: Formula): ReadonlyMap<string, readonly Formula[]> {
  const index = new Map<string, Formula[]>();
  for (const item of formula.items) {
    const key = item.matcher?.kind === 'name' ? `=${item.matcher.name}` : '';
    const list = index.get(key);
    if (list === undefined) index.set(key, [item]);
    else list.push(item);
  }
  return index;
}

/** What the value of a property with such a name has to satisfy if the formula shall still be able to hold. */
export function propertyRequirement(store: FormulaStore, formula: Formula, name: NameClass): Formula {
  switch (formula.op) {
    case FormulaOp.False:
      return store.false;
    case FormulaOp.And: {
      if (!hasRoom(formula, name)) return store.false;
      return store.and(concerned(formula, name).map((item) => propertyRequirement(store, item, name)));
    }
    case FormulaOp.Or:
    case FormulaOp.One:
      return store.or(formula.items.map((item) => propertyRequirement(store, item, name)));
    case FormulaOp.EachProperty:
      return matchesName(formula.matcher!, name) ? formula.value! : store.true;
    case FormulaOp.SomeProperty:
      // A name comes once, so a property that is asked for by its name has no second chance.
      return formula.matcher!.kind === 'name' && matchesName(formula.matcher!, name) ? formula.value! : store.true;
    case FormulaOp.PropertyCount:
      return formula.maximum === 0 ? store.false : store.true;
    case FormulaOp.UncoveredProperties: {
      const covering = coveringConditions(formula, name);
      return store.or([formula.value!, ...covering.map((item) => propertyRequirement(store, item, name))]);
    }
    default:
      return store.true;
  }
}

function coveringConditions(formula: Formula, name: NameClass): readonly Formula[] {
  return formula.items.filter((_, i) => formula.coveredNames[i]!.some((matcher) => matchesName(matcher, name)));
}

/** Whether the bound on the number of properties leaves room for this one beside those that must still come. */
function hasRoom(formula: Formula, name: NameClass): boolean {
  const count = formula.items.find((item) => item.op === FormulaOp.PropertyCount);
  if (count === undefined || count.maximum === Number.POSITIVE_INFINITY) return true;
  const needed = requiredNames(formula);
  return count.maximum > needed.size || (name.name !== null && needed.has(name.name));
}

/** The names that a conjunction, or a single atom, asks for. */
export function requiredNames(formula: Formula): ReadonlySet<string> {
  const names = new Set<string>();
  for (const item of formula.op === FormulaOp.And ? formula.items : [formula]) {
    if (item.op === FormulaOp.SomeProperty && item.matcher!.kind === 'name') names.add(item.matcher!.name);
  }
  return names;
}

/** Adds every formula whose truth of the property's value the given one depends on. */
export function collectPropertyGoals(formula: Formula, name: NameClass, goals: Set<Formula>): void {
  switch (formula.op) {
    case FormulaOp.And:
      for (const item of concerned(formula, name)) collectPropertyGoals(item, name, goals);
      return;
    case FormulaOp.Or:
    case FormulaOp.One:
    case FormulaOp.Not:
      for (const item of formula.items) collectPropertyGoals(item, name, goals);
      return;
    case FormulaOp.EachProperty:
    case FormulaOp.SomeProperty:
      if (matchesName(formula.matcher!, name)) goals.add(formula.value!);
      return;
    case FormulaOp.UncoveredProperties:
      goals.add(formula.value!);
      for (const item of formula.items) collectPropertyGoals(item, name, goals);
  }
}

/** What has to hold of the rest of the object after a property. */
export function afterProperty(store: FormulaStore, formula: Formula, name: NameClass, truth: Truth): Formula {
  const recur = (item: Formula) => afterProperty(store, item, name, truth);
  switch (formula.op) {
    case FormulaOp.And: {
      const touched = concerned(formula, name);
      const changes = touched.map(recur);
      if (changes.every((change, i) => change === touched[i])) return formula;
      const rest = new Set(formula.items);
      for (const item of touched) rest.delete(item);
      return store.and([...rest, ...changes]);
    }
    case FormulaOp.Or:
      return store.or(formula.items.map(recur));
    case FormulaOp.One:
      return store.one(formula.items.map(recur));
    case FormulaOp.Not:
      return store.negate(recur(formula.items[0]!));
    case FormulaOp.EachProperty:
      return !matchesName(formula.matcher!, name) || truth(formula.value!) ? formula : store.false;
    case FormulaOp.SomeProperty:
      if (!matchesName(formula.matcher!, name)) return formula;
      if (truth(formula.value!)) return store.true;
      return formula.matcher!.kind === 'name' ? store.false : formula;
    case FormulaOp.PropertyCount:
      return store.propertyCount(formula.minimum - 1, formula.maximum - 1);
    case FormulaOp.UncoveredProperties: {
      const rest = store.uncoveredProperties(formula.items.map(recur), formula.coveredNames, formula.value!);
      if (truth(formula.value!)) return rest;
      return store.and([rest, store.or(coveringConditions(formula, name).map(recur))]);
    }
    default:
      return formula;
  }
}

/** Whether the formula holds of an object that has no further property, or of an array that has no further item. */
export function holdsAtEnd(formula: Formula): boolean {
  switch (formula.op) {
    case FormulaOp.False:
    case FormulaOp.SomeProperty:
    case FormulaOp.SomeItem:
      return false;
    case FormulaOp.And:
      return formula.items.every(holdsAtEnd);
    case FormulaOp.Or:
      return formula.items.some(holdsAtEnd);
    case FormulaOp.One:
      return formula.items.filter(holdsAtEnd).length === 1;
    case FormulaOp.Not:
      return !holdsAtEnd(formula.items[0]!);
    case FormulaOp.PropertyCount:
    case FormulaOp.ItemCount:
    case FormulaOp.Contains:
      return formula.minimum === 0;
    default:
      return true;
  }
}
