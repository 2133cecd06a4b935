import { z } from 'zod';
import { ChildFailedError, defineWorkflow } from '../../../src/index.js';
import { assertEqual, assertMatches, type ConformanceCase, flow, loggingSteps } from '../case.js';
import { anything, completed, failedWith } from '../expectations.js';

const triple = defineWorkflow(
  { name: 'triple', version: '1', input: z.number(), output: z.number() },
  async (ctx, n) => 3 * Number(await ctx.run('echo', n)),
);
const asking = flow((ctx) => ctx.signal('answer', anything), { name: 'asking' });
const failing = flow((ctx) => ctx.run('fail', 'child'), { name: 'failing' });
const nested = flow((ctx, input) => ctx.child(triple, Number(input)), { name: 'nested' });
const registered = [triple, asking, failing, nested];

/** A case whose parent may start every child of this file. */
function parent(
  name: string,
  body: Parameters<typeof flow>[0],
  run: (
    engine: Parameters<ConformanceCase['run']>[0],
    workflow: ReturnType<typeof flow>,
    log: readonly string[],
  ) => Promise<void>,
): ConformanceCase {
  const workflow = flow(body, { name: 'parent' });
  return {
    name,
    workflows: [workflow, ...registered],
    steps: loggingSteps,
    run: (engine, log) => run(engine, workflow, log),
  };
}

const settlesWith =
  (expected: unknown) => async (engine: Parameters<ConformanceCase['run']>[0], workflow: ReturnType<typeof flow>) =>
    assertEqual(await (await engine.start(workflow, 2)).closed(), completed(expected));

/** Runs that are started and awaited by other runs. */
export const children: readonly ConformanceCase[] = [
  parent('gives the output of a child', (ctx, input) => ctx.child(triple, Number(input)), settlesWith(6)),
  parent(
    'runs children beside each other',
    (ctx) => Promise.all([1, 2, 3].map((n) => ctx.child(triple, n))),
    settlesWith([3, 6, 9]),
  ),
  parent('lets a child have a child', (ctx, input) => ctx.child(nested, input), settlesWith(6)),
  parent(
    'lets the workflow catch the failure of a child',
    async (ctx) => {
      const error = await ctx.child(failing, null).catch((thrown: unknown) => thrown);
      return (
        error instanceof ChildFailedError && [error.code, error.childId === `${ctx.runId}.0`, error.problem.message]
      );
    },
    settlesWith(['child-failed', true, 'Error: child']),
  ),
  parent(
    'fails with the problem of a child that nobody catches',
    (ctx) => ctx.child(failing, null),
    async (engine, workflow) => failedWith('internal', /child/)(await (await engine.start(workflow, null)).closed()),
  ),
  parent(
    'fails a child whose input does not fit, and no more than that',
    async (ctx) =>
      (await ctx.child(triple, 'x' as never).catch((error: ChildFailedError) => error.problem.code)) as string,
    settlesWith('input-invalid'),
  ),
  parent(
    'waits as long as its child waits, and goes on with it',
    (ctx) => ctx.child(asking, null),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      const childId = `${handle.runId}.0`;
      assertEqual(await handle.settled(), { status: 'waiting', waitingFor: [{ kind: 'child', runId: childId }] });
      await engine.signal(childId, 'answer', 42);
      assertEqual(await handle.closed(), completed(42));
    },
  ),
  parent(
    'takes its child up again after a restart, and starts no second one',
    async (ctx) => [await ctx.child(triple, 5), await ctx.child(asking, null)],
    async (engine, workflow, log) => {
      const handle = await engine.start(workflow, null);
      await handle.settled();
      const again = await engine.restart(handle.runId);
      assertMatches(await again.settled(), { status: 'waiting' });
      await engine.signal(`${handle.runId}.1`, 'answer', 'here');
      assertEqual(await again.closed(), completed([15, 'here']));
      assertEqual(log, ['echo 5']);
    },
  ),
  parent(
    'learns of the end of a child that ended while the parent was away',
    (ctx) => ctx.child(asking, null),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.settled();
      const childId = `${handle.runId}.0`;
      const child = await engine.restart(childId);
      await engine.signal(childId, 'answer', 'alone');
      await child.closed();
      assertEqual(await (await engine.restart(handle.runId)).closed(), completed('alone'));
    },
  ),
  parent(
    'cancels its children with itself',
    (ctx) => ctx.child(asking, null),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      await handle.settled();
      await engine.cancel(handle.runId);
      assertMatches(await handle.closed(), { status: 'cancelled' });
      assertMatches(await (await engine.restart(`${handle.runId}.0`)).closed(), { status: 'cancelled' });
    },
  ),
  parent(
    'cancels a child that lost a race',
    (ctx) => Promise.race([ctx.child(asking, null), ctx.run('slow', 20)]),
    async (engine, workflow) => {
      const handle = await engine.start(workflow, null);
      assertEqual(await handle.closed(), completed(20));
      assertMatches(await (await engine.restart(`${handle.runId}.0`)).closed(), { status: 'cancelled' });
    },
  ),
  parent(
    'says which child workflow is not registered',
    (ctx) =>
      ctx.child(
        flow(async () => 1, { name: 'nowhere' }),
        null,
      ),
    async (engine, workflow) =>
      failedWith('workflow-unknown', /nowhere@1/)(await (await engine.start(workflow, null)).settled()),
  ),
];
