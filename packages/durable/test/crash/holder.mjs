// Holds a parked run until it is killed.
import { join } from 'node:path';
import { z } from 'zod';
import { defineWorkflow, openEngine } from '../../dist/index.js';

const parked = defineWorkflow({ name: 'parked', version: '1', input: z.null(), output: z.number() }, (ctx) =>
  ctx.signal('go', { schema: z.number() }),
);

const engine = await openEngine({ path: join(process.argv[2], 'store.db'), workflows: [parked], steps: {} });
const handle = await engine.start(parked, null, { runId: 'run-1' });
await handle.settled();
process.stdout.write('parked\n');
await handle.closed();
