export { applyEdits, type EditedBytes } from './apply-edits.js';
export {
  type ChangeOptions,
  type ChangeSet,
  type FileChange,
  materialiseChange,
  type PlannedChange,
  planChange,
} from './change-set.js';
export {
  applyToFolder,
  type FileConflict,
  type FolderChangeOptions,
  type FolderOutcome,
} from './disk/apply-to-folder.js';
export { FolderError } from './disk/folder-error.js';
export { diskFs, type FolderFs } from './disk/folder-fs.js';
export { undoFromFolder } from './disk/undo-from-folder.js';
export { encodeSource } from './encode-source.js';
export { diffLines, type LineChange } from './line-diff.js';
export { createOverlay, type Overlay } from './overlay.js';
export type { UncertainPlace } from './rename/collect-places.js';
export { type LinkedFile, type LinkedProject, linkProject } from './rename/linked-project.js';
export {
  findReferences,
  type RenameOptions,
  type RenamePlan,
  type RenameProblem,
  renameSymbol,
  type SymbolPlace,
  type SymbolReference,
  type SymbolReferences,
} from './rename/rename-symbol.js';
export {
  applyTextEdits,
  type EditedText,
  type EditProblem,
  findEditProblem,
  sortEdits,
  type TextEdit,
} from './text-edit.js';
export { detectTextLayout, type TextLayout } from './text-layout.js';
export { type UnifiedDiffOptions, unifiedDiff } from './unified-diff.js';
export { type EditVerification, verifyEdit } from './verify-edit.js';
