export {
  applyEdits,
  applyTextEdits,
  applyToFolder,
  type ChangeOptions,
  type ChangeSet,
  createOverlay,
  detectTextLayout,
  diffLines,
  diskFs,
  type EditedBytes,
  type EditedText,
  type EditProblem,
  type EditVerification,
  encodeSource,
  type FileChange,
  type FileConflict,
  type FolderChangeOptions,
  FolderError,
  type FolderFs,
  type FolderOutcome,
  findEditProblem,
  findReferences,
  type LineChange,
  type LinkedFile,
  type LinkedProject,
  linkProject,
  materialiseChange,
  type Overlay,
  type PlannedChange,
  planChange,
  type RenameOptions,
  type RenamePlan,
  type RenameProblem,
  renameSymbol,
  type SymbolPlace,
  type SymbolReference,
  type SymbolReferences,
  sortEdits,
  type TextEdit,
  type TextLayout,
  type UncertainPlace,
  type UnifiedDiffOptions,
  undoFromFolder,
  unifiedDiff,
  verifyEdit,
} from './edit/index.js';
export { CodeError } from './errors.js';
export type { IrModule } from './ir/module.js';
export { printIr } from './ir/print.js';
export { lower } from './languages/lower.js';
export {
  declarationSpan,
  deleteSymbol,
  type ExtractedSymbol,
  extractSymbol,
  findSymbol,
  insertBySymbol,
  type Outline,
  type OutlineSymbol,
  outline,
  outlineTree,
  replaceSymbol,
  type SymbolEdit,
  type SymbolEditProblem,
  type SymbolKind,
  type SymbolQuery,
  type SymbolSearch,
  type SymbolTarget,
  type UsedImport,
} from './outline/index.js';
export {
  type PlannedRemedy,
  planRemedies,
  type RefusalCode,
  type RefusedRemedy,
  type RemedyPlan,
} from './remedy/index.js';
export { type CallGraph, callGraph } from './scan/call-graph.js';
export {
  type Confidence,
  type Coverage,
  type Finding,
  incompleteCodes,
  type ScanReport,
  type Severity,
  type Sink,
  type SkipCode,
  type SkippedFile,
  type WitnessStep,
} from './scan/report.js';
export { type SarifLog, toSarif } from './scan/sarif.js';
export { type ScanOptions, scan } from './scan/scan.js';
export { type DecodedSource, decodeSource } from './source/decode-source.js';
export { type FolderOptions, openFolder } from './source/folder-disk.js';
export {
  createMemoryTree,
  type Omission,
  type OmissionCode,
  type SourceFile,
  type SourceTree,
} from './source/source-tree.js';
export { FlatTree, nodeFlag, type Span, type TreeColumns } from './syntax/flat-tree.js';
export { type Language, languageOf, unsupportedLanguageOf } from './syntax/language.js';
export { LineIndex, type Position } from './syntax/line-index.js';
export { initSyntax, parse } from './syntax/parse.js';
export {
  defaultParseLimits,
  type ParseFailure,
  type ParseLimits,
  type ParseResult,
  type SyntaxDiagnostic,
} from './syntax/parse-result.js';
