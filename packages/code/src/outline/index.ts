export { type Outline, outline, outlineTree } from './outline.js';
export { declarationSpan, type OutlineSymbol, type SymbolKind } from './outline-symbol.js';
