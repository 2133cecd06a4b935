// How long it takes to take over many parked runs, and how much memory they need.
// Usage, after a build: node benchmarks/durable/scale.mjs [runs]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineWorkflow, openEngine } from '@trocar/durable';
import { z } from 'zod';

const parked = defineWorkflow(
  { name: 'parked', version: '1', input: z.number(), output: z.null() },
  async (ctx, ms) => {
    await ctx.sleep(ms);
    return null;
  },
);
const runs = Number(process.argv[2] ?? 10_000);
const folder = process.argv[3] ?? mkdtempSync(join(tmpdir(), 'durable-scale-'));
const open = () => openEngine({ path: join(folder, 'store.db'), workflows: [parked], steps: {} });

if (process.argv[3] === undefined) {
  try {
    const engine = await open();
    for (let at = 0; at < runs; at += 500) {
      const starts = Array.from({ length: Math.min(500, runs - at) }, () => engine.start(parked, 3_600_000));
      await Promise.all((await Promise.all(starts)).map((handle) => handle.settled()));
    }
    await engine.close();
    const args = [fileURLToPath(import.meta.url), String(runs), folder];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    process.stdout.write(`${stdout}${stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  const start = performance.now();
  const engine = await open();
  const handles = await engine.resume();
  await Promise.all(handles.map((handle) => handle.settled()));
  const resumedMs = Math.round(performance.now() - start);
  const idle = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const { user, system } = process.cpuUsage(idle);
  const result = {
    runs: handles.length,
    resumedMs,
    residentMiB: Math.round(process.memoryUsage.rss() / 1_048_576),
    idleCpuPercent: Math.round(((user + system) / 3e6) * 10_000) / 100,
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await engine.close();
}
