import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isPathInside, type Resource } from '@trocar/plane';
import { ToolError } from '../errors.js';

/**
 * The canonical absolute form of a path that exists: every symbolic link is resolved, so that the policy judges the
 * place itself and not a name for it.
 *
 * @throws {ToolError} `path-missing` or `path-unreadable`.
 */
export async function toCanonicalPath(workingFolder: string, path: string): Promise<string> {
  if (path.includes('\0')) throw new ToolError('path-missing', 'A path cannot contain a NUL character.');
  const absolute = resolve(workingFolder, path);
  try {
    return await realpath(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new ToolError('path-missing', `There is nothing at ${path}. Check the name.`);
    }
    throw new ToolError('path-unreadable', `${path} cannot be opened (${code ?? 'unknown reason'}).`);
  }
}

/**
 * The place that a path means, for the policy to judge before anybody learns whether something is there: links are
 * resolved as far as the path exists, and the rest is appended.
 */
export async function toJudgedPath(workingFolder: string, path: string): Promise<string> {
  const names: string[] = [];
  for (let place = resolve(workingFolder, path.replaceAll('\0', '')); ; place = dirname(place)) {
    try {
      return join(await realpath(place), ...names);
    } catch {
      if (place === dirname(place)) return join(place, ...names);
      names.unshift(basename(place));
    }
  }
}

/**
 * The canonical form of a path, if it still is a place that the policy has judged. A link that was turned elsewhere
 * since would otherwise lead the tool past the policy.
 *
 * @throws {ToolError} `path-missing`, `path-unreadable`.
 */
export async function toAdmittedPath(
  workingFolder: string,
  path: string,
  judged: readonly Resource[],
): Promise<string> {
  const place = await toCanonicalPath(workingFolder, path);
  if (judged.some((resource) => isPathInside(place, resource.path))) return place;
  throw new ToolError('path-unreadable', `${path} changed while the call was judged. Try again.`);
}

/**
 * Checks that a recorded root still is what it was: a place, and not a link to another one.
 *
 * @throws {ToolError} `path-missing` where it is gone, `file-changed` where something else stands there now.
 */
export async function assertCanonicalRoot(root: string): Promise<void> {
  if ((await toCanonicalPath(root, root)) !== root) {
    throw new ToolError('file-changed', 'The folder was replaced by a link. Start again with the folder itself.');
  }
}

/** What stands at a canonical path. Throws `path-unreadable` for what is neither a folder nor a regular file. */
export async function kindOfPath(path: string): Promise<'folder' | 'file'> {
  const found = await stat(path);
  if (found.isDirectory()) return 'folder';
  if (found.isFile()) return 'file';
  throw new ToolError('path-unreadable', 'Neither a folder nor a regular file.');
}
