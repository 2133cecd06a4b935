import { constants } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Digest, digestBytes } from '@trocar/core';
import { FolderError } from './folder-error.js';
import type { FolderFs } from './folder-fs.js';
import { hasCode, inspectFolders, isMissing, lstatOrUndefined } from './folder-path.js';

/** Larger files are refused: nothing that is edited as text comes near. */
const maximumFileBytes = 256 * 1024 * 1024;

/** A file as it stands on disk; `absent` where there is none. */
export type FileState =
  | { readonly digest: 'absent' }
  | {
      readonly digest: Digest;
      readonly bytes: Uint8Array;
      readonly mode: number;
      readonly userId: number;
      readonly groupId: number;
    };

/** What a file is to become, and what it has to be until then. */
export interface FileReplacement {
  readonly path: string;
  readonly expected: Digest | 'absent';
  readonly bytes: Uint8Array;
  /** Permission bits; without them those of the file that is replaced, or 0o644 less the process's umask. */
  readonly mode?: number;
  /** Name of the temporary file, next to the target. */
  readonly temporaryName: string;
}

/**
 * Reads a file below `root` without following a link anywhere on the way.
 *
 * @throws {FolderError} `path-refused` where a link, a folder or another special file stands in its place.
 */
export async function readFileState(fs: FolderFs, root: string, path: string): Promise<FileState> {
  const { reason, missing } = await inspectFolders(fs, root, path);
  if (reason !== undefined) throw refused(path, reason);
  const target = join(root, path);
  const before = missing.length > 0 ? undefined : await lstatOrUndefined(fs, target);
  if (before === undefined) return { digest: 'absent' };
  if (!before.isFile()) throw refused(path, 'it is a link or no regular file');
  if (before.size > maximumFileBytes) throw refused(path, `it is larger than ${maximumFileBytes} bytes`);
  // Another process may exchange the file for a link between the two calls; NOFOLLOW makes the open fail then.
  const handle = await fs.open(target, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    const status = await handle.stat();
    const bytes = await handle.readFile();
    const mode = status.mode & 0o7777;
    return { digest: digestBytes(bytes), bytes, mode, userId: status.uid, groupId: status.gid };
  } finally {
    await handle.close();
  }
}

/**
 * Replaces or creates one file so that at every moment it is either what it was or what it becomes: the bytes go to a
 * temporary file beside it, reach the disk, and take its place by a rename (a link where there must be no file yet, which
 * fails instead of replacing one). Whether the file is still what was expected is looked at again just before.
 *
 * @returns the file's state where it is not what was expected (nothing was written), otherwise undefined.
 */
export async function replaceFile(
  fs: FolderFs,
  root: string,
  replacement: FileReplacement,
): Promise<FileState | undefined> {
  const { path, expected, bytes } = replacement;
  const target = join(root, path);
  const folder = dirname(target);
  const temporary = join(folder, replacement.temporaryName);
  const first = await readFileState(fs, root, path);
  if (first.digest !== expected) return first;
  await fs.mkdir(folder, { recursive: true });
  await writeTemporary(fs, temporary, bytes, first, replacement.mode);
  const last = await readFileState(fs, root, path);
  if (last.digest !== expected) {
    await fs.unlink(temporary);
    return last;
  }
  if (expected !== 'absent') await fs.rename(temporary, target);
  else if (!(await linkOrRename(fs, temporary, target))) return readFileState(fs, root, path);
  await syncFolder(fs, folder);
  return undefined;
}

/**
 * Puts a new file in its place. A link never replaces a file that appeared meanwhile (then the answer is false); file
 * systems without links get a rename.
 */
async function linkOrRename(fs: FolderFs, temporary: string, target: string): Promise<boolean> {
  try {
    await fs.link(temporary, target);
  } catch (error) {
    if (hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP')) {
      await fs.rename(temporary, target);
      return true;
    }
    await fs.unlink(temporary);
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  await fs.unlink(temporary);
  return true;
}

/** Writes a file of our own (an undo copy or the record) so that it is there whole or not at all. */
export async function writeOwnFile(fs: FolderFs, folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = join(folder, `${name}.tmp`);
  await removeIfFile(fs, temporary);
  await writeTemporary(fs, temporary, bytes, { digest: 'absent' }, 0o600);
  await fs.rename(temporary, join(folder, name));
  await syncFolder(fs, folder);
}

/** Removes a regular file if there is one. A link or folder of that name is somebody else's and stays. */
export async function removeIfFile(fs: FolderFs, path: string): Promise<void> {
  const status = await lstatOrUndefined(fs, path);
  if (status?.isFile() !== true) return;
  try {
    await fs.unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** Makes renames in a folder survive a power cut. Platforms that cannot sync a folder are left alone. */
export async function syncFolder(fs: FolderFs, folder: string): Promise<void> {
  const handle = await fs.open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    if (!hasCode(error, 'EPERM', 'EINVAL')) throw error;
  } finally {
    await handle.close();
  }
}

async function writeTemporary(
  fs: FolderFs,
  temporary: string,
  bytes: Uint8Array,
  like: FileState,
  mode: number | undefined,
): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await fs.open(temporary, flags, mode ?? 0o644);
  try {
    await handle.writeFile(bytes);
    const status = await handle.stat();
    if (like.digest !== 'absent' && (status.uid !== like.userId || status.gid !== like.groupId)) {
      await handle.chown(like.userId, like.groupId);
    }
    const wanted = mode ?? (like.digest === 'absent' ? undefined : like.mode);
    if (wanted !== undefined) await handle.chmod(wanted);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function refused(path: string, reason: string): FolderError {
  return new FolderError('path-refused', `${path} is not written to: ${reason}.`, { data: { path } });
}
