import type { TextEdit } from '../edit/text-edit.js';
import { sortEdits } from '../edit/text-edit.js';
import type { FileContext } from '../outline/file-context.js';
import { dropUnusedImport, joinNewImports } from './javascript/imports.js';
import type { RemedyDraft } from './remedy.js';

/** The edits of several drafts for one file as one list: equal imports once, imports that became unused taken out. */
export function mergeDrafts(file: FileContext, drafts: readonly RemedyDraft[]): TextEdit[] {
  const edits = dedupe(drafts.flatMap((draft) => draft.edits));
  const dropped = new Set(drafts.flatMap((draft) => draft.dropped ?? []));
  const declarations = new Set<number>();
  for (const node of dropped) {
    const binding = file.scopes.bindingOf.get(node);
    if (binding !== undefined) declarations.add(binding.declarations[0] as number);
  }
  let imports = dedupe(drafts.flatMap((draft) => draft.imports ?? []));
  if (file.language !== 'python') {
    imports = joinNewImports(imports);
    for (const declaration of declarations) imports = dropUnusedImport(file, declaration, dropped, imports);
  }
  return sortEdits([...imports, ...edits]);
}

/** Whether two drafts change the same characters differently. Equal edits are no conflict. */
export function findOverlap(edits: readonly TextEdit[], others: readonly TextEdit[]): boolean {
  return edits.some((edit) =>
    others.some((other) => {
      if (isSame(edit, other)) return false;
      const isInsertion = edit.start === edit.end || other.start === other.end;
      return isInsertion
        ? (edit.start > other.start && edit.start < other.end) || (other.start > edit.start && other.start < edit.end)
        : edit.start < other.end && other.start < edit.end;
    }),
  );
}

function dedupe(edits: readonly TextEdit[]): TextEdit[] {
  return edits.filter((edit, index) => edits.findIndex((other) => isSame(edit, other)) === index);
}

function isSame(left: TextEdit, right: TextEdit): boolean {
  return left.start === right.start && left.end === right.end && left.text === right.text;
}
