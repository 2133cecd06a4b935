import type { FlatTree } from '../../syntax/flat-tree.js';
import { resolveJavaScript } from './javascript-scopes.js';
import { resolvePython } from './python-scopes.js';
import type { ScopeTable } from './scope-table.js';

/** The scopes of a tree with every declaration and use of a name. One pass; linear in the size of the tree. */
export function resolveScopes(tree: FlatTree): ScopeTable {
  return tree.language === 'python' ? resolvePython(tree) : resolveJavaScript(tree);
}
