export { type ExtractedSymbol, extractSymbol, type UsedImport } from './extract-symbol.js';
export { findSymbol, type SymbolQuery, type SymbolSearch } from './find-symbol.js';
export { type Outline, outline, outlineTree } from './outline.js';
export { declarationSpan, type OutlineSymbol, type SymbolKind } from './outline-symbol.js';
export {
  deleteSymbol,
  insertBySymbol,
  replaceSymbol,
  type SymbolEdit,
  type SymbolEditProblem,
  type SymbolTarget,
} from './symbol-edit.js';
