import { parentPort } from 'node:worker_threads';
import { type Job, runJob } from './job.js';
import { PreparedModules } from './prepared-modules.js';

// The thread in which guests run. It does nothing but take jobs, one at a time, and answer.
const modules = new PreparedModules();

parentPort?.on('message', (job: Job) => {
  runJob(job, modules).then(
    (result) => parentPort?.postMessage(result),
    (error: unknown) =>
      parentPort?.postMessage({ kind: 'broken', message: error instanceof Error ? error.message : 'unknown' }),
  );
});
parentPort?.postMessage({ kind: 'ready' });
