import { TrocarError } from '@trocar/core';

/**
 * A change set that cannot be written to a folder for a reason that is no conflict.
 *
 * - `contents-wrong`: the bytes handed over are not those that the change set promises.
 * - `path-refused`: a path leaves the root, goes through a link, or names something that is no regular file.
 * - `undo-folder-refused`: the undo folder lies inside the tree or belongs to another change set.
 * - `folder-missing`: the folder to change is gone or no folder.
 * - `undo-damaged`: the undo folder's record or copies are missing or were changed.
 */
export class FolderError extends TrocarError<
  'contents-wrong' | 'folder-missing' | 'path-refused' | 'undo-folder-refused' | 'undo-damaged'
> {}
