import { type Digest, digestBytes } from '@trocar/core';
import type { ChangeSet, FileChange } from '../change-set.js';
import { FolderError } from './folder-error.js';
import { type FileState, readFileState, replaceFile } from './folder-file.js';
import { diskFs, type FolderFs } from './folder-fs.js';
import { realFolder, refusePathText } from './folder-path.js';
import { restore } from './undo-from-folder.js';
import {
  digestChangeSet,
  prepareUndoFolder,
  readUndoRecord,
  removeLeftovers,
  saveUndo,
  temporaryName,
  type UndoRecord,
} from './undo-record.js';

/** Where a folder's change is remembered, and which disk it is made on. */
export interface FolderChangeOptions {
  /** A folder of this change set's own, outside the tree. Created if missing; keep it until undo is not wanted. */
  readonly undoFolder: string;
  /** Default: the disk of this machine. */
  readonly fs?: FolderFs;
}

/** A file that is not what the change set was made for. */
export interface FileConflict {
  readonly path: string;
  readonly expected: Digest | 'absent';
  readonly actual: Digest | 'absent';
}

/** What became of a change set. */
export type FolderOutcome =
  | {
      readonly status: 'applied';
      /** Files that this call wrote. */
      readonly written: readonly string[];
      /** Files that already were what they become, for example from an attempt that was killed. */
      readonly already: readonly string[];
    }
  | {
      readonly status: 'conflict';
      readonly conflicts: readonly FileConflict[];
      /** Files that this call had written and could not take back since they changed again. Normally empty. */
      readonly kept: readonly string[];
    };

/**
 * Writes a change set to a folder on disk.
 *
 * Before the first write every file is compared with the digest the edits were made for: one that differs is a conflict
 * and nothing is written. Each file is then replaced atomically, with its permission bits kept and compared once more
 * just before; a conflict found that late takes back what this call wrote. The call may be killed at any moment and
 * made again with the same arguments: it finishes the rest and removes the temporary files of the attempt before.
 * Two calls for the same undo folder must not run at the same time.
 *
 * @param contents the bytes that each path becomes.
 * @throws {FolderError} `contents-wrong`, `folder-missing`, `path-refused`, `undo-folder-refused` or `undo-damaged`; nothing was written.
 */
export async function applyToFolder(
  root: string,
  changeSet: ChangeSet,
  contents: ReadonlyMap<string, Uint8Array>,
  options: FolderChangeOptions,
): Promise<FolderOutcome> {
  const fs = options.fs ?? diskFs;
  checkChangeSet(changeSet, contents);
  const realRoot = await realFolder(fs, root);
  const undoFolder = await prepareUndoFolder(fs, realRoot, options.undoFolder);
  const earlier = await readUndoRecord(fs, undoFolder);
  if (earlier !== undefined && earlier.changeSet !== digestChangeSet(changeSet)) {
    throw new FolderError('undo-folder-refused', 'The undo folder belongs to another change set. Name a new one.');
  }

  const states = new Map<string, FileState>();
  const conflicts: FileConflict[] = [];
  for (const file of changeSet.files) {
    const state = await readFileState(fs, realRoot, file.path);
    states.set(file.path, state);
    // A file that was done before the first attempt has no copy, so it may not change under a later one either.
    const hasCopy = earlier === undefined || earlier.files.some(({ path }) => path === file.path);
    if (state.digest !== file.after && !(hasCopy && state.digest === file.before))
      conflicts.push(toConflict(file, state));
  }
  if (earlier !== undefined) await removeLeftovers(fs, realRoot, earlier);
  if (conflicts.length > 0) return { status: 'conflict', conflicts, kept: [] };

  const record = earlier ?? (await saveUndo(fs, realRoot, undoFolder, changeSet, states));
  const todo = changeSet.files.filter((file) => states.get(file.path)?.digest !== file.after);
  const already = changeSet.files.filter((file) => !todo.includes(file)).map(({ path }) => path);
  const written: string[] = [];
  for (const file of todo) {
    const conflict = await writeFile(fs, realRoot, record, file, contents);
    if (conflict !== undefined) {
      const kept = await restore(fs, realRoot, undoFolder, record, written);
      return { status: 'conflict', conflicts: [conflict], kept };
    }
    written.push(file.path);
  }
  return { status: 'applied', written, already };
}

async function writeFile(
  fs: FolderFs,
  root: string,
  record: UndoRecord,
  file: FileChange,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<FileConflict | undefined> {
  const state = await replaceFile(fs, root, {
    path: file.path,
    expected: file.before,
    bytes: contents.get(file.path) as Uint8Array,
    temporaryName: temporaryName(record.changeSet, file.path),
  });
  return state === undefined || state.digest === file.after ? undefined : toConflict(file, state);
}

function toConflict({ path, before }: FileChange, state: FileState): FileConflict {
  return { path, expected: before, actual: state.digest };
}

function checkChangeSet(changeSet: ChangeSet, contents: ReadonlyMap<string, Uint8Array>): void {
  const seen = new Set<string>();
  const folders = new Set(changeSet.files.flatMap(({ path }) => ancestors(path)));
  for (const { path, after } of changeSet.files) {
    let reason = refusePathText(path);
    if (seen.has(path)) reason = 'it stands twice in the change set';
    else if (folders.has(path)) reason = 'another path of the change set makes it a folder';
    if (reason !== undefined) {
      throw new FolderError('path-refused', `A path of the change set is refused: ${reason}.`, { data: { path } });
    }
    seen.add(path);
    const bytes = contents.get(path);
    if (bytes === undefined || digestBytes(bytes) !== after) {
      throw new FolderError('contents-wrong', `The bytes for ${path} are missing or not those the change set names.`, {
        data: { path },
      });
    }
  }
}

function ancestors(path: string): string[] {
  const segments = path.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}
