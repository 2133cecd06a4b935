import type { JsonValue, Problem } from '@trocar/core';

/** How a run stands. `waiting`: it has nothing to do until a signal or a timer comes. */
export type RunStatus = 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';

/** Something that a run waits for. */
export type WaitingFor =
  | { readonly kind: 'signal'; readonly name: string; readonly deadlineMs?: number }
  | { readonly kind: 'timer'; readonly dueMs: number };

/** What the entries of a run say about it as a whole. */
export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly status: RunStatus;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly entries: number;
  readonly waitingFor: readonly WaitingFor[];
  readonly identity?: string;
  readonly output?: JsonValue;
  readonly problem?: Problem;
}
