import { applyTextEdits, type TextEdit } from '../edit/text-edit.js';
import { findIndentUnit, indentAt, lineEnd, lineEndingAt, lineStart } from '../edit/text-layout.js';
import { verifyEdit } from '../edit/verify-edit.js';
import type { Language } from '../syntax/language.js';
import { parse } from '../syntax/parse.js';
import { findSymbol, type SymbolQuery } from './find-symbol.js';
import { outlineTree } from './outline.js';
import { declarationSpan, type OutlineSymbol } from './outline-symbol.js';
import { type CodePlace, type ParsedCode, parseCode, placeOf } from './place-code.js';
import { reindentCode } from './reindent-code.js';

/** Why a symbol was not edited. Nothing was changed. */
export interface SymbolEditProblem {
  readonly code:
    | 'file-unparsable'
    | 'symbol-missing'
    | 'symbol-ambiguous'
    | 'symbol-shared'
    | 'code-unparsable'
    | 'code-defines-other'
    | 'verification-failed';
  /** What is wrong and what to do. */
  readonly message: string;
  /** Paths to choose from, where the symbol is missing or ambiguous; with lines where the paths are the same. */
  readonly candidates?: readonly { readonly path: string; readonly kind: string; readonly line: number }[];
}

/** Edits of one symbol, or the problem. */
export type SymbolEdit =
  | { readonly ok: true; readonly edits: readonly TextEdit[]; readonly text: string; readonly symbol: OutlineSymbol }
  | { readonly ok: false; readonly problem: SymbolEditProblem };

/** A file and the symbol of it that is edited. */
export interface SymbolTarget extends SymbolQuery {
  readonly language: Language;
  readonly text: string;
  /** Name or path as `findSymbol` takes it. */
  readonly symbol: string;
}

interface Located {
  readonly ok: true;
  readonly symbol: OutlineSymbol;
  readonly place: CodePlace;
}

/**
 * Replaces a symbol by new code that defines the same name and kind, moved to the indentation and line ends of its
 * place. What the new code leaves out stays: `export`, decorators, the comment above. Await `initSyntax` first.
 */
export function replaceSymbol(target: SymbolTarget, newCode: string): SymbolEdit {
  const located = locate(target);
  if (!located.ok) return located;
  const { symbol, place } = located;
  if (symbol.isShared) return sharedProblem(symbol);
  const code = trimCode(newCode, place);
  const parsed = parseCode(target.language, code, place, indentAt(target.text, symbol.span.start));
  if ('error' in parsed) return problem('code-unparsable', `The new code does not parse at ${parsed.error}.`);
  const [defined, ...others] = parsed.symbols;
  if (
    defined === undefined ||
    others.length > 0 ||
    defined.name !== symbol.name ||
    !isSameKind(target.language, defined, symbol)
  ) {
    const found = parsed.symbols.map(({ kind, name }) => `${kind} ${name}`).join(', ') || 'no symbol';
    return problem(
      'code-defines-other',
      `The new code has to define ${symbol.kind} ${symbol.name} alone; it defines ${found}.`,
    );
  }
  const head = /^export\s+(default\s+)?/.exec(target.text.slice(symbol.span.start))?.[0] ?? '';
  const keepsExport = symbol.isExported && !defined.isExported && head !== '';
  let start = keepsExport ? symbol.span.start + head.length : symbol.span.start;
  if (defined.decorators.length > 0) start = declarationSpan(symbol).start;
  if (defined.comment !== undefined && symbol.comment !== undefined) start = symbol.comment.start;
  const edit = { start, end: symbol.span.end, text: placeCode(target.text, start, code, parsed) };
  return finish(target, [edit], symbol, true);
}

/** Inserts code in front of a symbol or behind it, as a neighbour with a blank line between. */
export function insertBySymbol(target: SymbolTarget, side: 'before' | 'after', newCode: string): SymbolEdit {
  const located = locate(target);
  if (!located.ok) return located;
  const { symbol, place } = located;
  const code = trimCode(newCode, place);
  const parsed = parseCode(target.language, code, place, indentAt(target.text, symbol.span.start));
  if ('error' in parsed) return problem('code-unparsable', `The new code does not parse at ${parsed.error}.`);
  const { text } = target;
  const first = symbol.comment?.start ?? declarationSpan(symbol).start;
  const lineOfFirst = lineStart(text, first);
  if (text.slice(lineOfFirst, first).trim() !== '') {
    return problem('symbol-shared', `${symbol.path} shares its line with other code, so nothing can be put beside it.`);
  }
  const ending = lineEndingAt(text, first);
  const indent = indentAt(text, first);
  const placed = indent + placeCode(text, first, code, parsed);
  const comma = place === 'object' || place === 'enum' ? ',' : '';
  const gap = place === 'enum' || place === 'interface' ? '' : ending;
  if (side === 'before') {
    return finish(
      target,
      [{ start: lineOfFirst, end: lineOfFirst, text: `${placed}${comma}${ending}${gap}` }],
      symbol,
      false,
    );
  }
  const { at, lead } = placeBehind(text, symbol, comma, ending);
  return finish(target, [{ start: at, end: at, text: `${lead}${gap}${placed}${comma}${ending}` }], symbol, false);
}

