import * as promises from 'node:fs/promises';

/** The part of `node:fs/promises` that writing to a folder uses; tests wrap it to stop between two calls. */
export type FolderFs = Pick<
  typeof promises,
  'chmod' | 'link' | 'lstat' | 'mkdir' | 'open' | 'realpath' | 'rename' | 'rmdir' | 'unlink'
>;

/** The disk of this machine. */
export const diskFs: FolderFs = promises;
