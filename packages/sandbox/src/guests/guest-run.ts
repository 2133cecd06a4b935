import type { GuestOutcome } from '../outcome.js';
import type { GuestResult } from './guest-result.js';

/** What a caller sees of one guest, and all that is known about it. */
export interface GuestRun {
  readonly outcome: GuestOutcome;
  readonly result: GuestResult;
}
