import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from './errors.js';
import type { Terminal } from './terminal.js';

/** The canonical path of a folder that the user named. Throws `UsageError` where there is no such folder. */
export async function resolveFolder({ workingFolder }: Terminal, name: string): Promise<string> {
  const path = await resolveExisting(workingFolder, name);
  if (!(await stat(path)).isDirectory()) throw new UsageError(`${name} is not a folder.`);
  return path;
}

/** The canonical path of a file that the user named. Throws `UsageError` where there is no such file. */
export async function resolveFile({ workingFolder }: Terminal, name: string): Promise<string> {
  const path = await resolveExisting(workingFolder, name);
  if (!(await stat(path)).isFile()) throw new UsageError(`${name} is not a file.`);
  return path;
}

async function resolveExisting(workingFolder: string, name: string): Promise<string> {
  if (name === '') throw new UsageError('The name is empty.');
  try {
    return await realpath(resolve(workingFolder, name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(code === 'ENOENT' ? `There is nothing at ${name}.` : `${name} cannot be opened (${code}).`);
  }
}
