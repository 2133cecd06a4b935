import type { FlatTree } from '../syntax/flat-tree.js';

/** Python statements that need a block, and the field that holds it; `block` where it is a child without field. */
const blockFields: ReadonlyMap<string, string> = new Map([
  ['function_definition', 'body'],
  ['class_definition', 'body'],
  ['while_statement', 'body'],
  ['for_statement', 'body'],
  ['with_statement', 'body'],
  ['try_statement', 'body'],
  ['else_clause', 'body'],
  ['if_statement', 'consequence'],
  ['elif_clause', 'consequence'],
  ['case_clause', 'consequence'],
  ['except_clause', ''],
  ['finally_clause', ''],
]);

/** Offset of the first Python statement whose block is empty, which the grammar lets pass and Python does not; or -1. */
export function findEmptyBlock(tree: FlatTree): number {
  if (tree.language !== 'python') return -1;
  for (let node = 0; node < tree.size; node += 1) {
    const field = blockFields.get(tree.kindOf(node));
    if (field === undefined) continue;
    const block =
      field === ''
        ? tree.childrenOf(node).findLast((child) => tree.kindOf(child) === 'block')
        : tree.childByField(node, field);
    if (block === undefined || block < 0 || (tree.firstChild[block] as number) < 0) return tree.start[node] as number;
  }
  return -1;
}
