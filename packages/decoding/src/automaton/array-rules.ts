import { type Formula, FormulaOp, type ItemCover } from './formula.js';
import type { FormulaStore } from './formula-store.js';
import type { Truth } from './object-rules.js';

/** What the next item has to satisfy if the formula shall still be able to hold. */
export function itemRequirement(store: FormulaStore, formula: Formula): Formula {
  switch (formula.op) {
    case FormulaOp.False:
      return store.false;
    case FormulaOp.And: {
      const room = formula.items.find((item) => item.op === FormulaOp.ItemCount)?.maximum ?? Number.POSITIVE_INFINITY;
      return store.and(formula.items.flatMap((item) => [itemRequirement(store, item), lastChance(store, item, room)]));
    }
    case FormulaOp.Or:
    case FormulaOp.One:
      return store.or(formula.items.map((item) => itemRequirement(store, item)));
    case FormulaOp.EachItem:
      return formula.minimum === 0 ? formula.value! : store.true;
    case FormulaOp.SomeItem:
      return formula.minimum === 0 && formula.maximum === 1 ? formula.value! : store.true;
    case FormulaOp.Contains:
      return formula.maximum === 0 ? store.negate(formula.value!) : store.true;
    case FormulaOp.ItemCount:
      return formula.maximum === 0 ? store.false : store.true;
    case FormulaOp.UncoveredItems: {
      const covering = coveringItems(store, formula).map(([condition, matching]) =>
        store.and([itemRequirement(store, condition), matching]),
      );
      return store.or([formula.value!, ...covering]);
    }
    default:
      return store.true;
  }
}

/** What the next item must satisfy because no more than `room` items may come. */
function lastChance(store: FormulaStore, formula: Formula, room: number): Formula {
  if (formula.op === FormulaOp.Contains && formula.minimum > 0 && formula.minimum >= room) return formula.value!;
  if (formula.op === FormulaOp.SomeItem && formula.minimum === 0 && room <= 1) return formula.value!;
  return store.true;
}

/** The conditions that may cover the next item, each with what the item must satisfy for it. */
function coveringItems(store: FormulaStore, formula: Formula): readonly (readonly [Formula, Formula])[] {
  return formula.items.flatMap((condition, i) =>
    formula.coveredItems[i]!.flatMap((cover): (readonly [Formula, Formula])[] => {
      if (cover.upTo > 0) return [[condition, store.true]];
      return cover.matching === null ? [] : [[condition, cover.matching]];
    }),
  );
}

/** Adds every formula whose truth of the next item the given one depends on. */
export function collectItemGoals(formula: Formula, goals: Set<Formula>): void {
  switch (formula.op) {
    case FormulaOp.And:
    case FormulaOp.Or:
    case FormulaOp.One:
    case FormulaOp.Not:
      for (const item of formula.items) collectItemGoals(item, goals);
      return;
    case FormulaOp.EachItem:
    case FormulaOp.SomeItem:
      if (formula.minimum === 0) goals.add(formula.value!);
      return;
    case FormulaOp.Contains:
      goals.add(formula.value!);
      return;
    case FormulaOp.UncoveredItems:
      goals.add(formula.value!);
      for (const item of formula.items) collectItemGoals(item, goals);
      for (const cover of formula.coveredItems.flat()) if (cover.matching !== null) goals.add(cover.matching);
  }
}

/** What has to hold of the rest of the array after an item; `repeated` tells that an equal item came before. */
export function afterItem(store: FormulaStore, formula: Formula, truth: Truth, repeated: boolean): Formula {
  const recur = (item: Formula) => afterItem(store, item, truth, repeated);
  const from = Math.max(0, formula.minimum - 1);
  switch (formula.op) {
    case FormulaOp.And:
      return store.and(formula.items.map(recur));
    case FormulaOp.Or:
      return store.or(formula.items.map(recur));
    case FormulaOp.One:
      return store.one(formula.items.map(recur));
    case FormulaOp.Not:
      return store.negate(recur(formula.items[0]!));
    case FormulaOp.EachItem:
      if (formula.minimum === 0 && !truth(formula.value!)) return store.false;
      return store.eachItem(from, formula.maximum - 1, formula.value!);
    case FormulaOp.SomeItem:
      if (formula.minimum === 0 && truth(formula.value!)) return store.true;
      return store.someItem(from, formula.maximum - 1, formula.value!);
    case FormulaOp.Contains: {
      const found = truth(formula.value!) ? 1 : 0;
      return store.contains(formula.value!, formula.minimum - found, formula.maximum - found);
    }
    case FormulaOp.ItemCount:
      return store.itemCount(formula.minimum - 1, formula.maximum - 1);
    case FormulaOp.Unique:
      return repeated ? store.false : formula;
    case FormulaOp.UncoveredItems: {
      const shift = (cover: ItemCover): ItemCover => ({ ...cover, upTo: Math.max(0, cover.upTo - 1) });
      const covers = formula.coveredItems.map((list) => list.map(shift));
      const rest = store.uncoveredItems(formula.items.map(recur), covers, formula.value!);
      if (truth(formula.value!)) return rest;
      const covering = coveringItems(store, formula).filter(
        ([, matching]) => matching === store.true || truth(matching),
      );
      return store.and([rest, store.or(covering.map(([condition]) => recur(condition)))]);
    }
    default:
      return formula;
  }
}
