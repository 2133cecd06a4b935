import { join } from 'node:path';
import type { FileConflict, FolderChangeOptions, FolderOutcome } from './apply-to-folder.js';
import { FolderError } from './folder-error.js';
import { readFileState, replaceFile, syncFolder } from './folder-file.js';
import { diskFs, type FolderFs } from './folder-fs.js';
import { hasCode, isMissing, realFolder } from './folder-path.js';
import {
  readUndoCopy,
  readUndoRecord,
  removeLeftovers,
  temporaryName,
  type UndoFile,
  type UndoRecord,
} from './undo-record.js';

/**
 * Takes back what `applyToFolder` wrote, wholly or in part, from the copies in its undo folder.
 *
 * Every file has to be what the change set made of it, or already what it was before; one that changed since is a
 * conflict and nothing is written. May be killed and called again.
 *
 * @throws {FolderError} `undo-damaged` where the folder holds no usable record, `path-refused`.
 */
export async function undoFromFolder(root: string, options: FolderChangeOptions): Promise<FolderOutcome> {
  const fs = options.fs ?? diskFs;
  const realRoot = await realFolder(fs, root);
  const record = await readUndoRecord(fs, options.undoFolder);
  if (record === undefined) throw new FolderError('undo-damaged', 'The undo folder holds no record.');
  await removeLeftovers(fs, realRoot, record);
  const conflicts: FileConflict[] = [];
  const todo: UndoFile[] = [];
  for (const file of record.files) {
    const state = await readFileState(fs, realRoot, file.path);
    if (state.digest === file.after) todo.push(file);
    else if (state.digest !== file.before) {
      conflicts.push({ path: file.path, expected: file.after, actual: state.digest });
    }
  }
  for (const { before } of todo) if (before !== 'absent') await readUndoCopy(fs, options.undoFolder, before);
  if (conflicts.length > 0) return { status: 'conflict', conflicts, kept: [] };
  const paths = todo.map(({ path }) => path);
  const kept = await restore(fs, realRoot, options.undoFolder, record, paths);
  if (kept.length > 0) {
    const late = todo.filter(({ path }) => kept.includes(path));
    const conflicts = await Promise.all(
      late.map(async ({ path, after }) => {
        return { path, expected: after, actual: (await readFileState(fs, realRoot, path)).digest };
      }),
    );
    return { status: 'conflict', conflicts, kept };
  }
  await removeCreatedFolders(fs, realRoot, record);
  const already = record.files.filter((file) => !todo.includes(file)).map(({ path }) => path);
  return { status: 'applied', written: paths, already };
}

/** Restores the named files that are as the change set left them; gives the paths of those that no longer are. */
export async function restore(
  fs: FolderFs,
  root: string,
  undoFolder: string,
  record: UndoRecord,
  paths: readonly string[],
): Promise<string[]> {
  const kept: string[] = [];
  for (const file of record.files) {
    if (!paths.includes(file.path)) continue;
    if (!(await restoreFile(fs, root, undoFolder, record, file))) kept.push(file.path);
  }
  return kept;
}

async function restoreFile(
  fs: FolderFs,
  root: string,
  undoFolder: string,
  record: UndoRecord,
  file: UndoFile,
): Promise<boolean> {
  if (file.before === 'absent') {
    const state = await readFileState(fs, root, file.path);
    if (state.digest !== file.after) return state.digest === 'absent';
    await fs.unlink(join(root, file.path));
    await syncFolder(fs, join(root, file.path, '..'));
    return true;
  }
  const state = await replaceFile(fs, root, {
    path: file.path,
    expected: file.after,
    bytes: await readUndoCopy(fs, undoFolder, file.before),
    mode: file.mode,
    temporaryName: temporaryName(record.changeSet, file.path),
  });
  return state === undefined || state.digest === file.before;
}

/** Innermost first; a folder that somebody else put a file into stays. */
async function removeCreatedFolders(fs: FolderFs, root: string, record: UndoRecord): Promise<void> {
  for (const folder of [...record.createdFolders].reverse()) {
    try {
      await fs.rmdir(join(root, folder));
    } catch (error) {
      if (!isMissing(error) && !hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    }
  }
}
