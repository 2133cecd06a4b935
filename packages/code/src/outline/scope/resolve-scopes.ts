import type { FlatTree } from '../../syntax/flat-tree.js';
import { resolveJavaScript } from './javascript-scopes.js';
import { resolvePython } from './python-scopes.js';
import type { ScopeTable } from './scope-table.js';

const resolved = new WeakMap<FlatTree, ScopeTable>();

/** The scopes of a tree with every declaration and use of a name. One pass; linear in the size of the tree. Kept as long as the tree. */
export function resolveScopes(tree: FlatTree): ScopeTable {
  const known = resolved.get(tree);
  if (known !== undefined) return known;
  const table = tree.language === 'python' ? resolvePython(tree) : resolveJavaScript(tree);
  resolved.set(tree, table);
  return table;
}
