import { TrocarError } from '@trocar/core';

/** Why the plane did not answer a call with a result. */
export type PlaneErrorCode =
  | 'unknown-tool'
  | 'invalid-input'
  | 'invalid-output'
  | 'denied'
  | 'approval-required'
  | 'approval-mismatch'
  | 'over-budget'
  | 'invalid-policy';

/** A call that the plane refused, or whose tool broke its own contract. Nothing was executed unless `invalid-output`. */
export class PlaneError extends TrocarError<PlaneErrorCode> {}
