import type { FlatTree, Span } from '../syntax/flat-tree.js';
import { declarationSpan, type OutlineSymbol } from './outline-symbol.js';
import { resolveScopes } from './scope/resolve-scopes.js';

/** A symbol cut out of its file, byte for byte as written. */
export interface ExtractedSymbol {
  readonly symbol: OutlineSymbol;
  /** Declaration from its first decorator on. */
  readonly code: string;
  readonly span: Span;
  readonly line: number;
  readonly endLine: number;
  /** Comment that belongs to it, as written. */
  readonly comment?: string;
  /** Import statements whose names the symbol uses, in source order. */
  readonly imports: readonly UsedImport[];
}

/** An import statement of the file and the names of it that are used. */
export interface UsedImport {
  readonly code: string;
  readonly line: number;
  readonly names: readonly string[];
}

const importKinds = new Set([
  'ImportDeclaration',
  'TSImportEqualsDeclaration',
  'import_statement',
  'import_from_statement',
  'future_import_statement',
]);

/** Cuts a symbol out of a parsed file. */
export function extractSymbol(tree: FlatTree, symbol: OutlineSymbol): ExtractedSymbol {
  const span = declarationSpan(symbol);
  return {
    symbol,
    code: tree.text.slice(span.start, span.end),
    span,
    line: symbol.line,
    endLine: symbol.endLine,
    ...(symbol.comment !== undefined && { comment: tree.text.slice(symbol.comment.start, symbol.comment.end) }),
    imports: findUsedImports(tree, span),
  };
}

function findUsedImports(tree: FlatTree, span: Span): UsedImport[] {
  const scopes = resolveScopes(tree);
  const used = new Map<number, Set<string>>();
  for (const binding of scopes.bindings()) {
    const isUsed = binding.references.some(({ node }) => isInside(tree, node, span));
    const declaration = binding.declarations[0];
    const statement = isUsed && declaration !== undefined ? importStatement(tree, declaration) : -1;
    if (statement < 0 || isInside(tree, statement, span)) continue;
    const names = used.get(statement) ?? new Set();
    names.add(binding.name);
    used.set(statement, names);
  }
  const statements = [...used].sort(([a], [b]) => a - b);
  return statements.map(([node, names]) => ({
    code: tree.textOf(node),
    line: tree.lineOf(node),
    names: [...names].sort(),
  }));
}

/** The statement that imports a name: `import`, or the declaration around a `require`; -1 where it is no import. */
function importStatement(tree: FlatTree, declaration: number): number {
  for (let node = declaration; node > 0; node = tree.parent[node] as number) {
    const kind = tree.kindOf(node);
    if (importKinds.has(kind)) return node;
    if (kind === 'VariableDeclarator') {
      const isRequire = /^require\s*\(/.test(tree.textOf(Math.max(tree.childByField(node, 'init'), 0)));
      return isRequire ? (tree.parent[node] as number) : -1;
    }
    if (/Statement$|Declaration$|_definition$|^assignment$/.test(kind)) return -1;
  }
  return -1;
}

function isInside(tree: FlatTree, node: number, span: Span): boolean {
  return (tree.start[node] as number) >= span.start && (tree.end[node] as number) <= span.end;
}
