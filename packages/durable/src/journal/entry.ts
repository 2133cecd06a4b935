import type { JsonObject } from '@trocar/core';

/** What an entry records. */
export type EntryKind =
  | 'run-started'
  | 'run-resumed'
  | 'step-completed'
  | 'step-attempt-failed'
  | 'step-failed'
  | 'signal-awaited'
  | 'signal-received'
  | 'signal-timed-out'
  | 'timer-started'
  | 'timer-fired'
  | 'value-recorded'
  | 'cancel-requested'
  | 'run-completed'
  | 'run-failed'
  | 'run-cancelled';

/** One committed entry of a run. */
export interface JournalEntry {
  readonly runId: string;
  /** 0 for the run's first entry. */
  readonly seq: number;
  /** When it was written, in milliseconds since 1970. */
  readonly atMs: number;
  readonly kind: EntryKind;
  /** Which operation of the workflow it belongs to, counted from 0 in program order. */
  readonly index?: number;
  /** The step, signal, workflow or kind of value. */
  readonly name?: string;
  /** What the kind carries: digests, payloads, attributes, identity, problem. */
  readonly content: JsonObject;
}
