import { type Digest, digestBytes } from '@trocar/core';
import { comparePaths, type SourceTree } from '../source/source-tree.js';
import { applyEdits } from './apply-edits.js';
import { createOverlay, type Overlay } from './overlay.js';
import type { EditProblem, TextEdit } from './text-edit.js';

/** The edits of one file, from the bytes they were made for to the bytes they give. */
export interface FileChange {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** Digest of the bytes before; `absent` for a file that the change creates. */
  readonly before: Digest | 'absent';
  readonly after: Digest;
  readonly edits: readonly TextEdit[];
}

/** Edits over several files that belong together: all of them or none. Sorted by path, each path once. */
export interface ChangeSet {
  readonly files: readonly FileChange[];
}

/** A change set with the bytes that each path becomes, or the first problem. */
export type PlannedChange =
  | {
      readonly ok: true;
      readonly changeSet: ChangeSet;
      readonly contents: ReadonlyMap<string, Uint8Array>;
      /** The tree as it is after the change. */
      readonly overlay: Overlay;
    }
  | { readonly ok: false; readonly path: string; readonly problem: EditProblem };

/** What the edits of a path were made for: the digest the author saw, to notice a change since. */
export interface ChangeOptions {
  readonly baseDigests?: ReadonlyMap<string, Digest>;
}

/**
 * Computes the change set of edits to files of a tree. A path that the tree does not have is created; its edits start
 * from an empty text. Edits that leave a file as it is drop out.
 *
 * Rejects with what the tree's `read` rejects with.
 */
export async function planChange(
  tree: SourceTree,
  edits: ReadonlyMap<string, readonly TextEdit[]>,
  options: ChangeOptions = {},
): Promise<PlannedChange> {
  const known = new Set(tree.files().map(({ path }) => path));
  const contents = new Map<string, Uint8Array>();
  const files: FileChange[] = [];
  for (const path of [...edits.keys()].sort(comparePaths)) {
    const exists = known.has(path);
    const source = exists ? await tree.read(path) : new Uint8Array();
    const actual = digestBytes(source);
    const fileEdits = edits.get(path) ?? [];
    const edited = applyEdits(source, options.baseDigests?.get(path) ?? actual, fileEdits);
    if (!edited.ok) return { ok: false, path, problem: edited.problem };
    if (exists && edited.digest === actual) continue;
    contents.set(path, edited.bytes);
    files.push({ path, before: exists ? actual : 'absent', after: edited.digest, edits: fileEdits });
  }
  return { ok: true, changeSet: { files }, contents, overlay: createOverlay(tree, contents) };
}

/** The bytes that each path of a change set becomes, computed anew from the tree it was made for. */
export async function materialiseChange(tree: SourceTree, changeSet: ChangeSet): Promise<PlannedChange> {
  const edits = new Map(changeSet.files.map((file) => [file.path, file.edits]));
  const baseDigests = new Map<string, Digest>();
  for (const { path, before } of changeSet.files) baseDigests.set(path, before === 'absent' ? digestBytes('') : before);
  return planChange(tree, edits, { baseDigests });
}
