import { join } from 'node:path';
import { FolderError } from './folder-error.js';
import type { FolderFs } from './folder-fs.js';

/**
 * The reason why `path` must not be used below a root, judged by its text alone: it has to be relative, with forward
 * slashes, without empty, `.` or `..` segments, and must not reach into `.git`, whose hooks are executed.
 */
export function refusePathText(path: string): string | undefined {
  if (path === '' || path.includes('\0')) return 'it is empty or holds a NUL character';
  if (path.includes('\\')) return 'it holds a backslash';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'it is absolute';
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') return 'it has an empty, "." or ".." segment';
    if (segment.toLowerCase() === '.git') return 'it lies in .git';
  }
  return undefined;
}

/**
 * The reason why a file below `root` must not be written, judged by what is on disk: every folder on the way has to be
 * a real folder, not a link. Missing folders are listed in `missing`, outermost first, relative to `root`.
 */
export async function inspectFolders(
  fs: FolderFs,
  root: string,
  path: string,
): Promise<{ readonly reason?: string; readonly missing: readonly string[] }> {
  const segments = path.split('/').slice(0, -1);
  const missing: string[] = [];
  for (let count = 1; count <= segments.length; count += 1) {
    const relative = segments.slice(0, count).join('/');
    const status = missing.length > 0 ? undefined : await lstatOrUndefined(fs, join(root, relative));
    if (status === undefined) missing.push(relative);
    else if (!status.isDirectory()) return { reason: `${relative} is a link or no folder`, missing };
  }
  return { missing };
}

/** What `lstat` says, or undefined where there is nothing. */
export async function lstatOrUndefined(fs: FolderFs, path: string) {
  try {
    return await fs.lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether a thrown value says that a path does not exist. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT', 'ENOTDIR');
}

/** Whether a thrown value is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(error.code as string);
}

/**
 * The real path of the folder to change.
 *
 * @throws {FolderError} `folder-missing` where there is none.
 */
export async function realFolder(fs: FolderFs, root: string): Promise<string> {
  try {
    return await fs.realpath(root);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new FolderError('folder-missing', 'The folder to change is gone. Name an existing one.', { cause });
  }
}