/** Deletes a symbol with its decorators, its comment and the blank line it leaves behind. */
export function deleteSymbol(target: SymbolTarget): SymbolEdit {
  const located = locate(target);
  if (!located.ok) return located;
  const { symbol, place } = located;
  if (symbol.isShared) return sharedProblem(symbol);
  const { text } = target;
  const first = symbol.comment?.start ?? declarationSpan(symbol).start;
  let end = symbol.span.end;
  if (place === 'object' || place === 'enum') end += /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
  const start = lineStart(text, first);
  const last = lineEnd(text, end);
  if (text.slice(start, first).trim() !== '' || !/^[;\s]*((\/\/|#)[^\n]*)?\s*$/.test(text.slice(end, last))) {
    return problem('symbol-shared', `${symbol.path} shares its line with other code, so it cannot be cut out alone.`);
  }
  // One of the blank lines around it goes too.
  const following = /^[ \t]*\r?\n/.exec(text.slice(last))?.[0].length ?? 0;
  const isBlankBefore = start === 0 || /(\n[ \t]*|[{([:])\r?\n$/.test(text.slice(0, start));
  const edit = { start, end: isBlankBefore ? last + following : last, text: '' };
  const attempt = finish(target, [edit], symbol, false);
  if (attempt.ok || target.language !== 'python') return attempt;
  // The only statement of a Python block leaves the block needing one.
  const pass = `${indentAt(text, first)}pass${lineEndingAt(text, first)}`;
  return finish(target, [{ start, end: last, text: pass }], symbol, false);
}

/** A Python method is a function where it is written alone; whether it is a getter shows only with its decorators. */
function isSameKind(language: Language, defined: OutlineSymbol, symbol: OutlineSymbol): boolean {
  const groupOf = ({ kind }: OutlineSymbol) => {
    if (language !== 'python') return kind;
    if (['function', 'method', 'constructor', 'getter', 'setter'].includes(kind)) return 'function';
    return ['variable', 'constant', 'property'].includes(kind) ? 'variable' : kind;
  };
  return groupOf(defined) === groupOf(symbol);
}

function locate(target: SymbolTarget): Located | { readonly ok: false; readonly problem: SymbolEditProblem } {
  const parsed = parse(target.language, target.text);
  if (parsed.status !== 'parsed') {
    const first = parsed.diagnostics[0];
    const where = first === undefined ? '' : ` (line ${first.line}: ${first.message})`;
    return problem('file-unparsable', `The file has syntax errors${where}; its symbols cannot be edited safely.`);
  }
  const symbols = outlineTree(parsed.tree);
  const found = findSymbol(symbols, target.symbol, target);
  if (found.status === 'missing') {
    const near = symbols.filter(({ path }) => found.nearest.includes(path));
    const hint = found.nearest.length > 0 ? ` Nearest: ${found.nearest.join(', ')}.` : '';
    return problem('symbol-missing', `There is no symbol ${target.symbol} in the file.${hint}`, near);
  }
  if (found.status === 'ambiguous') {
    const message = `${target.symbol} means ${found.candidates.length} symbols. Name a path, a kind or a line.`;
    return problem('symbol-ambiguous', message, found.candidates);
  }
  return { ok: true, symbol: found.symbol, place: placeOf(target.language, symbols, found.symbol, target.text) };
}

/** Code without blank lines around it; a member of a list without its comma. */
function trimCode(code: string, place: CodePlace): string {
  const trimmed = code.replace(/^(?:[ \t]*\r?\n)+/, '').trimEnd();
  return place === 'object' || place === 'enum' ? trimmed.replace(/,$/, '') : trimmed;
}

function placeCode(text: string, start: number, code: string, parsed: ParsedCode): string {
  const indentUnit = findIndentUnit(text);
  const placement = {
    indent: indentAt(text, start),
    lineEnding: lineEndingAt(text, start),
    ...(indentUnit !== undefined && { indentUnit }),
  };
  return reindentCode(parsed.tree, code, parsed.offset, placement);
}

/** Behind the line of a symbol; a list's comma that is missing is put there first. */
function placeBehind(text: string, symbol: OutlineSymbol, comma: string, ending: string): { at: number; lead: string } {
  const { end } = symbol.span;
  const next = comma === '' ? 0 : (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);
  if (comma !== '' && next === 0) return { at: end, lead: `,${ending}` };
  const at = lineEnd(text, end + next);
  return { at, lead: at === text.length && !text.endsWith('\n') ? ending : '' };
}

/** Applies the edits and looks at the result: it must parse, and no other symbol may come or go unasked. */
function finish(
  target: SymbolTarget,
  edits: readonly TextEdit[],
  symbol: OutlineSymbol,
  keepsOthers: boolean,
): SymbolEdit {
  const applied = applyTextEdits(target.text, edits);
  if (!applied.ok) return problem('verification-failed', applied.problem.message);
  const verified = verifyEdit(target.language, target.text, applied.text, edits);
  const isInside = (path: string) => path === symbol.path || path.startsWith(`${symbol.path}.`);
  const strays = [...verified.symbolsRemoved, ...verified.symbolsAdded].filter((path) => !isInside(path));
  if (!verified.ok || (keepsOthers && (strays.length > 0 || verified.symbolsRemoved.includes(symbol.path)))) {
    const first = verified.diagnostics[0];
    const why =
      first === undefined
        ? `it would change ${strays.join(', ') || symbol.path}`
        : `line ${first.line}: ${first.message}`;
    return problem('verification-failed', `The edited file was refused: ${why}.`);
  }
  return { ok: true, edits, text: applied.text, symbol };
}

function sharedProblem(symbol: OutlineSymbol): SymbolEdit {
  return problem(
    'symbol-shared',
    `${symbol.path} is declared together with other names; edit the whole statement on line ${symbol.line}.`,
  );
}

function problem(
  code: SymbolEditProblem['code'],
  message: string,
  candidates?: readonly OutlineSymbol[],
): { readonly ok: false; readonly problem: SymbolEditProblem } {
  const list = candidates?.map(({ path, kind, line }) => ({ path, kind, line }));
  return { ok: false, problem: { code, message, ...(list !== undefined && { candidates: list }) } };
}
