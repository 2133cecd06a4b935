import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceTree } from '@trocar/code';

/** What the file system said about everything that a listing of a folder depends on. */
export interface TreeStamp {
  /** Path below the root to inode, size and times. */
  readonly marks: ReadonlyMap<string, string>;
  /** The latest change of any of them, in milliseconds since 1970. */
  readonly newestMs: number;
}

const maximumMarks = 50_000;

/**
 * Stamps a folder as it was listed: its files, and every folder in which a file could appear. Undefined where it changed
 * since it was listed, was not listed in full, or is too large to be stamped.
 */
export function stampTree(root: string, tree: SourceTree): TreeStamp | undefined {
  const omitted = new Map(tree.omissions().map(({ path, code }) => [path, code]));
  const listed = new Set(tree.files().map(({ path }) => path));
  if ([...omitted.values()].includes('too-many-files') || listed.size > maximumMarks) return undefined;
  const marks = new Map<string, string>();
  let newestMs = 0;
  const mark = (path: string) => {
    const { text, changedMs } = markOf(join(root, path));
    marks.set(path, text);
    newestMs = Math.max(newestMs, changedMs);
  };
  try {
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      if (marks.size > maximumMarks) return undefined;
      // Before it is read: what appears in it later shows.
      mark(folder);
      for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        const omission = omitted.get(path);
        if (omission === 'unreadable' || listed.delete(path)) mark(path);
        else if (omission === undefined && entry.isDirectory()) pending.push(path);
        else if (omission === undefined) return undefined;
      }
    }
  } catch {
    // Something went away while it was looked at.
    return undefined;
  }
  return listed.size === 0 ? { marks, newestMs } : undefined;
}

/** Whether everything is as it was stamped. Synchronous, since awaiting each of 800 files took several times as long. */
export function isUnchanged(root: string, stamp: TreeStamp): boolean {
  try {
    for (const [path, text] of stamp.marks) if (markOf(join(root, path)).text !== text) return false;
    return true;
  } catch {
    return false;
  }
}

function markOf(path: string): { text: string; changedMs: number } {
  const { ino, size, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
  return { text: `${ino} ${size} ${mtimeNs} ${ctimeNs}`, changedMs: Number(ctimeNs / 1_000_000n) };
}
