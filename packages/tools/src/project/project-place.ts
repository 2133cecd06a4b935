import { basename, dirname, relative, sep } from 'node:path';
import { isPathInside, type Resource } from '@trocar/plane';
import { ToolError } from '../errors.js';
import { kindOfPath, toAdmittedPath, toJudgedPath } from '../path/canonical-path.js';

/** A file with the project it is part of. */
interface ProjectPlace {
  readonly root: string;
  /** Absolute, canonical path. */
  readonly file: string;
  /** The file relative to the root, with forward slashes. */
  readonly name: string;
}

/** The project of a file: the working folder where the file lies in it, else the folder that the file lies in. */
function projectRootOf(workingFolder: string, file: string): string {
  return isPathInside(file, workingFolder) ? workingFolder : dirname(file);
}

/** Finds a file and its project. Codes: those of {@link toAdmittedPath}. */
export async function locateFile(
  workingFolder: string,
  path: string,
  judged: readonly Resource[],
): Promise<ProjectPlace> {
  const file = await toAdmittedPath(workingFolder, path, judged);
  const root = projectRootOf(workingFolder, file);
  return { root, file, name: relative(root, file).split(sep).join('/') };
}

/** What a tool reads that looks at the whole project of a file. */
export async function readsProjectOf(workingFolder: string, path: string): Promise<{ path: string; access: 'read' }[]> {
  const judged = await toJudgedPath(workingFolder, path);
  const root = projectRootOf(workingFolder, judged);
  return [...new Set([root, judged])].map((place) => ({ path: place, access: 'read' }));
}

/** Finds a folder. Codes: `not-a-folder`, those of {@link toAdmittedPath}. */
export async function locateFolder(workingFolder: string, path: string, judged: readonly Resource[]): Promise<string> {
  const folder = await toAdmittedPath(workingFolder, path, judged);
  if ((await kindOfPath(folder)) === 'folder') return folder;
  throw new ToolError('not-a-folder', `${basename(folder)} is a file; give the folder whose code is meant.`);
}
