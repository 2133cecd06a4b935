import { outlineTree } from '../outline/outline.js';
import type { Language } from '../syntax/language.js';
import { parse } from '../syntax/parse.js';
import type { SyntaxDiagnostic } from '../syntax/parse-result.js';
import { findEmptyBlock } from './empty-block.js';
import { applyTextEdits, type TextEdit } from './text-edit.js';

/** What was checked about an edit, rung by rung. The edit is good when `ok` is true. */
export interface EditVerification {
  readonly ok: boolean;
  /** Whether the text after the edit parses, or at least has no more errors than before. */
  readonly parses: boolean;
  /** Errors in the text after the edit; empty where it parses. */
  readonly diagnostics: readonly SyntaxDiagnostic[];
  /** Whether the text after is exactly the text before with the edits applied, so that nothing outside them changed. */
  readonly onlySpansChanged: boolean;
  /** Paths of symbols that are declared after but not before, sorted. */
  readonly symbolsAdded: readonly string[];
  /** Paths of symbols that are declared before but not after, sorted. */
  readonly symbolsRemoved: readonly string[];
}

/**
 * Verifies an edit of one file by parsing the text before and after it. Await `initSyntax` for the language first.
 */
export function verifyEdit(
  language: Language,
  beforeText: string,
  afterText: string,
  edits: readonly TextEdit[],
): EditVerification {
  const before = parse(language, beforeText);
  const after = parse(language, afterText);
  const applied = applyTextEdits(beforeText, edits);
  const onlySpansChanged = applied.ok && applied.text === afterText;
  const isEmptied =
    after.status !== 'failed' &&
    findEmptyBlock(after.tree) >= 0 &&
    (before.status === 'failed' || findEmptyBlock(before.tree) < 0);
  const hasNoNewErrors =
    after.status === 'parsed' ||
    (after.status === 'recovered' &&
      before.status === 'recovered' &&
      after.diagnostics.length <= before.diagnostics.length);
  const parses = hasNoNewErrors && !isEmptied;
  const pathsBefore = new Set(before.status === 'failed' ? [] : outlineTree(before.tree).map(({ path }) => path));
  const pathsAfter = new Set(after.status === 'failed' ? [] : outlineTree(after.tree).map(({ path }) => path));
  return {
    ok: parses && onlySpansChanged,
    parses,
    diagnostics: after.diagnostics,
    onlySpansChanged,
    symbolsAdded: [...pathsAfter].filter((path) => !pathsBefore.has(path)).sort(),
    symbolsRemoved: [...pathsBefore].filter((path) => !pathsAfter.has(path)).sort(),
  };
}
