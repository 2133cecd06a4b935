import type { LinkedFile, LinkedProject, OutlineSymbol, SymbolPlace, UncertainPlace } from '@trocar/code';

/** What hands a value on as it is: from a name up to the export that it leaves the file by. */
const carriers =
  /^(FunctionDeclaration|ClassDeclaration|ObjectExpression|Property|CallExpression|ParenthesizedExpression|AssignmentExpression|ExportSpecifier|TSAsExpression)$/;

/**
 * Places that may use a JavaScript symbol under another name: imports of its file, where the file gives the symbol away as
 * its default, under an alias or by `module.exports`. The engine follows a symbol by its own name only.
 */
export function findRenamedUses(
  project: LinkedProject,
  path: string,
  symbol: OutlineSymbol,
  places: readonly SymbolPlace[],
): UncertainPlace[] {
  const file = project.files.get(path);
  if (file === undefined || file.context.language === 'python') return [];
  const lines = new Set(places.filter((place) => place.path === path).map(({ line }) => line));
  if (!leavesRenamed(file, symbol.name, lines)) return [];
  const reason = `what is imported here may be ${symbol.name} under another name; its uses are not followed`;
  const found: UncertainPlace[] = [];
  for (const [other, { context, links }] of project.files) {
    const link = links.find((one) => one.module === path && !('name' in one && one.name === symbol.name));
    if (link !== undefined) found.push({ path: other, line: context.tree.lineOf(link.node), reason });
  }
  return found;
}

function leavesRenamed({ context: { tree } }: LinkedFile, name: string, lines: ReadonlySet<number>): boolean {
  for (let node = 0; node < tree.size; node += 1) {
    if (tree.kindOf(node) !== 'Identifier' || tree.textOf(node) !== name || !lines.has(tree.lineOf(node))) continue;
    for (let at = node; at > 0; at = tree.parent[at] as number) {
      const holder = tree.parent[at] as number;
      const kind = tree.kindOf(holder);
      if (kind === 'ExportDefaultDeclaration') return true;
      if (kind === 'ExportSpecifier' && tree.textOf(tree.childByField(holder, 'exported')) !== name) return true;
      const isExports = kind === 'AssignmentExpression' && tree.fieldOf(at) === 'right';
      if (isExports && /^(module\.)?exports\b/.test(tree.textOf(tree.childByField(holder, 'left')))) return true;
      if (!carriers.test(kind)) break;
    }
  }
  return false;
}
