import type { Binding, ScopeTable } from '../../outline/scope/scope-table.js';

/** Why a binding cannot take a name: the row of what stands in the way. */
export interface Capture {
  readonly node: number;
  readonly kind: 'taken' | 'hidden' | 'captured';
}

/**
 * What stands in the way of giving a binding a new name: the name is `taken` in its scope, a use of the binding would be
 * `hidden` by a declaration nearer to it, or a use of something else of that name would be `captured`.
 */
export function findCapture(scopes: ScopeTable, binding: Binding, newName: string): Capture | undefined {
  if (newName === binding.name) return undefined;
  const taken = scopes.scopes[binding.scope]?.bindings.get(newName);
  if (taken !== undefined) return { node: taken.declarations[0] as number, kind: 'taken' };
  for (const { node, scope } of binding.references) {
    for (let at = scope; at > binding.scope; at = scopes.scopes[at]?.parent ?? -1) {
      if (scopes.scopes[at]?.bindings.has(newName) === true) return { node, kind: 'hidden' };
    }
  }
  const others = [...(scopes.unresolved.get(newName) ?? [])];
  for (const other of scopes.bindings()) {
    if (other.name === newName && other !== binding && scopes.isWithin(binding.scope, other.scope))
      others.push(...other.references);
  }
  const captured = others.find(({ scope }) => scopes.isWithin(scope, binding.scope));
  return captured === undefined ? undefined : { node: captured.node, kind: 'captured' };
}
