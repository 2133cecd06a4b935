// Run time of eight kernels: plain V8, metered, and (where Python has it) wasmtime with and without fuel, interleaved.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { meterModule } from '../../packages/sandbox/dist/wasm/meter.js';
import { kernelBytes, kernelSizes } from './kernels.mjs';

const grant = 2n ** 50n;

function openPlain() {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes));
  return (kernel, size) => {
    const started = performance.now();
    const result = exports[kernel](size);
    return { ms: performance.now() - started, result: result >>> 0 };
  };
}

function openMetered() {
  const metered = meterModule(kernelBytes, { memoryPages: 65_536, tableElements: 1_000_000 });
  if (!metered.ok) throw new Error(metered.refusal.message);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(metered.module.bytes));
  const tank = exports['trocar:fuel'];
  return (kernel, size) => {
    tank.value = grant;
    exports['trocar:stack'].value = 30_000;
    const started = performance.now();
    const result = exports[kernel](size);
    const ms = performance.now() - started;
    return { ms, result: result >>> 0, fuelUnits: Number(grant - tank.value) };
  };
}

/** wasmtime in a Python process, or undefined when there is none. Set PYTHON to one that has the package. */
async function openWasmtime() {
  const script = fileURLToPath(new URL('wasmtime_peer.py', import.meta.url));
  const wasm = fileURLToPath(new URL('kernels/kernels.wasm', import.meta.url));
  const child = spawn(process.env.PYTHON ?? 'python3', [script, wasm], { stdio: ['pipe', 'pipe', 'ignore'] });
  const gone = new Promise((resolve) => {
    child.on('error', () => resolve(undefined));
    child.on('exit', () => resolve(undefined));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await Promise.race([lines.next(), gone]);
  if (first?.value === undefined) return undefined;
  return {
    ...JSON.parse(first.value),
    async run(kernel, size, fuel) {
      child.stdin.write(`${JSON.stringify({ kernel, size, fuel })}\n`);
      return JSON.parse((await lines.next()).value);
    },
    close: () => child.stdin.end(),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const geomean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** Measures `rounds` interleaved rounds. Ratios are of minima: on a shared machine the least disturbed run says most. */
export async function measureOverhead(rounds) {
  const plain = openPlain();
  const metered = openMetered();
  const wasmtime = await openWasmtime();
  const kernels = [];
  for (const [kernel, size] of Object.entries(kernelSizes)) {
    const times = { plain: [], metered: [], wasmtime: [], wasmtimeFuel: [] };
    let fuelUnits;
    let fuelEqual;
    for (let round = 0; round < rounds; round += 1) {
      const a = plain(kernel, size);
      const b = metered(kernel, size);
      if (a.result !== b.result) throw new Error(`${kernel}: results differ`);
      if (fuelUnits !== undefined && fuelUnits !== b.fuelUnits) throw new Error(`${kernel}: fuel differs between runs`);
      fuelUnits = b.fuelUnits;
      times.plain.push(a.ms);
      times.metered.push(b.ms);
      if (wasmtime === undefined) continue;
      const c = await wasmtime.run(kernel, size, false);
      const d = await wasmtime.run(kernel, size, true);
      if (c.result !== a.result || d.result !== a.result) throw new Error(`${kernel}: wasmtime's result differs`);
      fuelEqual = d.fuelUnits === fuelUnits;
      times.wasmtime.push(c.ms);
      times.wasmtimeFuel.push(d.ms);
    }
    const best = Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, list.length === 0 ? undefined : Math.min(...list)]),
    );
    const medians = Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, list.length === 0 ? undefined : median(list)]),
    );
    kernels.push({ kernel, fuelUnits, fuelEqual, best, medians });
  }
  wasmtime?.close();
  const ratio = (of, to) =>
    kernels[0].best[of] === undefined || kernels[0].best[to] === undefined
      ? undefined
      : geomean(kernels.map(({ best }) => best[of] / best[to]));
  return {
    rounds,
    wasmtimeVersion: wasmtime?.version,
    kernels,
    meteredToPlain: ratio('metered', 'plain'),
    meteredToWasmtimeFuel: ratio('metered', 'wasmtimeFuel'),
    wasmtimeFuelToPlain: ratio('wasmtimeFuel', 'plain'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const report = await measureOverhead(Number(process.argv[2] ?? 15));
  for (const { kernel, fuelUnits, fuelEqual, best } of report.kernels) {
    const show = (value) => (value === undefined ? '-' : (value / best.plain).toFixed(2)).padStart(7);
    process.stdout.write(
      `${kernel.padEnd(12)} ${best.plain.toFixed(1).padStart(7)} ms ${show(best.metered)} ${show(best.wasmtime)} ${show(best.wasmtimeFuel)}  ${fuelUnits} ${fuelEqual ?? ''}\n`,
    );
  }
  process.stdout.write(
    `geomean metered/plain ${report.meteredToPlain.toFixed(3)}, metered/wasmtime+fuel ${report.meteredToWasmtimeFuel?.toFixed(3)}\n`,
  );
}
