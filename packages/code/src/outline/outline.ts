import type { FlatTree } from '../syntax/flat-tree.js';
import type { Language } from '../syntax/language.js';
import { parse } from '../syntax/parse.js';
import type { SyntaxDiagnostic } from '../syntax/parse-result.js';
import { outlineJavaScript } from './javascript-outline.js';
import type { OutlineSymbol } from './outline-symbol.js';
import { outlinePython } from './python-outline.js';

/** The symbols of a text, or why it has none. */
export type Outline =
  | {
      readonly ok: true;
      /** In source order; an owner comes before what stands in it. */
      readonly symbols: readonly OutlineSymbol[];
      /** Syntax errors; where there are any, symbols in the broken parts may be missing. */
      readonly diagnostics: readonly SyntaxDiagnostic[];
    }
  | { readonly ok: false; readonly message: string; readonly diagnostics: readonly SyntaxDiagnostic[] };

/** The symbols of a text with exact spans. Await `initSyntax` for the language first. */
export function outline(language: Language, text: string): Outline {
  const parsed = parse(language, text);
  if (parsed.status === 'failed') return { ok: false, message: parsed.message, diagnostics: parsed.diagnostics };
  return { ok: true, symbols: outlineTree(parsed.tree), diagnostics: parsed.diagnostics };
}

/** The symbols of a tree that was parsed already. */
export function outlineTree(tree: FlatTree): OutlineSymbol[] {
  return tree.language === 'python' ? outlinePython(tree) : outlineJavaScript(tree);
}
