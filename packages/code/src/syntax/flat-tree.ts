import type { Language } from './language.js';
import { LineIndex, type Position } from './line-index.js';

/** A range of UTF-16 offsets, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Bits of {@link FlatTree.flags}. */
export const nodeFlag = {
  computed: 1,
  optional: 2,
  async: 4,
  /** Generator function, or a delegating `yield*`. */
  generator: 8,
  static: 16,
  shorthand: 32,
  method: 64,
  /** TypeScript syntax without run-time effect: `import type`, `declare`. */
  typeOnly: 128,
  /** The parser reported an error here. */
  error: 256,
} as const;

/** The columns of a tree; one row a node, in preorder. */
export interface TreeColumns {
  /** Index into {@link FlatTree.kinds}. */
  readonly kind: Uint16Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  /** Row of the parent, -1 at the root. */
  readonly parent: Int32Array;
  /** Row of the first child, -1 where there is none. */
  readonly firstChild: Int32Array;
  /** Row of the next sibling, -1 at the last one. */
  readonly nextSibling: Int32Array;
  /** Index into {@link FlatTree.fields}; 0 is the empty name. */
  readonly field: Uint16Array;
  /** Index into {@link FlatTree.details}; 0 is the empty text. */
  readonly detail: Uint16Array;
  readonly flags: Uint16Array;
}

/** What a tree is made of. */
export interface TreeParts {
  readonly language: Language;
  readonly text: string;
  readonly columns: TreeColumns;
  readonly kinds: readonly string[];
  readonly fields: readonly string[];
  readonly details: readonly string[];
  readonly comments: readonly Span[];
  readonly depth: number;
}

/**
 * A syntax tree as typed arrays. Node 0 is the root, rows are in preorder, offsets are UTF-16 code units. Kinds and
 * fields carry the parser's own names: ESTree for JavaScript and TypeScript, tree-sitter's for every other language.
 */
export class FlatTree {
  readonly language: Language;
  readonly text: string;
  readonly kinds: readonly string[];
  readonly fields: readonly string[];
  readonly details: readonly string[];
  readonly comments: readonly Span[];
  /** Longest way from the root to a leaf; a chain of left operands counts once. */
  readonly depth: number;
  readonly kind: Uint16Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  readonly field: Uint16Array;
  readonly detail: Uint16Array;
  readonly flags: Uint16Array;
  #lines: LineIndex | undefined;

  constructor(parts: TreeParts) {
    this.language = parts.language;
    this.text = parts.text;
    this.kinds = parts.kinds;
    this.fields = parts.fields;
    this.details = parts.details;
    this.comments = parts.comments;
    this.depth = parts.depth;
    this.kind = parts.columns.kind;
    this.start = parts.columns.start;
    this.end = parts.columns.end;
    this.parent = parts.columns.parent;
    this.firstChild = parts.columns.firstChild;
    this.nextSibling = parts.columns.nextSibling;
    this.field = parts.columns.field;
    this.detail = parts.columns.detail;
    this.flags = parts.columns.flags;
  }

  /** Number of nodes. */
  get size(): number {
    return this.kind.length;
  }

  /** Lines of the text, indexed on first use. */
  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  /** Name of a node's kind, such as `CallExpression` or `call`; empty for -1. */
  kindOf(node: number): string {
    return node < 0 ? '' : (this.kinds[this.kind[node] as number] as string);
  }

  /** Name of the field through which the parent holds a node; empty where it has none. */
  fieldOf(node: number): string {
    return this.fields[this.field[node] as number] as string;
  }

  /** Operator or keyword of a node, such as `+`, `const` or `get`; empty where it has none. */
  detailOf(node: number): string {
    return this.details[this.detail[node] as number] as string;
  }

  /** Whether a node carries a bit of {@link nodeFlag}. */
  hasFlag(node: number, flag: number): boolean {
    return ((this.flags[node] as number) & flag) !== 0;
  }

  /** Source text of a node, byte for byte as written. */
  textOf(node: number): string {
    return this.text.slice(this.start[node], this.end[node]);
  }

  /** Span of a node. */
  spanOf(node: number): Span {
    return { start: this.start[node] as number, end: this.end[node] as number };
  }

  /** Children of a node in source order. */
  childrenOf(node: number): number[] {
    const children: number[] = [];
    for (let child = this.firstChild[node] as number; child >= 0; child = this.nextSibling[child] as number) {
      children.push(child);
    }
    return children;
  }

  /** First child under a field, -1 where there is none. */
  childByField(node: number, field: string): number {
    for (let child = this.firstChild[node] as number; child >= 0; child = this.nextSibling[child] as number) {
      if (this.fieldOf(child) === field) return child;
    }
    return -1;
  }

  /** All children under a field, in source order. */
  childrenByField(node: number, field: string): number[] {
    return this.childrenOf(node).filter((child) => this.fieldOf(child) === field);
  }

  /** Line (from 1) on which a node starts. */
  lineOf(node: number): number {
    return this.lines.lineAt(this.start[node] as number);
  }

  /** Line and column (from 1) of a UTF-16 offset. */
  positionAt(offset: number): Position {
    return this.lines.positionAt(offset);
  }

  /** The smallest node whose span holds a UTF-16 offset. */
  nodeAt(offset: number): number {
    let node = 0;
    for (;;) {
      const inner = this.childrenOf(node).findLast(
        (child) => (this.start[child] as number) <= offset && offset < (this.end[child] as number),
      );
      if (inner === undefined) return node;
      node = inner;
    }
  }
}
