import type { FlatTree } from './flat-tree.js';

/** A syntax error as data; offsets in UTF-16 code units, line and column from 1. */
export interface SyntaxDiagnostic {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** Why a text has no tree at all. */
export type ParseFailure = 'syntax' | 'too-large' | 'too-deep' | 'budget';

/**
 * Outcome of a parse: a faithful tree; a tree whose erroneous parts are missing, with the errors; or no tree with the
 * reason.
 */
export type ParseResult =
  | { readonly status: 'parsed'; readonly tree: FlatTree; readonly diagnostics: readonly [] }
  | { readonly status: 'recovered'; readonly tree: FlatTree; readonly diagnostics: readonly SyntaxDiagnostic[] }
  | {
      readonly status: 'failed';
      readonly failure: ParseFailure;
      readonly message: string;
      readonly diagnostics: readonly SyntaxDiagnostic[];
    };

/** Bounds of one parse. */
export interface ParseLimits {
  /** Longest text, in UTF-16 code units. */
  readonly maxLength: number;
  /** Most nodes of a tree. */
  readonly maxNodes: number;
  /** Deepest nesting of a tree, where a chain of left operands counts once. */
  readonly maxDepth: number;
}

/** Bounds that hold unless the caller gives others. */
export const defaultParseLimits: ParseLimits = { maxLength: 12_000_000, maxNodes: 8_000_000, maxDepth: 400 };
