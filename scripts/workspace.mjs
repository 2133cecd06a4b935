/** Reads the workspace: its packages with their manifests, and the files below a folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this checkout. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The packages below `root/packages`, by folder name.
 * @param {string} root
 * @returns {{ folder: string, path: string, manifest: any }[]}
 */
export function readPackages(root) {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => {
      const path = join(root, 'packages', entry.name);
      return { folder: entry.name, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) };
    })
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/**
 * Every file below a folder whose name matches, as absolute paths in a fixed order; an absent folder has none.
 * @param {string} folder
 * @param {RegExp} name
 * @returns {string[]}
 */
export function listFiles(folder, name) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : listFiles(path, name);
      return entry.isFile() && name.test(entry.name) ? [path] : [];
    });
}

/**
 * A path as people write it: relative to the root, with forward slashes.
 * @param {string} root
 * @param {string} path
 */
export function shownPath(root, path) {
  return relative(root, path).split(sep).join('/');
}
