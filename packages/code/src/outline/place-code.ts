import { findEmptyBlock } from '../edit/empty-block.js';
import type { FlatTree } from '../syntax/flat-tree.js';
import type { Language } from '../syntax/language.js';
import { parse } from '../syntax/parse.js';
import { outlineTree } from './outline.js';
import type { OutlineSymbol, SymbolKind } from './outline-symbol.js';

/** Code that was handed in, parsed the way it will stand in the file. */
export interface ParsedCode {
  readonly tree: FlatTree;
  /** Symbols that the code declares at its own level. */
  readonly symbols: readonly OutlineSymbol[];
  /** Offset of the code in the tree's text: what stands before it only makes it parse. */
  readonly offset: number;
}

/** Where code stands: among statements, or among the members of something. */
export type CodePlace = 'statement' | 'class' | 'object' | 'interface' | 'enum';

const wrappers: Readonly<Record<CodePlace, readonly [string, string]>> = {
  statement: ['', ''],
  class: ['abstract class Wrapper extends Object {\n', '\n}'],
  object: ['const Wrapper = {\n', '\n}'],
  interface: ['interface Wrapper {\n', '\n}'],
  enum: ['enum Wrapper {\n', '\n}'],
};

/** Where a symbol stands, by what owns it. */
export function placeOf(
  language: Language,
  symbols: readonly OutlineSymbol[],
  symbol: OutlineSymbol,
  text: string,
): CodePlace {
  const owner = symbols[symbol.parent];
  if (language === 'python' || owner === undefined || symbol.kind === 'function') return 'statement';
  if (owner.kind === 'enum') return 'enum';
  if (owner.kind === 'interface' || owner.kind === 'type') return 'interface';
  const isMember = ['method', 'constructor', 'getter', 'setter', 'property', 'class'].includes(symbol.kind);
  if (owner.kind === 'class') return isMember ? 'class' : 'statement';
  const after = text.slice(owner.span.start, symbol.span.start);
  return isMember &&
    /[{,]\s*(\/\*[\s\S]*?\*\/\s*|\/\/[^\n]*\n\s*)*$/.test(after) &&
    !/[;}]\s*$/.test(after) &&
    isObjectOwner(owner.kind)
    ? 'object'
    : 'statement';
}

function isObjectOwner(kind: SymbolKind): boolean {
  return kind === 'constant' || kind === 'variable' || kind === 'property';
}

/** Code that does not parse, with the first error's words. */
export interface UnparsableCode {
  readonly error: string;
}

/** Parses code as it would stand in a place with this indentation. */
export function parseCode(
  language: Language,
  code: string,
  place: CodePlace,
  indent: string,
): ParsedCode | UnparsableCode {
  if (language === 'python') return parsePython(code, indent);
  const [before, after] = wrappers[place];
  // A wrapper of a class may hold abstract members, an interface is TypeScript: both parse with its grammar only.
  const needsTypes = place === 'class' || place === 'interface' || place === 'enum';
  const typed: Language = language === 'tsx' || language === 'jsx' ? 'tsx' : 'typescript';
  return parseWrapped(needsTypes ? typed : language, before, code, after);
}

/** Python code may be cut out of its place, so that only its first line lacks the indentation, or stand at the margin. */
function parsePython(code: string, indent: string): ParsedCode | UnparsableCode {
  const own = /^[ \t]*/.exec(code)?.[0] ?? '';
  const inPlace =
    own + indent === '' ? undefined : parseWrapped('python', `class Wrapper:\n${own === '' ? indent : ''}`, code, '');
  return inPlace !== undefined && !('error' in inPlace) ? inPlace : parseWrapped('python', '', code, '');
}

function parseWrapped(language: Language, before: string, code: string, after: string): ParsedCode | UnparsableCode {
  const parsed = parse(language, before + code + after);
  if (parsed.status !== 'parsed') {
    const first = parsed.diagnostics[0];
    const line = first === undefined ? 1 : first.line - (before === '' ? 0 : 1);
    return { error: `line ${line}: ${first?.message ?? 'it cannot be parsed'}` };
  }
  const empty = findEmptyBlock(parsed.tree);
  if (empty >= 0)
    return { error: `line ${parsed.tree.lines.lineAt(empty) - (before === '' ? 0 : 1)}: a block is empty` };
  const level = before === '' ? -1 : 0;
  const symbols = outlineTree(parsed.tree).filter(({ parent }) => parent === level);
  return { tree: parsed.tree, symbols, offset: before.length };
}
