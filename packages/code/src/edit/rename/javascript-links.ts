import type { FlatTree } from '../../syntax/flat-tree.js';
import type { ModuleLink } from './module-link.js';

/** The ways in which a JavaScript or TypeScript file reaches other files of the tree. */
export function readJavaScriptLinks(tree: FlatTree, resolve: (specifier: string) => string | undefined): ModuleLink[] {
  const links: ModuleLink[] = [];
  for (let node = 0; node < tree.size; node += 1) {
    if (tree.kindOf(node) !== 'Literal') continue;
    const text = tree.textOf(node);
    const module = /^['"][^'"\n]+['"]$/.test(text) ? resolve(text.slice(1, -1)) : undefined;
    if (module !== undefined) links.push(...readLink(tree, node, text.slice(1, -1), module));
  }
  return links;
}

function readLink(tree: FlatTree, literal: number, specifier: string, module: string): ModuleLink[] {
  const statement = tree.parent[literal] as number;
  const kind = tree.kindOf(statement);
  if (kind === 'ImportDeclaration') return readImport(tree, statement, module);
  if (kind === 'ExportAllDeclaration') {
    const isNamed = tree.childByField(statement, 'exported') >= 0;
    return [{ kind: isNamed ? 'opaque' : 'export-all', module, node: statement }];
  }
  if (kind === 'ExportNamedDeclaration') return readReExport(tree, statement, module);
  // Any other text that names the file: a dynamic import, a require, a mock. A bare word may be just a word.
  return /^\.{0,2}\//.test(specifier) ||
    /^(CallExpression|ImportExpression|TSExternalModuleReference|TSImportType|TSLiteralType)$/.test(kind)
    ? [{ kind: 'opaque', module, node: literal }]
    : [];
}

function readImport(tree: FlatTree, statement: number, module: string): ModuleLink[] {
  return tree.childrenByField(statement, 'specifiers').map((specifier): ModuleLink => {
    const local = tree.childByField(specifier, 'local');
    const kind = tree.kindOf(specifier);
    if (kind === 'ImportNamespaceSpecifier') return { kind: 'whole', module, local, node: specifier };
    if (kind === 'ImportDefaultSpecifier') return { kind: 'named', module, name: 'default', node: local, local };
    const imported = tree.childByField(specifier, 'imported');
    const isSame = tree.start[imported] === tree.start[local];
    return { kind: 'named', module, name: tree.textOf(imported), node: isSame ? local : imported, local };
  });
}

function readReExport(tree: FlatTree, statement: number, module: string): ModuleLink[] {
  return tree.childrenByField(statement, 'specifiers').map((specifier) => {
    const node = tree.childByField(specifier, 'local');
    const exported = tree.childByField(specifier, 'exported');
    const hasAlias = tree.start[node] !== tree.start[exported];
    return { kind: 're-export', module, name: tree.textOf(node), node, hasAlias };
  });
}
