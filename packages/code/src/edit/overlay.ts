import { comparePaths, type SourceTree } from '../source/source-tree.js';

/** A tree that shows other contents for some paths than the tree below it, which it never changes. */
export interface Overlay extends SourceTree {
  /** Paths whose contents differ from the tree below, sorted. */
  changedPaths(): readonly string[];
  /** Shows these bytes for a path from now on; a path that the tree below does not have is added. */
  write(path: string, bytes: Uint8Array): void;
}

/** Creates an overlay over a tree, with contents by path to begin with. */
export function createOverlay(tree: SourceTree, contents: ReadonlyMap<string, Uint8Array> = new Map()): Overlay {
  const written = new Map(contents);
  return {
    files() {
      const below = tree.files().filter(({ path }) => !written.has(path));
      const above = [...written].map(([path, bytes]) => ({ path, sizeBytes: bytes.byteLength }));
      return [...below, ...above].sort((a, b) => comparePaths(a.path, b.path));
    },
    omissions: () => tree.omissions(),
    read(path) {
      const bytes = written.get(path);
      return bytes === undefined ? tree.read(path) : Promise.resolve(bytes);
    },
    changedPaths: () => [...written.keys()].sort(comparePaths),
    write(path, bytes) {
      written.set(path, bytes);
    },
  };
}
