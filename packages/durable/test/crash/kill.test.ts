import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createFolder, openTestEngine } from '../scratch.js';
import { runKillMatrix } from './kill-matrix.js';

const outputOf = (at: number) => [0, 0, 1, -1, 2, -2].map((offset) => 10 * (100 * at + offset)).concat(10 * at);

it('loses nothing and repeats nothing when it is killed at 50 seeded moments', async () => {
  let kills = 0;
  for (let store = 0; kills < 50; store += 1) {
    const report = await runKillMatrix(createFolder(), `store ${store}`, 50 - kills);
    expect(report).toMatchObject({ repeated: [], lost: [], refused: [] });
    expect(report.outputs.map((values) => (values as number[]).map((value) => value + 0))).toEqual(
      [0, 1, 2, 3].map(outputOf),
    );
    kills += report.kills;
  }
  expect(kills).toBe(50);
});

it('never drives a run that a live process holds, and takes it over as soon as that process is killed', async () => {
  const folder = createFolder();
  const childPath = fileURLToPath(new URL('./holder.mjs', import.meta.url));
  const child = spawn(process.execPath, [childPath, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const { parked } = await import('./parked.mjs');
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
