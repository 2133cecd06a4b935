import { type Problem, TrocarError } from '@trocar/core';
import { z } from 'zod';
import type { Settlement, StepRegistry } from '../../src/index.js';
import { assertEqual, assertMatches, type ConformanceCase, type flow, loggingSteps } from './case.js';

/** The settlement of a run that returned this. */
export const completed = (output: unknown): Settlement => ({ status: 'completed', output: output as never });

/** Throws unless a run failed with this code, and with such a message where one is given. */
export function failedWith(code: string, message?: RegExp): (settlement: Settlement) => void {
  return (settlement) => {
    const problem = (settlement as { problem?: Problem }).problem;
    assertEqual([settlement.status, problem?.code], ['failed', code]);
    if (message !== undefined && !message.test(problem?.message ?? '')) throw new Error(problem?.message);
  };
}

const codeOf = (error: unknown) => (error instanceof TrocarError ? error.code : String(error));

/** What a promise gives, or the code of its error. */
export async function attempt(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return codeOf(error);
  }
}

/** Steps that fail as often as their input says before they succeed. */
export function flakySteps(problem: () => unknown): (log: string[]) => StepRegistry {
  return (log) => ({
    ...loggingSteps(log),
    async flaky(input, { attempt: number, stepId }) {
      log.push(`flaky ${number} ${stepId.split('/')[1]}`);
      if (number <= Number(input)) throw problem();
      return { output: number };
    },
  });
}

/** A problem that may pass. */
export const retryableProblem = () => new TrocarError('busy', 'Busy.', { retryable: true });
/** Three attempts without long pauses. */
export const quick = { maxAttempts: 3, initialDelayMs: 1 };
/** Takes every payload. */
export const anything = { schema: z.unknown() };

/** A run of the workflow that has come to its first wait. */
export async function parked(engine: Parameters<ConformanceCase['run']>[0], workflow: ReturnType<typeof flow>) {
  const handle = await engine.start(workflow, null);
  assertMatches(await handle.settled(), { status: 'waiting' });
  return handle;
}
