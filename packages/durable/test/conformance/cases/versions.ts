import { assertEqual, assertMatches, type ConformanceCase, drives, flow } from '../case.js';
import { anything, attempt, completed, parked } from '../expectations.js';

/** Which code a run is run with. */
export const versions: readonly ConformanceCase[] = [
  drives(
    'stays with the version that it was started with',
    async (ctx) => [1, await ctx.signal('go', anything)],
    async (engine, workflow) => {
      const { runId } = await parked(engine, workflow);
      const newer = flow(async () => 2, { version: '2' });
      const handle = await engine.redeploy(runId, [newer, workflow]);
      await engine.signal(runId, 'go', null);
      assertEqual(await handle.closed(), completed([1, null]));
      assertEqual(await (await engine.start(newer, null)).closed(), completed(2));
    },
  ),
  drives(
    'does not resume a run whose version is gone, and loses nothing by it',
    (ctx) => ctx.signal('go', anything),
    async (engine, workflow) => {
      const { runId } = await parked(engine, workflow);
      assertEqual(await attempt(engine.redeploy(runId, [flow(async () => 2, { version: '2' })])), 'workflow-unknown');
      const handle = await engine.redeploy(runId, [workflow]);
      await engine.signal(runId, 'go', 'still here');
      assertEqual(await handle.closed(), completed('still here'));
    },
  ),
  drives(
    'keeps to the old path of a patch where the record went on without it, and takes the new one elsewhere',
    async (ctx) => {
      await ctx.run('echo', 'before');
      await ctx.signal('go', anything);
      return 'old';
    },
    async (engine, workflow, log) => {
      const patched = flow(async (ctx) => {
        await ctx.run('echo', 'before');
        if (ctx.patch('extra')) await ctx.run('echo', 'extra');
        await ctx.signal('go', anything);
        return ctx.patch('extra') ? 'new' : 'old';
      });
      const { runId } = await parked(engine, workflow);
      const old = await engine.redeploy(runId, [patched]);
      assertMatches(await old.settled(), { status: 'waiting' });
      const fresh = await parked(engine, patched);
      const again = await engine.redeploy(fresh.runId, [patched]);
      await engine.signal(fresh.runId, 'go', null);
      assertEqual(await again.closed(), completed('new'));
      await engine.signal(runId, 'go', null);
      assertEqual(await (await engine.redeploy(runId, [patched])).closed(), completed('old'));
      assertEqual(log, ['echo "before"', 'echo "before"', 'echo "extra"']);
    },
  ),
  drives(
    'refuses a second run with the same id',
    async () => 1,
    async (engine, workflow) => {
      await (await engine.start(workflow, null, 'twin')).closed();
      assertEqual(await attempt(engine.start(workflow, null, 'twin')), 'run-exists');
    },
  ),
  drives(
    'refuses a workflow that is not registered, and a malformed id',
    async () => 1,
    async (engine, workflow) => {
      assertEqual(
        await attempt(
          engine.start(
            flow(async () => 1, { name: 'other' }),
            null,
          ),
        ),
        'workflow-unknown',
      );
      assertEqual(await attempt(engine.start(workflow, null, '../x')), 'name-invalid');
    },
  ),
  drives(
    'runs many runs beside each other',
    async (ctx, input) => Number(await ctx.run('echo', input)) + Number(await ctx.run('slow', 1)),
    async (engine, workflow) => {
      const handles = await Promise.all(Array.from({ length: 50 }, (_, n) => engine.start(workflow, n)));
      const settlements = await Promise.all(handles.map((handle) => handle.closed()));
      assertEqual(
        settlements,
        handles.map((_, n) => completed(n + 1)),
      );
    },
  ),
];
