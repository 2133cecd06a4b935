import type { FlatTree, Span } from '../syntax/flat-tree.js';
import { findLeadingComment } from './leading-comment.js';
import type { OutlineSymbol, SymbolKind } from './outline-symbol.js';

/** A declaration as a language's outline found it. */
export interface FoundSymbol {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Path of what owns it where that is not the enclosing symbol, such as `res` in `res.status = …`. */
  readonly ownerPath?: string;
  readonly span: Span;
  readonly nameSpan?: Span | undefined;
  readonly bodySpan?: Span | undefined;
  readonly decorators?: readonly Span[];
  readonly parent: number;
  readonly isStatic?: boolean;
  readonly isAsync?: boolean;
  readonly isExported?: boolean;
  readonly isShared?: boolean;
}

const documentedKinds = new Set<SymbolKind>(['function', 'class', 'method']);

/** Collects symbols in source order and fills in what is the same for every language. */
export class OutlineBuilder {
  readonly symbols: OutlineSymbol[] = [];
  readonly #tree: FlatTree;

  constructor(tree: FlatTree) {
    this.#tree = tree;
  }

  /** Adds a symbol and gives its position. */
  add(found: FoundSymbol): number {
    const decorators = found.decorators ?? [];
    const start = Math.min(decorators[0]?.start ?? found.span.start, found.span.start);
    const comment = findLeadingComment(this.#tree, start, documentedKinds.has(found.kind));
    const ownerPath = found.ownerPath ?? this.symbols[found.parent]?.path ?? '';
    const { lines } = this.#tree;
    this.symbols.push({
      name: found.name,
      path: ownerPath === '' ? found.name : `${ownerPath}.${found.name}`,
      kind: found.kind,
      span: found.span,
      ...(found.nameSpan !== undefined && { nameSpan: found.nameSpan }),
      ...(found.bodySpan !== undefined && { bodySpan: found.bodySpan }),
      decorators,
      ...(comment !== undefined && { comment }),
      parent: found.parent,
      line: lines.lineAt(start),
      endLine: lines.lineAt(Math.max(found.span.end - 1, start)),
      isStatic: found.isStatic ?? false,
      isAsync: found.isAsync ?? false,
      isExported: found.isExported ?? false,
      isShared: found.isShared ?? false,
    });
    return this.symbols.length - 1;
  }

  /** Lets an overload signature reach to the end of the next declaration of the same name. */
  extend(index: number, end: number, bodySpan: Span | undefined): void {
    const symbol = this.symbols[index] as OutlineSymbol;
    this.symbols[index] = {
      ...symbol,
      span: { start: symbol.span.start, end },
      endLine: this.#tree.lines.lineAt(Math.max(end - 1, symbol.span.start)),
      ...(bodySpan !== undefined && { bodySpan }),
    };
  }
}
