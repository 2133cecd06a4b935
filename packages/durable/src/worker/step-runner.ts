import { type Clock, type Digest, type Problem, type RandomSource, toCanonicalJson, toProblem } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { EntryDraft } from '../journal/entry.js';
import { joinMembers, type Payload, type PayloadName, toPayload } from '../journal/payload.js';
import type { StepOperation } from '../replay/operation.js';
import type { RetryPolicy } from '../workflow/context.js';
import type { StepRegistry } from '../workflow/step.js';
import type { SecretUse } from './engine.js';
import type { RunBlobs } from './run-blobs.js';
import { createSecretKeeper, type SecretKeeper } from './secret-keeper.js';

/** What running steps needs from the engine. */
export interface StepRunnerOptions {
  readonly steps: StepRegistry;
  /** The blobs as one run may see them. */
  blobs(runId: string, inspect: (bytes: Uint8Array | string) => void): RunBlobs;
  resolveSecret(reference: string, use: SecretUse): Promise<string>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly maxPayloadBytes: number;
  payloadMembers(runId: string, name: PayloadName, payload: Payload): Readonly<Record<string, string>>;
  started(event: { runId: string; stepId: string; step: string; attempt: number }): void;
}

/** Runs attempts of steps and says in drafts how they ended. */
export interface StepRunner {
  /** Runs one attempt, not before `startAtMs`. Gives no drafts when {@link close} interrupted it. Never rejects. */
  run(runId: string, operation: StepOperation, startAtMs: number): Promise<readonly EntryDraft[]>;
  abort(operation: StepOperation): void;
  /** Aborts everything and waits at most `graceMs` for it to end. */
  close(graceMs: number): Promise<void>;
}

const defaults = { initialDelayMs: 100, backoff: 2, maxDelayMs: 60_000 };

interface Attempt {
  readonly runId: string;
  readonly operation: StepOperation;
  readonly controller: AbortController;
  readonly blobs: RunBlobs;
  readonly secrets: SecretKeeper;
}

/** Builds the runner of an engine. */
export function createStepRunner(options: StepRunnerOptions): StepRunner {
  const flights = new Map<StepOperation, { controller: AbortController; ended: Promise<readonly EntryDraft[]> }>();
  let isClosing = false;

  const attempt = async (
    runId: string,
    operation: StepOperation,
    startAtMs: number,
    controller: AbortController,
  ): Promise<readonly EntryDraft[]> => {
    const use = { runId, step: operation.identity.name };
    const secrets = createSecretKeeper((reference) => options.resolveSecret(reference, use));
    try {
      const blobs = options.blobs(runId, secrets.inspect);
      await pause(startAtMs - options.clock.nowMs(), controller.signal);
      const result = await execute({ runId, operation, controller, blobs, secrets });
      return [toDraft(runId, operation, 'step-completed', result, blobs.digests)];
    } catch (error) {
      const isAborted = controller.signal.aborted && !isTimeout(controller.signal.reason);
      if (isClosing && isAborted) return [];
      return [toFailure(runId, operation, secrets.redact(toProblem(error)), isAborted)];
    }
  };

  const execute = async ({ runId, operation, controller, blobs, secrets }: Attempt) => {
    const step = operation.identity.name;
    const stepId = `${runId}/${operation.index}`;
    const number = operation.failedAttempts + 1;
    options.started({ runId, stepId, step, attempt: number });
    const limit = createTimeLimit(operation, controller);
    try {
      // Parsed anew: a step that changes its input must not change what another attempt gets.
      const input = JSON.parse(operation.input.text);
      const run = options.steps[step];
      if (run === undefined) throw new DurableError('step-unknown', `No step "${step}" is registered.`);
      const context = {
        runId,
        stepId,
        attempt: number,
        signal: controller.signal,
        blobs,
        heartbeat: () => limit?.beat(),
        secret: secrets.resolve,
      };
      const running = run(input, context);
      const result = await (limit === undefined ? running : Promise.race([running, limit.expired]));
      const output = toPayload(result?.output, options.maxPayloadBytes);
      const attributes = result.attributes && toPayload(result.attributes, options.maxPayloadBytes).text;
      secrets.inspect(output.text);
      if (attributes !== undefined) secrets.inspect(attributes);
      return { output, attributes };
    } finally {
      limit?.clear();
    }
  };

  const toDraft = (
    runId: string,
    operation: StepOperation,
    kind: 'step-completed',
    { output, attributes }: { output: Payload; attributes: string | undefined },
    digests: ReadonlySet<Digest>,
  ): EntryDraft => {
    const content = joinMembers({
      ...(digests.size > 0 &&
        options.payloadMembers(runId, 'blobs', toPayload([...digests].sort(), Number.MAX_SAFE_INTEGER))),
      attributes,
      inputDigest: `"${operation.input.digest}"`,
      ...options.payloadMembers(runId, 'output', output),
    });
    return { runId, kind, index: operation.index, name: operation.identity.name, content };
  };

  const toFailure = (runId: string, operation: StepOperation, problem: Problem, isAborted: boolean): EntryDraft => {
    const { retry } = operation.options;
    const number = operation.failedAttempts + 1;
    const mayRetry = !isAborted && retry !== undefined && number < retry.maxAttempts && isRetryable(problem);
    const content = joinMembers({
      attempt: String(number),
      inputDigest: `"${operation.input.digest}"`,
      problem: toPayloadText(problem, options.maxPayloadBytes),
    });
    const base = { runId, index: operation.index, name: operation.identity.name, content };
    if (!mayRetry) return { ...base, kind: 'step-failed' };
    const dueMs = options.clock.nowMs() + delayMs(retry, number, options.random);
    return { ...base, kind: 'step-attempt-failed', dueMs };
  };

  return {
    run(runId, operation, startAtMs) {
      const controller = new AbortController();
      const ended = attempt(runId, operation, startAtMs, controller).finally(() => flights.delete(operation));
      flights.set(operation, { controller, ended });
      return ended;
    },
    abort: (operation) => flights.get(operation)?.controller.abort(abortedError('The run is over or was cancelled.')),
    async close(graceMs) {
      isClosing = true;
      const ending = [...flights.values()];
      for (const { controller } of ending) controller.abort(abortedError('The engine closes.'));
      let timer: NodeJS.Timeout | undefined;
      const grace = new Promise((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(ending.map(({ ended }) => ended)), grace]);
      clearTimeout(timer);
    },
  };
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DurableError && reason.code === 'step-timeout';
}

