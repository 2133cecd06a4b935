// Commits entry after entry to one run.
import { join } from 'node:path';
import { z } from 'zod';
import { openEngine } from '../../dist/index.js';

const busy = {
  name: 'busy',
  version: '1',
  input: z.number(),
  output: z.null(),
  async body(ctx, count) {
    for (let at = 0; at < count; at += 1) await ctx.run('echo', at);
    return null;
  },
};
const steps = { echo: async (input) => ({ output: input }) };
const engine = await openEngine({ path: join(process.argv[2], 'store.db'), workflows: [busy], steps });
const handle = await engine.start(busy, 500, { runId: 'run-1' });
process.stdout.write('started\n');
await handle.closed();
await engine.close();
