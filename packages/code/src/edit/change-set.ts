import type { Digest } from '@trocar/core';
import type { TextEdit } from './text-edit.js';

/** The edits of one file, from the bytes they were made for to the bytes they give. */
export interface FileChange {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  /** Digest of the bytes before; `absent` for a file that the change creates. */
  readonly before: Digest | 'absent';
  readonly after: Digest;
  readonly edits: readonly TextEdit[];
}

/** Edits over several files that belong together: all of them or none. Sorted by path, each path once. */
export interface ChangeSet {
  readonly files: readonly FileChange[];
}
