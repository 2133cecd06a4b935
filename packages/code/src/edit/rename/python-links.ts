import type { FlatTree } from '../../syntax/flat-tree.js';
import type { ModuleLink } from './module-link.js';

/** The ways in which a Python file reaches other files of the tree. */
export function readPythonLinks(tree: FlatTree, resolve: (specifier: string) => string | undefined): ModuleLink[] {
  const links: ModuleLink[] = [];
  for (let statement = 0; statement < tree.size; statement += 1) {
    const kind = tree.kindOf(statement);
    if (kind === 'import_statement') links.push(...readImport(tree, statement, resolve));
    else if (kind === 'import_from_statement') links.push(...readFrom(tree, statement, resolve));
  }
  return links;
}

function readImport(
  tree: FlatTree,
  statement: number,
  resolve: (specifier: string) => string | undefined,
): ModuleLink[] {
  return tree.childrenByField(statement, 'name').flatMap((item): ModuleLink[] => {
    const isAliased = tree.kindOf(item) === 'aliased_import';
    const dotted = isAliased ? tree.childByField(item, 'name') : item;
    const name = tree.textOf(dotted);
    const module = resolve(name);
    if (module === undefined) return [];
    // `import a.b` binds `a`; the module is then a chain of members.
    if (!isAliased && name.includes('.')) return [{ kind: 'opaque', module, node: item }];
    const local = isAliased ? tree.childByField(item, 'alias') : (tree.firstChild[dotted] as number);
    return [{ kind: 'whole', module, local, node: item }];
  });
}

function readFrom(tree: FlatTree, statement: number, resolve: (specifier: string) => string | undefined): ModuleLink[] {
  const source = tree.textOf(tree.childByField(statement, 'module_name'));
  const module = resolve(source);
  const links: ModuleLink[] = [];
  const isStar = tree.childrenOf(statement).some((child) => tree.kindOf(child) === 'wildcard_import');
  if (isStar && module !== undefined) links.push({ kind: 'opaque', module, node: statement });
  for (const item of tree.childrenByField(statement, 'name')) {
    const isAliased = tree.kindOf(item) === 'aliased_import';
    const dotted = isAliased ? tree.childByField(item, 'name') : item;
    const node = tree.firstChild[dotted] as number;
    const local = isAliased ? tree.childByField(item, 'alias') : node;
    const name = tree.textOf(dotted);
    // `from package import module` binds a file, not one of its names.
    const inner = resolve(source.endsWith('.') ? source + name : `${source}.${name}`);
    if (inner !== undefined && inner !== module) links.push({ kind: 'whole', module: inner, local, node: item });
    if (module !== undefined) links.push({ kind: 'named', module, name, node, local });
  }
  return links;
}
