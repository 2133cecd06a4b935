// Drives four runs on the store of argv[2] and appends a line for every effect; its parent kills it at any moment.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { defineWorkflow, openEngine } from '../../dist/index.js';

const folder = process.argv[2];

const chores = defineWorkflow(
  {
    name: 'chores',
    version: '1',
    input: z.number(),
    output: z.object({ values: z.array(z.number()), when: z.number(), luck: z.number() }),
  },
  async (ctx, seed) => {
    const values = [];
    const luck = ctx.random();
    for (let round = 0; round < 3; round += 1) {
      const pair = [ctx.run('effect', seed + round), ctx.run('effect', seed - round)];
      values.push(...(await Promise.all(pair)));
      await ctx.sleep(1);
    }
    const { bonus } = await ctx.signal('bonus', { schema: z.object({ bonus: z.number() }) });
    values.push(await ctx.run('effect', bonus));
    return { values, when: ctx.now(), luck };
  },
);

const steps = {
  async effect(input, { stepId, blobs }) {
    appendFileSync(join(folder, 'effects'), `${stepId}\n`);
    blobs.put(`blob of ${stepId}`);
    return { output: input * 10, attributes: { stepId } };
  },
};

const engine = await openEngine({
  path: join(folder, 'store.db'),
  workflows: [chores],
  steps,
  witnessPath: join(folder, 'witness', 'checkpoints'),
});
process.stdout.write(`ready ${engine.publicKey}\n`);
// Another process may be faster, or may have closed the run meanwhile.
const ignore = (error) => {
  if (!['run-exists', 'run-closed'].includes(error.code)) throw error;
};
const handles = [...(await engine.resume())];
for (let at = 0; at < 4; at += 1) {
  const runId = `run-${at}`;
  const handle = await engine.start(chores, 100 * at, { runId }).catch(ignore);
  if (handle !== undefined) handles.push(handle);
}
for (let at = 0; at < 4; at += 1) {
  const { entries } = engine.run(`run-${at}`);
  if (entries.some(({ kind }) => kind === 'signal-received')) continue;
  await engine.signal(`run-${at}`, 'bonus', { bonus: at }).catch(ignore);
}
const settlements = await Promise.all(handles.map((handle) => handle.closed()));
await engine.close();
const failed = settlements.filter(({ status }) => status !== 'completed');
if (failed.length > 0) throw new Error(JSON.stringify(failed));
process.stdout.write('done\n');
