import type { FlatTree } from '../syntax/flat-tree.js';
import type { Language } from '../syntax/language.js';
import { resolveScopes } from './scope/resolve-scopes.js';
import type { ScopeTable } from './scope/scope-table.js';

/** A parsed file with what recipes ask of it. */
export class FileContext {
  readonly path: string;
  readonly language: Language;
  readonly text: string;
  readonly tree: FlatTree;
  #scopes: ScopeTable | undefined;

  constructor(path: string, tree: FlatTree) {
    this.path = path;
    this.language = tree.language;
    this.text = tree.text;
    this.tree = tree;
  }

  /** Scopes of the file, resolved on first use. */
  get scopes(): ScopeTable {
    this.#scopes ??= resolveScopes(this.tree);
    return this.#scopes;
  }

  /** The outermost node with exactly this span, or -1. */
  nodeAtSpan(start: number, end: number): number {
    const { tree } = this;
    // Rows are in preorder, so the first one with the span is the outermost.
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.start[node] === start && tree.end[node] === end) return node;
    }
    return -1;
  }

  /** The node of one of some kinds with exactly this span, else the nearest one around it; -1 where there is none. */
  nodeOfKinds(start: number, end: number, kinds: ReadonlySet<string>): number {
    const { tree } = this;
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.start[node] === start && tree.end[node] === end && kinds.has(tree.kindOf(node))) return node;
    }
    return this.closest(this.nodeAtSpan(start, end), kinds);
  }

  /** The nearest ancestor (or the node itself) of one of some kinds, or -1. */
  closest(node: number, kinds: ReadonlySet<string>): number {
    let at = node;
    while (at >= 0 && !kinds.has(this.tree.kindOf(at))) at = this.tree.parent[at] as number;
    return at;
  }

  /** Whether a node lies in another one or is it. */
  contains(outer: number, inner: number): boolean {
    const { tree } = this;
    return (
      (tree.start[outer] as number) <= (tree.start[inner] as number) &&
      (tree.end[inner] as number) <= (tree.end[outer] as number)
    );
  }

  /** Rows of names used below a node. */
  referencesIn(node: number): number[] {
    const { tree, scopes } = this;
    const found: number[] = [];
    for (let at = node; at < tree.size && (at === node || this.#isBelow(at, node)); at += 1) {
      if (scopes.bindingOf.has(at)) found.push(at);
    }
    return found;
  }

  #isBelow(node: number, ancestor: number): boolean {
    let at = node;
    while (at > ancestor) at = this.tree.parent[at] as number;
    return at === ancestor;
  }
}
