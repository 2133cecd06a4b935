import type { JsonValue } from '@trocar/core';
import type { ZodType, z } from 'zod';
import type { WorkflowDefinition } from './definition.js';
import type { SecretHandle } from './secret.js';

/** When a failed attempt of a step is repeated. */
export interface RetryPolicy {
  /** At most this many attempts in all. Default: 1. */
  readonly maxAttempts: number;
  /** Pause before the second attempt, in milliseconds. Default: 100. */
  readonly initialDelayMs?: number;
  /** Each further pause is this many times longer. Default: 2. */
  readonly backoff?: number;
  /** No pause is longer than this. Default: 60 000. */
  readonly maxDelayMs?: number;
}

/** How one call of a step is run. */
export interface RunOptions {
  /** Only problems that are marked `retryable`, and timeouts, are retried. */
  readonly retry?: RetryPolicy;
  /** Each attempt is aborted and fails with `step-timeout` after this time. */
  readonly timeoutMs?: number;
  /** An attempt that does not call `StepContext.heartbeat` for this time is aborted and fails with `step-timeout`. */
  readonly heartbeatMs?: number;
}

/** What a workflow waits for in {@link WorkflowContext.signal}. */
export interface SignalOptions<Payload> {
  /** A payload that does not fit is refused when it is sent to a live run, else dropped; the run keeps waiting. */
  readonly schema: ZodType<Payload>;
  /** After this time the wait fails with a `DurableError` `signal-timeout`. */
  readonly timeoutMs?: number;
}

/**
 * What workflow code may do. Everything else that depends on the world belongs into a step.
 *
 * Operations are claimed in the order of their calls; results arrive in the order of the journal. So `Promise.all`,
 * `Promise.race` and `Promise.allSettled` work as usual and replay identically. When cancellation of the run is asked
 * for, every pending operation fails with a `DurableError` `run-cancelled`; later ones still work, for cleaning up.
 */
export interface WorkflowContext {
  readonly runId: string;
  /** Runs a step of the registry and gives its output. Fails with a `StepFailedError` that carries the problem. */
  run(step: string, input: JsonValue, options?: RunOptions): Promise<JsonValue>;
  /** As {@link run}, with the output checked by a schema. */
  run<Output>(step: string, input: JsonValue, options: RunOptions & { output: ZodType<Output> }): Promise<Output>;
  /**
   * Runs another workflow as a run of its own, `RUN.INDEX`, and gives its output. Fails with a `ChildFailedError` that
   * carries the problem. A child that is still open when this run ends or is cancelled is cancelled with it.
   */
  child<Input extends ZodType, Output extends ZodType>(
    workflow: WorkflowDefinition<Input, Output>,
    input: z.input<Input>,
  ): Promise<z.output<Output>>;
  /** Parks the run until the signal comes. Signals that came before are kept, in their order. */
  signal<Payload>(name: string, options: SignalOptions<Payload>): Promise<Payload>;
  /** A timer that survives restarts. */
  sleep(durationMs: number): Promise<void>;
  /** As {@link sleep}, until a time in milliseconds since 1970. */
  sleepUntil(timeMs: number): Promise<void>;
  /** The recorded time in milliseconds since 1970. */
  now(): number;
  /** A recorded number in [0, 1). */
  random(): number;
  /** A recorded version 4 UUID. */
  uuid(): string;
  /**
   * True where the run may take a changed path, false where its record goes on without the change: lets changed code
   * finish runs that were started before it. One answer for each id of a run.
   */
  patch(id: string): boolean;
  /** A reference to a secret, for a step's input: the step resolves it with `StepContext.secret`. */
  secret(reference: string): SecretHandle;
}
