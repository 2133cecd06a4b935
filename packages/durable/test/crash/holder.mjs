// Holds a parked run until it is killed.
import { join } from 'node:path';
import { openEngine } from '../../dist/index.js';
import { parked } from './parked.mjs';

const engine = await openEngine({ path: join(process.argv[2], 'store.db'), workflows: [parked], steps: {} });
const handle = await engine.start(parked, null, { runId: 'run-1' });
await handle.settled();
process.stdout.write('parked\n');
await handle.closed();
