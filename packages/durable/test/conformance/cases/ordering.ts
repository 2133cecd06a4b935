import { assertEqual, type ConformanceCase, drives, settles } from '../case.js';
import { completed, flakySteps, quick, retryableProblem } from '../expectations.js';

/** How operations are ordered. */
export const ordering: readonly ConformanceCase[] = [
  settles('returns what the workflow returns', async () => ({ a: [1, null, 'x'] }), completed({ a: [1, null, 'x'] })),
  settles('gives the workflow its input', async (_ctx, input) => input, completed({ n: 1 }), { n: 1 }),
  settles('records nothing as null', async () => undefined, completed(null)),
  settles(
    'gives a step its input and the workflow its output',
    (ctx) => ctx.run('echo', { n: [1] }),
    completed({ n: [1] }),
  ),
  drives(
    'runs steps one after the other in program order',
    async (ctx) => {
      for (const n of [1, 2, 3]) await ctx.run('echo', n);
    },
    async (engine, workflow, log) => {
      await (await engine.start(workflow, null)).closed();
      assertEqual(log, ['echo 1', 'echo 2', 'echo 3']);
    },
  ),
  settles(
    'runs steps of Promise.all at the same time and keeps their order',
    async (ctx) => Promise.all([20, 10, 0].map((ms) => ctx.run('slow', ms))),
    completed([20, 10, 0]),
  ),
  settles(
    'lets the first result win a Promise.race',
    (ctx) => Promise.race([ctx.run('slow', 300), ctx.run('slow', 1)]),
    completed(1),
  ),
  settles(
    'gives every outcome to Promise.allSettled',
    async (ctx) => (await Promise.allSettled([ctx.run('echo', 1), ctx.run('fail', 'x')])).map(({ status }) => status),
    completed(['fulfilled', 'rejected']),
  ),
  settles(
    'lets the first success win a Promise.any',
    (ctx) => Promise.any([ctx.run('fail', 'x'), ctx.run('slow', 2)]),
    completed(2),
  ),
  settles(
    'lets chains of several operations run beside each other',
    async (ctx) => {
      const chain = async (n: number) => Number(await ctx.run('echo', n)) + Number(await ctx.run('slow', n));
      return Promise.all([chain(3), chain(1), chain(2)]);
    },
    completed([6, 2, 4]),
  ),
  settles(
    'does not fail because of a promise that nobody awaits',
    async (ctx) => {
      void ctx.run('fail', 'unheard');
      return ctx.run('slow', 20);
    },
    completed(20),
  ),
  settles(
    'runs a hundred steps beside each other',
    async (ctx) => {
      const outputs = await Promise.all(Array.from({ length: 100 }, (_, n) => ctx.run('echo', n)));
      return outputs.reduce((total: number, n) => total + Number(n), 0);
    },
    completed(4950),
  ),
  settles(
    'runs three hundred steps in a row',
    async (ctx) => {
      let last: unknown;
      for (let n = 0; n < 300; n += 1) last = await ctx.run('echo', n);
      return last;
    },
    completed(299),
  ),
  drives(
    'gives each call of a step its own idempotency key, the same for every attempt',
    async (ctx) => [await ctx.run('flaky', 1, { retry: quick }), await ctx.run('flaky', 0)],
    async (engine, workflow, log) => {
      await (await engine.start(workflow, null)).closed();
      assertEqual(log, ['flaky 1 0', 'flaky 2 0', 'flaky 1 1']);
    },
    flakySteps(retryableProblem),
  ),
  drives(
    'aborts what is still running when the workflow returns, and waits for its end',
    (ctx) => Promise.race([ctx.run('slow', 5_000), ctx.run('echo', 'won')]),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      assertEqual(await handle.closed(), completed('won'));
      assertEqual(engine.kinds(handle.runId), ['run-started', 'step-completed', 'step-failed', 'run-completed']);
    },
  ),
];
