import type { ModuleShape, SizeRange } from './module-shape.js';
import { RefusedModule } from './refusal.js';

/** Names that only the meter exports. A module that uses one itself is refused, and so is metering twice. */
export const reservedNames = {
  prefix: 'trocar:',
  fuel: 'trocar:fuel',
  stack: 'trocar:stack',
  start: 'trocar:start',
  table: 'trocar:table',
} as const;

/** Followed by the index of a memory: the name under which the meter exports it, so that its size can be read. */
export const memoryExportPrefix = 'trocar:memory:';

/** What a module may own at most. */
export interface ModuleCaps {
  /** Pages of 64 KiB over all its memories. */
  readonly memoryPages: number;
  /** Elements over all its tables. */
  readonly tableElements: number;
}

/** A memory or table with the maximum that it gets. */
export interface CappedRange {
  readonly range: SizeRange;
  readonly maximum: number;
}

/** @throws {RefusedModule} `reserved-name`. */
export function assertNoReservedNames(shape: ModuleShape): void {
  const names = [
    ...shape.exports.map(({ name }) => name),
    ...shape.imports.flatMap(({ module, name }) => [module, name]),
  ];
  const taken = names.find((name) => name.startsWith(reservedNames.prefix));
  if (taken === undefined) return;
  throw new RefusedModule('reserved-name', `The name ${JSON.stringify(taken.slice(0, 80))} belongs to the meter.`);
}

/**
 * The maximum of each memory and table that the module owns: what it declares, but never more than its share of the caps.
 *
 * @throws {RefusedModule} `over-cap` when the declared minimum is already too much.
 */
export function capRanges(shape: ModuleShape, caps: ModuleCaps): readonly CappedRange[] {
  return [
    ...capKind(shape.memories, caps.memoryPages, 'memory', 'pages'),
    ...capKind(shape.tables, caps.tableElements, 'table', 'elements'),
  ].sort((left, right) => left.range.start - right.range.start);
}

function capKind(ranges: readonly SizeRange[], cap: number, what: string, unit: string): CappedRange[] {
  const minimum = ranges.reduce((sum, range) => sum + range.minimum, 0);
  if (minimum > cap) {
    throw new RefusedModule('over-cap', `The module wants ${minimum} ${unit} of ${what}; ${cap} are allowed.`);
  }
  // What is imported has the maximum that its owner gave it. What the minima leave is shared equally among the module's
  // own, so that together they can never exceed the cap.
  const own = ranges.filter(({ imported }) => !imported);
  const spare = own.length === 0 ? 0 : Math.floor((cap - minimum) / own.length);
  return own.map((range) => ({ range, maximum: Math.min(range.maximum ?? cap, range.minimum + spare) }));
}
