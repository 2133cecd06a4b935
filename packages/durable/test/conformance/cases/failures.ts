import { TrocarError } from '@trocar/core';
import { z } from 'zod';
import { StepFailedError } from '../../../src/index.js';
import { assertEqual, type ConformanceCase, drives, settles } from '../case.js';
import { anything, attempt, completed, failedWith, flakySteps, quick, retryableProblem } from '../expectations.js';

/** What fails, and what is retried. */
export const failures: readonly ConformanceCase[] = [
  settles(
    'fails with the error of the workflow',
    () => Promise.reject(new Error('No.')),
    failedWith('internal', /No\./),
  ),
  settles(
    'fails when the workflow throws before it awaits',
    () => {
      throw new TrocarError('early', 'E.');
    },
    failedWith('early'),
  ),
  settles(
    'fails with the problem of a step that failed',
    (ctx) => ctx.run('fail', 'broken'),
    failedWith('internal', /broken/),
  ),
  settles(
    'lets the workflow catch the failure of a step',
    async (ctx) => {
      const error = await ctx.run('fail', 'caught').catch((thrown: unknown) => thrown);
      return error instanceof StepFailedError && [error.code, error.step, error.problem.message];
    },
    completed(['step-failed', 'fail', 'Error: caught']),
  ),
  settles(
    'checks the output of a step where a schema is given',
    async (ctx) => [
      await ctx.run('echo', '7', { output: z.coerce.number() }),
      await attempt(ctx.run('echo', 'x', { output: z.number() })),
    ],
    completed([7, 'output-invalid']),
  ),
  settles('refuses an output that JSON cannot carry', async () => ({ big: 1n }), failedWith('not-json')),
  settles('refuses an output that is not a number', async () => Number.NaN, failedWith('not-json')),
  settles(
    'refuses an input that JSON cannot carry at the step, not the run',
    (ctx) => attempt(ctx.run('echo', (() => 1) as never)),
    completed('step-failed'),
  ),
  settles(
    'refuses a malformed step name',
    (ctx) => attempt((async () => ctx.run('a b', null))()),
    completed('name-invalid'),
  ),
  settles(
    'refuses a malformed signal name',
    (ctx) => attempt((async () => ctx.signal('"', anything))()),
    completed('name-invalid'),
  ),
  drives(
    'retries what is retryable until it succeeds',
    (ctx) => ctx.run('flaky', 2, { retry: quick }),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      assertEqual(await handle.closed(), completed(3));
      const kinds = ['run-started', 'step-attempt-failed', 'step-attempt-failed', 'step-completed', 'run-completed'];
      assertEqual(engine.kinds(handle.runId), kinds);
    },
    flakySteps(retryableProblem),
  ),
  drives(
    'gives up after the last attempt',
    (ctx) => ctx.run('flaky', 9, { retry: quick }),
    async (engine, workflow, log) => {
      failedWith('busy')(await (await engine.start(workflow, null)).closed());
      assertEqual(log.length, 3);
    },
    flakySteps(retryableProblem),
  ),
  drives(
    'does not retry what is not retryable',
    (ctx) => ctx.run('flaky', 1, { retry: quick }),
    async (engine, workflow, log) => {
      failedWith('final')(await (await engine.start(workflow, null)).closed());
      assertEqual(log.length, 1);
    },
    flakySteps(() => new TrocarError('final', 'Final.')),
  ),
  settles(
    'ends an attempt that takes too long',
    async (ctx) => {
      const error = await ctx.run('slow', 5_000, { timeoutMs: 10 }).catch((thrown: unknown) => thrown);
      return error instanceof StepFailedError && error.problem.code;
    },
    completed('step-timeout'),
  ),
  drives(
    'retries an attempt that took too long',
    (ctx) => attempt(ctx.run('slow', 5_000, { timeoutMs: 5, retry: { ...quick, maxAttempts: 2 } })),
    async (engine, workflow, log) => {
      assertEqual(await (await engine.start(workflow, null)).closed(), completed('step-failed'));
      assertEqual(log, ['slow 5000', 'slow 5000']);
    },
  ),
  drives(
    'ends an attempt that gives no sign of life, and leaves one alone that does',
    async (ctx) => {
      const options = { heartbeatMs: 40 };
      const silent = await ctx.run('silent', null, options).catch((error: StepFailedError) => error.problem.code);
      return [silent, await ctx.run('lively', null, options)];
    },
    async (engine, workflow) =>
      assertEqual(await (await engine.start(workflow, null)).closed(), completed(['step-timeout', 'done'])),
    () => ({
      silent: () => new Promise(() => {}),
      async lively(_input, { heartbeat }) {
        for (let beat = 0; beat < 12; beat += 1) {
          await new Promise((resolve) => setTimeout(resolve, 6));
          heartbeat();
        }
        return { output: 'done' };
      },
    }),
  ),
  drives(
    'refuses a step whose result is no result',
    (ctx) => attempt(ctx.run('bad', null)),
    async (engine, workflow) =>
      assertEqual(await (await engine.start(workflow, null)).closed(), completed('step-failed')),
    () => ({ bad: async () => undefined as never }),
  ),
  drives(
    'refuses attributes that JSON cannot carry',
    (ctx) => attempt(ctx.run('bad', null)),
    async (engine, workflow) =>
      assertEqual(await (await engine.start(workflow, null)).closed(), completed('step-failed')),
    () => ({ bad: async () => ({ output: null, attributes: { at: new Date() as never } }) }),
  ),
];
