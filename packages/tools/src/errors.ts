import { TrocarError } from '@trocar/core';

/** Why a tool could not do its work. */
export type ToolErrorCode =
  | 'path-missing'
  | 'path-unreadable'
  | 'not-a-folder'
  | 'not-a-file'
  | 'file-too-large'
  | 'file-not-code'
  | 'symbol-missing'
  | 'symbol-ambiguous'
  | 'needs-types'
  | 'edit-refused'
  | 'rename-refused'
  | 'file-changed'
  | 'tree-too-large'
  | 'guest-unsupported';

/** A tool's failure: nothing was changed, and the message says what to do. */
export class ToolError extends TrocarError<ToolErrorCode> {}
