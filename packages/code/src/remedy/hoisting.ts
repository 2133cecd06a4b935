import type { FileContext } from '../outline/file-context.js';

/** What a language says about evaluating an expression ahead of the statement it stands in. */
export interface HoistingRules {
  isPure(node: number): boolean;
  /** Whether a part of a parent is evaluated only sometimes. */
  isConditional(parent: number, part: number): boolean;
  /** Whether a statement evaluates its parts more than once, or not at first. */
  isRepeated(statement: number): boolean;
}

/**
 * Whether evaluating an argument ahead of its statement changes nothing: it is evaluated anyway, once, and either only
 * reads (`isReadOnly`) or has nothing but reads before it.
 */
export function canHoist(
  file: FileContext,
  place: { readonly argument: number; readonly statement: number; readonly isReadOnly: boolean },
  rules: HoistingRules,
): boolean {
  const { tree } = file;
  for (let at = place.argument; at !== place.statement; at = tree.parent[at] as number) {
    const parent = tree.parent[at] as number;
    const earlier = tree
      .childrenOf(parent)
      .filter((child) => (tree.end[child] as number) <= (tree.start[at] as number));
    if (!place.isReadOnly && !earlier.every((child) => rules.isPure(child))) return false;
    if (rules.isConditional(parent, at)) return false;
  }
  return !rules.isRepeated(place.statement);
}
