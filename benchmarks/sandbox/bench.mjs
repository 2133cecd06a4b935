// The sandbox's numbers, peers interleaved in the same run. Prints a table and writes results.json beside this file.
//   npx tsc -b packages/sandbox && PYTHON=/path/to/python-with-wasmtime node benchmarks/sandbox/bench.mjs

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { openSandbox } from '../../packages/sandbox/dist/index.js';
import { meterModule } from '../../packages/sandbox/dist/wasm/meter.js';
import { kernelBytes } from './kernels.mjs';
import { measureOverhead } from './overhead.mjs';
import { measureQuickJs } from './quickjs.mjs';

const caps = { memoryPages: 65_536, tableElements: 10_000_000 };
const quantile = (values, q) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))];

function measureRewriting() {
  const require = createRequire(new URL('../../packages/sandbox/package.json', import.meta.url));
  const quickjs = new Uint8Array(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));
  let best = Number.POSITIVE_INFINITY;
  let metered;
  for (let round = 0; round < 40; round += 1) {
    const started = performance.now();
    metered = meterModule(quickjs, caps);
    best = Math.min(best, performance.now() - started);
  }
  return {
    module: 'QuickJS',
    bytes: quickjs.length,
    megabytesPerSecond: quickjs.length / 1000 / best,
    growth: metered.module.bytes.length / quickjs.length,
  };
}

async function measureCalls(sandbox) {
  const times = [];
  for (let round = 0; round < 3_000; round += 1) {
    const started = performance.now();
    await sandbox.runWasm({ bytes: kernelBytes, invoke: 'fib', args: [1] });
    if (round >= 500) times.push(performance.now() - started);
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

async function measureFuelStop(sandbox) {
  const times = [];
  for (let round = 0; round < 200; round += 1) {
    const started = performance.now();
    const { trap } = await sandbox.runWasm({
      bytes: kernelBytes,
      invoke: 'interpreter',
      args: ['4294967295'],
      limits: { fuelUnits: 1_000_000 },
    });
    if (trap?.kind !== 'fuel') throw new Error('not stopped by fuel');
    times.push(performance.now() - started);
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

async function measureWallStop(sandbox) {
  const wallMs = 100;
  const times = [];
  for (let round = 0; round < 20; round += 1) {
    // A short call first, so that the new worker is up and only the stop is measured.
    await sandbox.runWasm({ bytes: kernelBytes, invoke: 'fib', args: [1] });
    const started = performance.now();
    const { trap } = await sandbox.runWasm({
      bytes: kernelBytes,
      invoke: 'interpreter',
      args: ['4294967295'],
      limits: { fuelUnits: 2 ** 50, wallMs },
    });
    if (trap?.kind !== 'wall') throw new Error('not stopped by the wall');
    times.push(performance.now() - started - wallMs);
  }
  return { p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

const sandbox = await openSandbox({ maxWorkers: 1, maxRestartsPerMinute: 1_000 });
const report = {
  node: process.version,
  v8: process.versions.v8,
  cpu: cpus()[0]?.model,
  rewriting: measureRewriting(),
  pooledCall: await measureCalls(sandbox),
  stoppedByFuel: await measureFuelStop(sandbox),
  stoppedByWallAfterDeadline: await measureWallStop(sandbox),
  quickjs: await measureQuickJs(60),
  kernels: await measureOverhead(Number(process.argv[2] ?? 9)),
};
await sandbox.close();

const line = (name, value, goal) => process.stdout.write(`${name.padEnd(52)} ${value.padStart(12)}   ${goal}\n`);
const ratio = (value) => (value === undefined ? 'no peer' : `${value.toFixed(2)} x`);
line('what', 'measured', 'to reach');
line('run time of eight kernels / plain V8 (geomean)', ratio(report.kernels.meteredToPlain), '<= 1.12 x');
line('run time of eight kernels / wasmtime with fuel', ratio(report.kernels.meteredToWasmtimeFuel), '<= 0.78 x');
line('run time of QuickJS programs / unmetered (geomean)', ratio(report.quickjs.meteredToPlain), '<= 1.15 x');
line('rewriting, warm', `${report.rewriting.megabytesPerSecond.toFixed(0)} MB/s`, '>= 40 MB/s');
line('growth of code', ratio(report.rewriting.growth), '<= 1.45 x');
line('pooled call, p50', `${report.pooledCall.p50Ms.toFixed(3)} ms`, '<= 0.1 ms');
line('runaway stopped by fuel 1e6, p95', `${report.stoppedByFuel.p95Ms.toFixed(1)} ms`, '<= 10 ms');
line(
  'runaway stopped after the wall deadline, p95',
  `${report.stoppedByWallAfterDeadline.p95Ms.toFixed(1)} ms`,
  '<= 50 ms',
);
const equal = report.kernels.kernels.filter(({ fuelEqual }) => fuelEqual).length;
line(
  'kernels whose fuel equals that of wasmtime',
  report.kernels.wasmtimeVersion === undefined ? 'no peer' : `${equal} of ${report.kernels.kernels.length}`,
  'all',
);
writeFileSync(new URL('results.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
