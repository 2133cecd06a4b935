// What the embedded engine costs: CPU per run of three trivial steps, throughput, latency, replay and verification.
// Usage, after a build: node benchmarks/durable/bench.mjs [runs] [concurrency]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSealingKey, defineWorkflow, openEngine, verifyJournal } from '@trocar/durable';
import { z } from 'zod';

const runs = Number(process.argv[2] ?? 2_000);
const concurrency = Number(process.argv[3] ?? 20);

const three = defineWorkflow(
  { name: 'three', version: '1', input: z.number(), output: z.number() },
  async (ctx, input) => {
    let value = input;
    for (let step = 0; step < 3; step += 1) value = Number(await ctx.run('add', value));
    return value;
  },
);
const long = defineWorkflow(
  { name: 'long', version: '1', input: z.number(), output: z.number() },
  async (ctx, count) => {
    let value = 0;
    for (let step = 0; step < count; step += 1) value = Number(await ctx.run('add', value));
    await ctx.signal('go', { schema: z.null() });
    return value;
  },
);
const steps = { add: async (input) => ({ output: input + 1 }) };

const folder = mkdtempSync(join(tmpdir(), 'durable-bench-'));
try {
  const results = {
    runs,
    concurrency,
    ...(await measureRuns('', undefined)),
    ...(await measureRuns('sealed', { current: createSealingKey('bench') })),
    ...(await measureReplay(20_000)),
  };
  writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`);
  for (const [name, value] of Object.entries(results)) process.stdout.write(`${name.padEnd(28)} ${value}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureRuns(label, sealing) {
  const path = join(folder, `runs${label}.db`);
  const witnessPath = join(folder, `witness${label}`);
  const opening = performance.now();
  const engine = await openEngine({ path, workflows: [three], steps, witnessPath, ...(sealing && { sealing }) });
  const openMs = performance.now() - opening;
  const one = async (latencies) => {
    const start = performance.now();
    const settlement = await (await engine.start(three, 1)).closed();
    if (settlement.output !== 4) throw new Error(JSON.stringify(settlement));
    latencies.push(performance.now() - start);
  };
  const drive = async (count) => {
    const latencies = [];
    const lane = async () => {
      while (count > 0) {
        count -= 1;
        await one(latencies);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
    return latencies.sort((left, right) => left - right);
  };
  await drive(200);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const latencies = await drive(runs);
  const wallMs = performance.now() - start;
  const used = process.cpuUsage(cpu);
  const sequential = [];
  for (let at = 0; at < 100; at += 1) await one(sequential);
  sequential.sort((left, right) => left - right);
  const { publicKey } = engine;
  await engine.close();
  const verifying = process.cpuUsage();
  const verdict = await verifyJournal({ path, publicKey, witnessPath });
  const verified = process.cpuUsage(verifying);
  if (!verdict.ok) throw new Error(JSON.stringify(verdict));
  const named = (values) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [label === '' ? name : `${label} ${name}`, value]),
    );
  return named({
    openMs: round(openMs),
    cpuMsPerRun: round((used.user + used.system) / 1_000 / runs),
    runsPerSecond: Math.round(runs / (wallMs / 1_000)),
    p50Ms: round(latencies[Math.floor(latencies.length / 2)]),
    p99Ms: round(latencies[Math.floor(latencies.length * 0.99)]),
    sequentialP50Ms: round(sequential[50]),
    verifiedEntriesPerCpuSecond: perCpuSecond(verdict.entries, verified),
  });
}

async function measureReplay(count) {
  const path = join(folder, 'replay.db');
  const first = await openEngine({ path, workflows: [long], steps });
  const handle = await first.start(long, count);
  await handle.settled();
  await first.close();
  const second = await openEngine({ path, workflows: [long], steps });
  const cpu = process.cpuUsage();
  const resumed = await second.resume(handle.runId);
  const settlement = await resumed.settled();
  const used = process.cpuUsage(cpu);
  await second.close();
  if (settlement.status !== 'waiting') throw new Error(JSON.stringify(settlement));
  return { replayedEntriesPerCpuSecond: perCpuSecond(count, used) };
}

function perCpuSecond(count, { user, system }) {
  return Math.round(count / ((user + system) / 1e6));
}

function round(value) {
  return Math.round(value * 1_000) / 1_000;
}
