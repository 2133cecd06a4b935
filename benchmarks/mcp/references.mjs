/**
 * Asks `trocar mcp` for the uses of symbols in packages of several hundred files, cold and warm:
 * `node benchmarks/mcp/references.mjs [--json FILE]`. Build first. Measures time and size; that the places are right is
 * what the tests of the code engine show.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './client.mjs';
import { fetchPackage } from './packages.mjs';
import { percentile, printReport } from './report.mjs';

const CASES = [
  { specifier: 'zod@3.25.76', path: 'src/v4/core/util.ts', symbol: 'joinValues' },
  { specifier: 'zod@3.25.76', path: 'src/v4/core/util.ts', symbol: 'cleanRegex' },
  { specifier: 'lodash-es@4.17.21', path: 'isObject.js', symbol: 'isObject' },
];
const WARM = 30;
const program = fileURLToPath(new URL('../../packages/cli/bin/trocar.mjs', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-references-')));
const results = [];

// A project is kept only when its youngest file is older than the steps in which file systems note times.
const settle = () => new Promise((resolve) => setTimeout(resolve, 2_500));

async function measure({ specifier, ...input }) {
  const root = fetchPackage(folder, specifier);
  await settle();
  const server = startServer(program, root, join(folder, `home-${results.length}`));
  await server.initialize();
  const ask = async () => {
    const startedMs = performance.now();
    const answer = await server.call('get_symbol_references', { ...input, max_tokens: 100_000 });
    return { answer, ms: performance.now() - startedMs };
  };
  const cold = await ask();
  const times = [];
  const cpuBefore = server.cpuMs();
  for (let count = 0; count < WARM; count += 1) times.push((await ask()).ms);
  const cpuMs = (server.cpuMs() - cpuBefore) / WARM;
  const { proven, possible, coverage, tokens, error } = cold.answer;
  if (error !== undefined) throw new Error(error);
  const name = `${input.symbol} of ${specifier}`;
  results.push(
    { what: `${name}: files analysed`, value: coverage.analysed, unit: '' },
    { what: `${name}: places proven`, value: proven, unit: '' },
    { what: `${name}: places possible`, value: possible, unit: '' },
    { what: `${name}: cold, wall`, value: cold.ms, unit: 'ms' },
    { what: `${name}: warm, wall p50`, value: percentile(times, 0.5), unit: 'ms', target: '< 50' },
    { what: `${name}: warm, CPU`, value: cpuMs, unit: 'ms' },
    { what: `${name}: answer, estimate`, value: tokens, unit: 'tokens' },
    { what: `${name}: memory`, value: server.memoryMb().now, unit: 'MB' },
  );
  await server.stop();
}

try {
  for (const one of CASES) await measure(one);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printReport(results);
