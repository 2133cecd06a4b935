import type { JsonObject, JsonValue } from '@trocar/core';
import type { BlobStore } from '../journal/blob-store.js';

/** What a step hands back: its output and whatever should stand beside it in the same journal entry. */
export interface StepResult {
  readonly output: JsonValue;
  /** Recorded with the output in one entry: identity, tool, decision, receipt. Never given to the workflow. */
  readonly attributes?: JsonObject;
}

/** What a step may use besides its input. */
export interface StepContext {
  readonly runId: string;
  /** The same for every attempt of this step, also after a crash: use it as the idempotency key of effects. */
  readonly stepId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted when the run is cancelled, the step's time is up or the engine closes. */
  readonly signal: AbortSignal;
  /** Says that the step is alive, where the call asked for it with `heartbeatMs`. */
  heartbeat(): void;
  /** Bytes put here are committed with the step's entry or before it. */
  readonly blobs: BlobStore;
  /**
   * The value behind a handle of `ctx.secret`. A step that leaves it in its output, attributes or blobs fails with
   * `secret-exposed`; in its error it is cut out. Code: `secret-unknown`.
   */
  secret(handle: JsonValue): Promise<string>;
}

/**
 * A named effect: the only place where a workflow touches the world.
 *
 * It must be safe to run again with the same `stepId`, since a crash between the effect and the commit repeats it.
 * Throw a `TrocarError` with `retryable: true` to ask for another attempt.
 */
export type StepFunction = (input: JsonValue, context: StepContext) => Promise<StepResult>;

/** The steps that an engine can run, by name. */
export type StepRegistry = Readonly<Record<string, StepFunction>>;
