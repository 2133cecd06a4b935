/** How much room a folder takes on disk. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Bytes on disk of everything below a folder, in whole blocks where the platform tells them; links are not followed.
 * @param {string} folder
 * @returns {number}
 */
export function folderSize(folder) {
  let sizeBytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const stat = lstatSync(path);
    sizeBytes += stat.blocks === undefined ? stat.size : stat.blocks * 512;
    if (entry.isDirectory()) sizeBytes += folderSize(path);
  }
  return sizeBytes;
}