function isRetryable(problem: Problem): boolean {
  return problem.retryable || problem.code === 'step-timeout';
}

/** The pause after the `number`th attempt: exponential, shortened by up to a half at random so that herds disperse. */
function delayMs(retry: RetryPolicy, number: number, random: RandomSource): number {
  const { initialDelayMs, backoff, maxDelayMs } = { ...defaults, ...retry };
  const full = Math.min(maxDelayMs, initialDelayMs * backoff ** (number - 1));
  return Math.ceil(full * (1 - (random.bytes(1)[0] as number) / 512));
}

function toPayloadText(problem: Problem, maxPayloadBytes: number): string {
  try {
    return toPayload(problem, maxPayloadBytes).text;
  } catch {
    const { code, message, retryable } = problem;
    return toCanonicalJson({ code, message: message.toWellFormed(), retryable });
  }
}

interface TimeLimit {
  /** Rejects when the attempt has taken too long, or was silent for too long. */
  readonly expired: Promise<never>;
  beat(): void;
  clear(): void;
}

function createTimeLimit(operation: StepOperation, controller: AbortController): TimeLimit | undefined {
  const { timeoutMs, heartbeatMs } = operation.options;
  if (timeoutMs === undefined && heartbeatMs === undefined) return undefined;
  let total: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let expire = (_error: DurableError): void => {};
  const expired = new Promise<never>((_resolve, reject) => {
    expire = (error) => {
      reject(error);
      controller.abort(error);
    };
  });
  const arm = (limitMs: number | undefined, what: string): NodeJS.Timeout | undefined => {
    if (limitMs === undefined) return undefined;
    const message = `The step "${operation.identity.name}" ${what} ${limitMs} ms.`;
    return setTimeout(() => expire(new DurableError('step-timeout', message, { retryable: true })), limitMs);
  };
  const beat = (): void => {
    clearTimeout(silence);
    silence = arm(heartbeatMs, 'gave no sign of life for');
  };
  total = arm(timeoutMs, 'took longer than');
  beat();
  return {
    expired,
    beat,
    clear() {
      clearTimeout(total);
      clearTimeout(silence);
    },
  };
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (durationMs <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, durationMs);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

function abortedError(message: string): DurableError {
  return new DurableError('run-cancelled', message);
}
