import type { Span } from '../syntax/flat-tree.js';

/** What a symbol is. `member` is a member of an enum, `constant` a variable that cannot or by convention does not change. */
export type SymbolKind =
  | 'function'
  | 'class'
  | 'method'
  | 'constructor'
  | 'getter'
  | 'setter'
  | 'property'
  | 'variable'
  | 'constant'
  | 'interface'
  | 'type'
  | 'enum'
  | 'member'
  | 'namespace';

/** A declaration with the exact places of its parts, in UTF-16 offsets. */
export interface OutlineSymbol {
  /** Own name: `get`, `#secret`, `[Symbol.iterator]`, `default` for a default export without name. */
  readonly name: string;
  /** Name with those of its owners, such as `Router.get` or `res.status`. */
  readonly path: string;
  readonly kind: SymbolKind;
  /** The declaration with `export` and modifiers, without decorators before it and without its comment. */
  readonly span: Span;
  /** Where the name is written; absent for an unnamed default export. */
  readonly nameSpan?: Span;
  /** Body of a function or class, braces included; a Python body starts at its first statement. */
  readonly bodySpan?: Span;
  /** Decorators in source order. */
  readonly decorators: readonly Span[];
  /** Comment right above, with no blank line between: one block comment or a run of line comments. */
  readonly comment?: Span;
  /** Position in the outline of the symbol this one stands in, or -1. */
  readonly parent: number;
  /** First and last line of declaration and decorators, counted from 1. */
  readonly line: number;
  readonly endLine: number;
  readonly isStatic: boolean;
  readonly isAsync: boolean;
  readonly isExported: boolean;
  /** Whether the span declares other symbols too: several variables in one statement, a chain of assignments. */
  readonly isShared: boolean;
}

/** From the first decorator to the end of the declaration: what is cut out, replaced or deleted. */
export function declarationSpan(symbol: OutlineSymbol): Span {
  const first = symbol.decorators[0];
  const start = first === undefined ? symbol.span.start : Math.min(first.start, symbol.span.start);
  return { start, end: symbol.span.end };
}
