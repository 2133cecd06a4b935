import { assertEqual, assertMatches, type ConformanceCase, drives, flow, loggingSteps } from '../case.js';
import { anything, completed, failedWith, flakySteps, parked, retryableProblem } from '../expectations.js';

const replayed = flow(
  async (ctx) => {
    await ctx.run('echo', 1);
    return ctx.signal('go', anything);
  },
  { name: 'replayed' },
);

/** A run of `replayed` that is waiting is replayed with another body under the same name and version. */
function divergence(name: string, body: Parameters<typeof flow>[0], message: RegExp): ConformanceCase {
  return {
    name: `finds ${name} in a replay and names both operations`,
    workflows: [replayed],
    steps: loggingSteps,
    async run(engine) {
      const { runId } = await parked(engine, replayed);
      const handle = await engine.redeploy(runId, [flow(body, { name: 'replayed' })]);
      failedWith('replay-diverged', message)(await handle.settled());
    },
  };
}

/** What a replay does and what it finds. */
export const replays: readonly ConformanceCase[] = [
  drives(
    'runs no committed step again',
    async (ctx) => {
      const outputs = await Promise.all([ctx.run('echo', 1), ctx.run('slow', 2)]);
      await ctx.signal('go', anything);
      return [...outputs, await ctx.run('echo', 3)];
    },
    async (engine, workflow, log) => {
      const { runId } = await parked(engine, workflow);
      for (let time = 0; time < 3; time += 1) await (await engine.restart(runId)).settled();
      await engine.signal(runId, 'go', null);
      assertEqual(await (await engine.restart(runId)).closed(), completed([1, 2, 3]));
      assertEqual(log, ['echo 1', 'slow 2', 'echo 3']);
    },
  ),
  drives(
    'lets the same promise win a race again',
    async (ctx) => {
      const winner = await Promise.race([ctx.run('slow', 20), ctx.run('slow', 1)]);
      await ctx.signal('go', anything);
      return winner;
    },
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      while (!engine.kinds(handle.runId).includes('signal-awaited') || engine.kinds(handle.runId).length < 4) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await engine.signal(handle.runId, 'go', null);
      assertEqual(await (await engine.restart(handle.runId)).closed(), completed(1));
    },
  ),
  drives(
    'goes on with the attempts that are left',
    (ctx) => ctx.run('flaky', 2, { retry: { maxAttempts: 3, initialDelayMs: 40 } }),
    async (engine, workflow, log) => {
      const handle = await engine.start(workflow, null);
      while (!engine.kinds(handle.runId).includes('step-attempt-failed'))
        await new Promise((resolve) => setTimeout(resolve, 2));
      assertEqual(await (await engine.restart(handle.runId)).closed(), completed(3));
      assertEqual(log, ['flaky 1 0', 'flaky 2 0', 'flaky 3 0']);
    },
    flakySteps(retryableProblem),
  ),
  drives(
    'gives a closed run its result again',
    async (ctx) => [await ctx.run('echo', 1)],
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.closed();
      assertEqual(await (await engine.restart(handle.runId)).closed(), completed([1]));
    },
  ),
  drives(
    'gives a failed run its problem again',
    (ctx) => ctx.run('fail', 'once'),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.closed();
      failedWith('internal', /once/)(await (await engine.restart(handle.runId)).settled());
    },
  ),
  drives(
    'carries a payload of a megabyte over a restart',
    async (ctx, input) => [(await ctx.run('echo', input)) === input, await ctx.signal('go', anything)],
    async (engine, workflow) => {
      const handle = await engine.start(workflow, 'x'.repeat(1_048_576));
      await handle.settled();
      await engine.signal(handle.runId, 'go', 'y'.repeat(100_000));
      assertEqual(await (await engine.restart(handle.runId)).closed(), completed([true, 'y'.repeat(100_000)]));
    },
  ),
  divergence('another step', (ctx) => ctx.run('slow', 0), /recorded step "echo".*attempted step "slow"/),
  divergence(
    'another input',
    (ctx) => ctx.run('echo', 2),
    /operation 0: recorded step "echo" with input sha256:.*replays\.ts/,
  ),
  divergence('another kind of operation', (ctx) => ctx.sleep(1), /recorded step "echo".*attempted timer/),
  divergence('another value', async (ctx) => ctx.now(), /recorded step "echo".*attempted value "now"/),
  divergence('an operation less', async () => 1, /attempted nothing more after 0 operations/),
  divergence(
    'an operation too few at the end',
    (ctx) => ctx.run('echo', 1),
    /recorded signal "go", attempted nothing more after 1/,
  ),
  divergence(
    'steps in another order',
    async (ctx) => {
      await ctx.signal('go', anything);
      return ctx.run('echo', 1);
    },
    /operation 0: recorded step "echo".*attempted signal "go"/,
  ),
  {
    ...divergence('nothing', async () => null, /./),
    name: 'goes on after a divergence when the right code is back',
    async run(engine) {
      const right = replayed;
      const { runId } = await parked(engine, right);
      failedWith('replay-diverged')(
        await (await engine.redeploy(runId, [flow(async () => null, { name: 'replayed' })])).settled(),
      );
      const handle = await engine.redeploy(runId, [right]);
      assertMatches(await handle.settled(), { status: 'waiting' });
      await engine.signal(runId, 'go', 7);
      assertEqual(await handle.closed(), completed(7));
    },
  },
  drives(
    'says when a workflow awaits what is no operation',
    async () => new Promise((resolve) => setTimeout(resolve, 50)),
    async (engine, workflow) => failedWith('workflow-escaped')(await (await engine.start(workflow, null)).settled()),
  ),
  drives(
    'says which step is not registered, and goes on when it is',
    (ctx) => ctx.run('missing', null),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      failedWith('step-unknown', /"missing"/)(await handle.settled());
    },
  ),
];
