import type { CharSet } from '../automaton/char-set.js';

/** A parsed pattern of ECMA-262, without what no regular language can say. */
export type Pattern =
  | { readonly kind: 'chars'; readonly set: CharSet }
  | { readonly kind: 'sequence'; readonly items: readonly Pattern[] }
  | { readonly kind: 'either'; readonly items: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly item: Pattern; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | { readonly kind: 'ahead'; readonly item: Pattern; readonly negated: boolean };

/** Whether the pattern contains an anchor or a look-ahead, whose meaning depends on what stands around it. */
export function hasAssertion(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'chars':
      return false;
    case 'sequence':
    case 'either':
      return pattern.items.some(hasAssertion);
    case 'repeat':
      return hasAssertion(pattern.item);
    default:
      return true;
  }
}
