import { assertEqual, type ConformanceCase, drives, settles } from '../case.js';
import { anything, completed, parked } from '../expectations.js';

/** Recorded values. */
export const values: readonly ConformanceCase[] = [
  settles(
    'gives recorded values of the right form',
    async (ctx) => {
      const random = ctx.random();
      const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(ctx.uuid());
      const [first, second, earlier, later] = [ctx.uuid(), ctx.uuid(), ctx.now(), ctx.now()];
      return [random >= 0 && random < 1, uuid, first === second, earlier <= later];
    },
    completed([true, true, false, true]),
  ),
  drives(
    'gives the same values after a restart',
    async (ctx) => {
      const before = [ctx.now(), ctx.random(), ctx.uuid()];
      await ctx.run('echo', before);
      await ctx.signal('go', anything);
      return before;
    },
    async (engine, workflow, log) => {
      const { runId } = await parked(engine, workflow);
      const handle = await engine.restart(runId);
      await engine.signal(runId, 'go', null);
      const settlement = await handle.closed();
      assertEqual([`echo ${JSON.stringify((settlement as { output?: unknown }).output)}`], log);
    },
  ),
  settles(
    'lets values be read beside running steps',
    async (ctx) => {
      const read = async (n: number) => [await ctx.run('slow', n), typeof ctx.random()];
      return Promise.all([read(2), read(1)]);
    },
    completed([
      [2, 'number'],
      [1, 'number'],
    ]),
  ),
];
