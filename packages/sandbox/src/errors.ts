import { TrocarError } from '@trocar/core';

/**
 * What can go wrong with the sandbox itself. What a guest does wrong is never thrown: it is a trap in the outcome.
 *
 * - `bad-request`: the caller passed limits, arguments or files that make no sense.
 * - `sandbox-closed`: the sandbox was closed before or during the call.
 * - `overloaded`: the queue of waiting calls is full (retryable).
 * - `worker-failed`: workers die faster than the restart budget allows (retryable).
 */
export type SandboxErrorCode = 'bad-request' | 'sandbox-closed' | 'overloaded' | 'worker-failed';

/** An error of the sandbox, never of its guest. */
export class SandboxError extends TrocarError<SandboxErrorCode> {}
