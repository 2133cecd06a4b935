import { z } from 'zod';
import { assertEqual, assertMatches, type ConformanceCase, drives, settles } from '../case.js';
import { anything, attempt, completed, parked } from '../expectations.js';

const oddTexts = ['', 'ü', '漢字', '👩‍🚀', '\u0000', '"\\', '__proto__', '\u2028', '﷽'];

/** Signals. */
export const signals: readonly ConformanceCase[] = [
  drives(
    'waits for a signal and says so',
    (ctx) => ctx.signal('approval', { schema: z.object({ ok: z.boolean() }) }),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      assertEqual(await handle.settled(), { status: 'waiting', waitingFor: [{ kind: 'signal', name: 'approval' }] });
      await engine.signal(handle.runId, 'approval', { ok: true });
      assertEqual(await handle.closed(), completed({ ok: true }));
    },
  ),
  drives(
    'keeps signals that come before anybody waits, in their order',
    async (ctx) => {
      await ctx.run('slow', 30);
      return [await ctx.signal('a', anything), await ctx.signal('a', anything), await ctx.signal('b', anything)];
    },
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      for (const [name, payload] of [
        ['b', 3],
        ['a', 1],
        ['a', 2],
      ] as const)
        await engine.signal(handle.runId, name, payload);
      assertEqual(await handle.closed(), completed([1, 2, 3]));
    },
  ),
  drives(
    'gives signals to those who wait in the order in which they began',
    (ctx) => Promise.all([ctx.signal('a', anything), ctx.signal('a', anything)]),
    async (engine, workflow) => {
      const { runId, closed } = await parked(engine, workflow);
      await engine.signal(runId, 'a', 'first');
      await engine.signal(runId, 'a', 'second');
      assertEqual(await closed(), completed(['first', 'second']));
    },
  ),
  drives(
    'refuses a payload that does not fit, and goes on waiting',
    (ctx) => ctx.signal('n', { schema: z.number() }),
    async (engine, workflow) => {
      const handle = await parked(engine, workflow);
      assertEqual(await attempt(engine.signal(handle.runId, 'n', 'x')), 'signal-invalid');
      await engine.signal(handle.runId, 'n', 5);
      assertEqual(await handle.closed(), completed(5));
    },
  ),
  drives(
    'drops a payload that came early and does not fit',
    async (ctx) => {
      await ctx.run('slow', 30);
      return ctx.signal('n', { schema: z.number() });
    },
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await engine.signal(handle.runId, 'n', 'x');
      assertMatches(await handle.settled(), { status: 'waiting' });
      const again = await engine.restart(handle.runId);
      await engine.signal(handle.runId, 'n', 6);
      assertEqual(await again.closed(), completed(6));
    },
  ),
  settles(
    'gives up a wait after its time',
    (ctx) => attempt(ctx.signal('a', { ...anything, timeoutMs: 5 })),
    completed('signal-timeout'),
  ),
  drives(
    'keeps a signal that came too late for the next who asks',
    async (ctx) => {
      const first = await attempt(ctx.signal('a', { ...anything, timeoutMs: 5 }));
      return [first, await ctx.signal('a', anything)];
    },
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await new Promise((resolve) => setTimeout(resolve, 40));
      await engine.signal(handle.runId, 'a', 'late');
      assertEqual(await handle.closed(), completed(['signal-timeout', 'late']));
    },
  ),
  drives(
    'takes a signal in time, and then no longer minds the limit',
    async (ctx) => {
      const payload = await ctx.signal('a', { ...anything, timeoutMs: 60 });
      await ctx.sleep(80);
      return payload;
    },
    async (engine, workflow) => {
      const handle = await parked(engine, workflow);
      await engine.signal(handle.runId, 'a', 'in time');
      assertEqual(await handle.closed(), completed('in time'));
    },
  ),
  drives(
    'keeps a wait and its signal over restarts',
    async (ctx) => [await ctx.signal('a', anything), await ctx.run('echo', 'after')],
    async (engine, workflow) => {
      const { runId } = await parked(engine, workflow);
      assertMatches(await (await engine.restart(runId)).settled(), { status: 'waiting' });
      await engine.signal(runId, 'a', 1);
      assertEqual(await (await engine.restart(runId)).closed(), completed([1, 'after']));
    },
  ),
  drives(
    'refuses a signal for a run that is closed or unknown',
    async () => null,
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.closed();
      assertEqual(await attempt(engine.signal(handle.runId, 'a', 1)), 'run-closed');
      assertEqual(await attempt(engine.signal('nobody', 'a', 1)), 'run-unknown');
    },
  ),
  ...oddTexts.map((text) =>
    drives(
      `carries the text ${JSON.stringify(text)} unchanged everywhere`,
      async (ctx, input) => [input, await ctx.run('echo', { [text]: text }), await ctx.signal('a', anything)],
      async (engine, workflow) => {
        const handle = await engine.start(workflow, [text]);
        await handle.settled();
        await engine.signal(handle.runId, 'a', text);
        assertEqual(await (await engine.restart(handle.runId)).closed(), completed([[text], { [text]: text }, text]));
      },
    ),
  ),
];
