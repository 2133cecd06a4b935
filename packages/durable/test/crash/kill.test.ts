import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineWorkflow } from '../../src/index.js';
import { createFolder, openTestEngine } from '../scratch.js';
import { runKillMatrix } from './kill-matrix.js';

const outputOf = (at: number) => [0, 0, 1, -1, 2, -2].map((offset) => 10 * (100 * at + offset)).concat(10 * at);

// The campaign of benchmarks/durable asks for more.
const wanted = Number(process.env.TROCAR_KILLS ?? 50);

it.each([1, 2])(
  'loses nothing and repeats nothing when %i processes on one store are killed at seeded moments',
  async (workers) => {
    let kills = 0;
    for (let store = 0; kills < wanted / 2; store += 1) {
      const seed = `store ${store} of ${workers}`;
      const report = await runKillMatrix({ folder: createFolder(), seed, maximumKills: wanted / 2 - kills, workers });
      expect(report).toMatchObject({ repeated: [], lost: [], refused: [] });
      const values = report.outputs.map((output) => (output as number[]).map((value) => value + 0));
      expect(values).toEqual([0, 1, 2, 3].map(outputOf));
      kills += report.kills;
    }
    expect(kills).toBeGreaterThanOrEqual(wanted / 2);
  },
  1_000 * wanted + 60_000,
);

// The workflow of holder.mjs, as another process has it.
const parked = defineWorkflow({ name: 'parked', version: '1', input: z.null(), output: z.number() }, (ctx) =>
  ctx.signal('go', { schema: z.number() }),
);

it('never drives a run that a live process holds, and takes it over as soon as that process is killed', async () => {
  const folder = createFolder();
  const child = await spawnChild('holder.mjs', folder);
  const engine = await openTestEngine(folder, [parked], { path: join(folder, 'store.db'), steps: {} });
  expect(await engine.resume()).toEqual([]);
  await expect(engine.resume('run-1')).rejects.toMatchObject({ code: 'run-held' });
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
  const [handle] = await engine.resume();
  expect(await handle?.settled()).toMatchObject({ status: 'waiting' });
  await engine.signal('run-1', 'go', 5);
  expect(await handle?.closed()).toEqual({ status: 'completed', output: 5 });
});

it('reads a run on one state of the file while another process goes on writing it', async () => {
  const folder = createFolder();
  const child = await spawnChild('busy.mjs', folder);
  const engine = await openTestEngine(folder, []);
  let isOver = false;
  child.once('close', () => {
    isOver = true;
  });
  let reads = 0;
  for (; !isOver; reads += 1) {
    const { summary, entries } = engine.run('run-1');
    expect(entries.length).toBe(summary.entries);
    if (reads % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(reads).toBeGreaterThan(20);
  expect(engine.run('run-1').summary.status).toBe('completed');
});

/** Starts a script of this folder and waits for its first output. */
async function spawnChild(name: string, folder: string): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(`./${name}`, import.meta.url));
  const child = spawn(process.execPath, [path, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}
