import { FlatTree, type Span } from './flat-tree.js';
import type { Language } from './language.js';

/** One node to append; `parent` is a row that exists already. */
export interface NodeRow {
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly parent: number;
  readonly field: string;
  readonly detail: string;
  readonly flags: number;
  /** Whether the node continues its parent's chain of left operands, so that it adds no depth. */
  readonly isSpine: boolean;
}

/** Rows on the longest way from the root, chains of operands included. */
const maxChain = 4_000;

class NameTable {
  readonly names: string[];
  readonly #ids: Map<string, number>;

  constructor(first: readonly string[]) {
    this.names = [...first];
    this.#ids = new Map(first.map((name, index) => [name, index]));
  }

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#ids.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }
}

/** Collects rows in preorder and turns them into a {@link FlatTree}. */
export class TreeBuilder {
  readonly #kinds = new NameTable([]);
  readonly #fields = new NameTable(['']);
  readonly #details = new NameTable(['']);
  readonly #comments: Span[] = [];
  #capacity: number;
  #size = 0;
  #kind: Uint16Array;
  #start: Uint32Array;
  #end: Uint32Array;
  #parent: Int32Array;
  #firstChild: Int32Array;
  #lastChild: Int32Array;
  #nextSibling: Int32Array;
  #field: Uint16Array;
  #detail: Uint16Array;
  #flags: Uint16Array;
  #depth: Uint32Array;
  #maxDepth = 0;
  #height: Uint32Array;
  #maxHeight = 0;

  constructor(expectedNodes: number) {
    this.#capacity = Math.max(64, expectedNodes);
    this.#kind = new Uint16Array(this.#capacity);
    this.#start = new Uint32Array(this.#capacity);
    this.#end = new Uint32Array(this.#capacity);
    this.#parent = new Int32Array(this.#capacity);
    this.#firstChild = new Int32Array(this.#capacity);
    this.#lastChild = new Int32Array(this.#capacity);
    this.#nextSibling = new Int32Array(this.#capacity);
    this.#field = new Uint16Array(this.#capacity);
    this.#detail = new Uint16Array(this.#capacity);
    this.#flags = new Uint16Array(this.#capacity);
    this.#depth = new Uint32Array(this.#capacity);
    this.#height = new Uint32Array(this.#capacity);
  }

  /** Rows so far. */
  get size(): number {
    return this.#size;
  }

  /** Whether the tree keeps to a bound of depth, and its chains of left operands to one that walks over them bear. */
  isWithin(maxDepth: number): boolean {
    return this.#maxDepth <= maxDepth && this.#maxHeight <= maxChain;
  }

  /** Appends a node as the last child of its parent and returns its row. */
  add(row: NodeRow): number {
    if (this.#size === this.#capacity) this.#grow();
    const index = this.#size;
    this.#size += 1;
    this.#kind[index] = this.#kinds.idOf(row.kind);
    this.#start[index] = row.start;
    this.#end[index] = row.end;
    this.#parent[index] = row.parent;
    this.#firstChild[index] = -1;
    this.#lastChild[index] = -1;
    this.#nextSibling[index] = -1;
    this.#field[index] = this.#fields.idOf(row.field);
    this.#detail[index] = this.#details.idOf(row.detail);
    this.#flags[index] = row.flags;
    if (row.parent >= 0) this.#link(index, row);
    return index;
  }

  #link(index: number, row: NodeRow): void {
    const last = this.#lastChild[row.parent] as number;
    if (last < 0) this.#firstChild[row.parent] = index;
    else this.#nextSibling[last] = index;
    this.#lastChild[row.parent] = index;
    const depth = (this.#depth[row.parent] as number) + (row.isSpine ? 0 : 1);
    this.#depth[index] = depth;
    if (depth > this.#maxDepth) this.#maxDepth = depth;
    const height = (this.#height[row.parent] as number) + 1;
    this.#height[index] = height;
    if (height > this.#maxHeight) this.#maxHeight = height;
  }

  /** Adds bits to the flags of a row that exists already. */
  addFlags(row: number, flags: number): void {
    this.#flags[row] = (this.#flags[row] as number) | flags;
  }

  /** Sets the operator or keyword of a row that exists already, unless it has one. */
  setDetail(row: number, detail: string): void {
    if (this.#detail[row] === 0) this.#detail[row] = this.#details.idOf(detail);
  }

  /** Records a comment; comments are kept beside the nodes, in source order. */
  addComment(start: number, end: number): void {
    this.#comments.push({ start, end });
  }

  /** The finished tree; the builder is not used afterwards. */
  build(language: Language, text: string): FlatTree {
    const size = this.#size;
    return new FlatTree({
      language,
      text,
      kinds: this.#kinds.names,
      fields: this.#fields.names,
      details: this.#details.names,
      comments: this.#comments,
      depth: this.#maxDepth,
      columns: {
        kind: this.#kind.slice(0, size),
        start: this.#start.slice(0, size),
        end: this.#end.slice(0, size),
        parent: this.#parent.slice(0, size),
        firstChild: this.#firstChild.slice(0, size),
        nextSibling: this.#nextSibling.slice(0, size),
        field: this.#field.slice(0, size),
        detail: this.#detail.slice(0, size),
        flags: this.#flags.slice(0, size),
      },
    });
  }

  #grow(): void {
    this.#capacity *= 2;
    const enlarge = <T extends Uint16Array | Uint32Array | Int32Array>(column: T, larger: T): T => {
      larger.set(column);
      return larger;
    };
    this.#kind = enlarge(this.#kind, new Uint16Array(this.#capacity));
    this.#start = enlarge(this.#start, new Uint32Array(this.#capacity));
    this.#end = enlarge(this.#end, new Uint32Array(this.#capacity));
    this.#parent = enlarge(this.#parent, new Int32Array(this.#capacity));
    this.#firstChild = enlarge(this.#firstChild, new Int32Array(this.#capacity));
    this.#lastChild = enlarge(this.#lastChild, new Int32Array(this.#capacity));
    this.#nextSibling = enlarge(this.#nextSibling, new Int32Array(this.#capacity));
    this.#field = enlarge(this.#field, new Uint16Array(this.#capacity));
    this.#detail = enlarge(this.#detail, new Uint16Array(this.#capacity));
    this.#flags = enlarge(this.#flags, new Uint16Array(this.#capacity));
    this.#depth = enlarge(this.#depth, new Uint32Array(this.#capacity));
    this.#height = enlarge(this.#height, new Uint32Array(this.#capacity));
  }
}
