import type { Problem } from '@trocar/core';
import { DurableError } from '../../../src/index.js';
import { assertEqual, type ConformanceCase, drives, settles } from '../case.js';
import { anything, attempt, completed, failedWith, parked } from '../expectations.js';

/** Cancellation. */
export const cancellation: readonly ConformanceCase[] = [
  drives(
    'ends a waiting run',
    (ctx) => ctx.signal('never', anything),
    async (engine, workflow) => {
      const handle = await parked(engine, workflow);
      await engine.cancel(handle.runId, 'enough');
      const settlement = await handle.closed();
      assertEqual(
        [settlement.status, (settlement as { problem?: Problem }).problem?.message],
        ['cancelled', 'The run was cancelled: enough'],
      );
    },
  ),
  drives(
    'aborts running steps',
    (ctx) => ctx.run('slow', 5_000),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await engine.cancel(handle.runId);
      assertEqual((await handle.closed()).status, 'cancelled');
    },
  ),
  drives(
    'lets the workflow clean up',
    async (ctx) => {
      try {
        await ctx.signal('never', anything);
      } finally {
        await ctx.run('echo', 'cleaned');
      }
    },
    async (engine, workflow, log) => {
      const handle = await parked(engine, workflow);
      await engine.cancel(handle.runId);
      await engine.cancel(handle.runId).catch(() => {});
      assertEqual((await handle.closed()).status, 'cancelled');
      assertEqual(log, ['echo "cleaned"']);
    },
  ),
  drives(
    'lets the workflow complete all the same',
    (ctx) => attempt(ctx.signal('never', anything)),
    async (engine, workflow) => {
      const handle = await parked(engine, workflow);
      await engine.cancel(handle.runId);
      assertEqual(await handle.closed(), completed('run-cancelled'));
    },
  ),
  drives(
    'takes effect at the next start where nothing ran',
    (ctx) => ctx.signal('never', anything),
    async (engine, workflow) => {
      const { runId } = await parked(engine, workflow);
      await engine.cancel(runId);
      assertEqual((await (await engine.restart(runId)).closed()).status, 'cancelled');
    },
  ),
  drives(
    'refuses to cancel what is closed or unknown',
    async () => null,
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.closed();
      assertEqual(await attempt(engine.cancel(handle.runId)), 'run-closed');
      assertEqual(await attempt(engine.cancel('nobody')), 'run-unknown');
    },
  ),
  settles(
    'treats an error of that code without a cancellation as a failure',
    () => Promise.reject(new DurableError('run-cancelled', 'Not really.')),
    failedWith('run-cancelled'),
  ),
];
