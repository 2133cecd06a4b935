import type { Omission, SourceTree } from '@trocar/code';
import type { Snapshot } from './snapshot.js';

/** A snapshot as the code engine reads it. Files whose content was not kept are listed and fail to read. */
export function toSourceTree({ manifest, read }: Snapshot): SourceTree {
  const files = manifest.files.map(({ path, sizeBytes }) => ({ path, sizeBytes }));
  return {
    files: () => files,
    omissions: () => manifest.omissions as readonly Omission[],
    read: async (path) => read(path),
  };
}
