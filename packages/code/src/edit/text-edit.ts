/**
 * One replacement in a text: the characters from `start` up to but not including `end` become `text`.
 *
 * Offsets are UTF-16 code units in the decoded text without its byte order mark. `start === end` inserts.
 */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Why edits cannot be applied. Nothing was changed. */
export type EditProblem =
  | { readonly code: 'base-changed'; readonly message: string }
  | { readonly code: 'edits-overlap'; readonly message: string }
  | { readonly code: 'edit-out-of-range'; readonly message: string }
  | { readonly code: 'edit-splits-character'; readonly message: string }
  | { readonly code: 'not-text'; readonly message: string };

/** A text after edits, or why there is none. */
export type EditedText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: EditProblem };

/**
 * Edits in the order of their place. Insertions at one place keep the order they were given in and come before a
 * replacement that starts there.
 */
export function sortEdits(edits: readonly TextEdit[]): TextEdit[] {
  return edits
    .map((edit, index) => ({ edit, index }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.index - b.index)
    .map(({ edit }) => edit);
}

/** The first reason why `edits` cannot be applied to `text`, if there is one. */
export function findEditProblem(text: string, edits: readonly TextEdit[]): EditProblem | undefined {
  let reached = 0;
  for (const edit of sortEdits(edits)) {
    const { start, end } = edit;
    const where = `${start}-${end}`;
    if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > text.length) {
      return { code: 'edit-out-of-range', message: `The edit ${where} lies outside the text of ${text.length} units.` };
    }
    if (start < reached) {
      return {
        code: 'edits-overlap',
        message: `The edit ${where} overlaps the edit before it, which ends at ${reached}.`,
      };
    }
    if (splitsCharacter(text, start) || splitsCharacter(text, end)) {
      return { code: 'edit-splits-character', message: `The edit ${where} cuts a surrogate pair in two.` };
    }
    if (!edit.text.isWellFormed()) {
      return { code: 'not-text', message: `The edit ${where} inserts a lone surrogate, which UTF-8 cannot carry.` };
    }
    reached = end;
  }
  return undefined;
}

/** Applies edits to a text; all of them or, with a problem, none. */
export function applyTextEdits(text: string, edits: readonly TextEdit[]): EditedText {
  const problem = findEditProblem(text, edits);
  if (problem !== undefined) return { ok: false, problem };
  const parts: string[] = [];
  let reached = 0;
  for (const edit of sortEdits(edits)) {
    parts.push(text.slice(reached, edit.start), edit.text);
    reached = edit.end;
  }
  parts.push(text.slice(reached));
  return { ok: true, text: parts.join('') };
}

function splitsCharacter(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  return isBetween(text.charCodeAt(offset - 1), 0xd800, 0xdbff) && isBetween(text.charCodeAt(offset), 0xdc00, 0xdfff);
}

function isBetween(value: number, low: number, high: number): boolean {
  return value >= low && value <= high;
}
