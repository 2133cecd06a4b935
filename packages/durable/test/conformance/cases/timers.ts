import { assertEqual, type ConformanceCase, drives, settles } from '../case.js';
import { completed, parked } from '../expectations.js';

/** Sleeping. */
export const timers: readonly ConformanceCase[] = [
  settles(
    'sleeps at least as long as asked',
    async (ctx) => {
      const start = ctx.now();
      await ctx.sleep(20);
      return ctx.now() - start >= 20;
    },
    completed(true),
  ),
  settles('wakes at once from a sleep into the past', async (ctx) => ctx.sleepUntil(0), completed(null)),
  settles(
    'takes no time for nothing',
    async (ctx) => {
      await ctx.sleep(-5);
      await ctx.sleep(Number.NaN);
      return 'awake';
    },
    completed('awake'),
  ),
  settles(
    'wakes sleepers in the order of their times',
    async (ctx) => {
      const order: number[] = [];
      await Promise.all([15, 5, 10].map((ms) => ctx.sleep(ms).then(() => order.push(ms))));
      return order;
    },
    completed([5, 10, 15]),
  ),
  settles(
    'lets a sleep be the time limit of a step',
    (ctx) => Promise.race([ctx.run('slow', 5_000), ctx.sleep(5).then(() => 'too late')]),
    completed('too late'),
  ),
  drives(
    'keeps a timer over a restart',
    async (ctx) => {
      await ctx.sleep(60);
      return 'awake';
    },
    async (engine, workflow) => {
      const { runId } = await parked(engine, workflow);
      assertEqual(await (await engine.restart(runId)).closed(), completed('awake'));
    },
  ),
  drives(
    'fires a timer whose time passed while nothing ran',
    async (ctx) => {
      await ctx.sleep(1);
      return 'awake';
    },
    async (engine, workflow) => {
      const { runId } = await engine.start(workflow, null);
      const handle = await engine.restart(runId);
      assertEqual(await handle.closed(), completed('awake'));
    },
  ),
];
