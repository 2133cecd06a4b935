import { posix } from 'node:path';
import type { IrModule } from '../ir/module.js';
import type { Omission } from '../source/source-tree.js';
import type { SkippedFile } from './report.js';

/** Folders that were left out as output or dependencies although analysed code imports files of theirs by path. */
export function importedFolders(
  modules: ReadonlyMap<string, IrModule>,
  omissions: readonly Omission[],
): readonly SkippedFile[] {
  const folders = omissions.filter((omission) => omission.code === 'dependency-folder').map(({ path }) => path);
  if (folders.length === 0) return [];
  const found = new Map<string, string>();
  for (const [file, module] of modules) {
    const folder = file.slice(0, Math.max(0, file.lastIndexOf('/')));
    for (const specifier of module.imports) {
      const path = /^\.\.?\//.test(specifier) ? posix.join(folder, specifier) : undefined;
      const holder = folders.find((candidate) => path === candidate || path?.startsWith(`${candidate}/`));
      if (holder !== undefined && !found.has(holder)) found.set(holder, file);
    }
  }
  return Array.from(found, ([path, file]) => ({
    file: path,
    code: 'unreadable',
    reason: `not analysed, though ${file} imports from it`,
  }));
}
