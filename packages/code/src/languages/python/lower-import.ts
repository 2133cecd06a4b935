import type { PyContext } from './context.js';

/** `import a.b` binds `a`, `import a.b as c` binds the inner module. */
export function lowerImport(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  for (const name of tree.childrenByField(node, 'name')) {
    const alias = tree.childByField(name, 'alias');
    const path = tree.textOf(alias < 0 ? name : tree.childByField(name, 'name'));
    cx.imports.add(path);
    cx.at(name);
    const inner = fn.compute('import', { name: path, value: '*' });
    if (alias >= 0) {
      cx.write(alias, inner);
      continue;
    }
    const head = path.split('.')[0] as string;
    cx.write(node, head === path ? inner : fn.compute('import', { name: head, value: '*' }), head);
  }
}

/** `from x import y`, also relative and with `*`. */
export function lowerImportFrom(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const from = tree.textOf(tree.childByField(node, 'module_name')).replace(/\s+/g, '');
  if (from === '__future__') return;
  cx.imports.add(from);
  if (tree.childrenOf(node).some((child) => tree.kindOf(child) === 'wildcard_import')) {
    cx.starImports.push(from);
    cx.at(node);
    fn.compute('import', { name: from, value: '*' });
  }
  for (const name of tree.childrenByField(node, 'name')) {
    const alias = tree.childByField(name, 'alias');
    const imported = tree.textOf(alias < 0 ? name : tree.childByField(name, 'name'));
    cx.at(name);
    const value = fn.compute('import', { name: from, value: imported });
    cx.write(node, value, alias < 0 ? imported : tree.textOf(alias));
  }
}
