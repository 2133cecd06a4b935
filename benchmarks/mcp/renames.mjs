/**
 * Plans new names for symbols of packages through `trocar mcp` and counts what was planned and what was refused, and why:
 * `node benchmarks/mcp/renames.mjs [--json FILE]`. Build first. Nothing is written, and no tests are run afterwards: a
 * plan counts as such when the engine has resolved the changed files anew with the same places.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './client.mjs';
import { createSequence, fetchPackage, sourceFiles } from './packages.mjs';
import { percentile, printReport } from './report.mjs';

const PACKAGES = ['zod@3.25.76', 'express@5.3.0', 'lodash-es@4.17.21'];
const EACH = 30;
const program = fileURLToPath(new URL('../../packages/cli/bin/trocar.mjs', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-renames-')));
const results = [];
const settle = () => new Promise((resolve) => setTimeout(resolve, 2_500));

async function measure(specifier) {
  const root = fetchPackage(folder, specifier);
  await settle();
  const server = startServer(program, root, join(folder, `home-${results.length}`));
  await server.initialize();
  const files = sourceFiles(root);
  const next = createSequence(11);
  const outcomes = new Map();
  const times = [];
  let changedFiles = 0;
  for (let count = 0; count < EACH; ) {
    const path = files[next(files.length)];
    const { symbols = [] } = await server.call('get_file_context', { path });
    // Members are refused by rule; they would only say how many of the symbols are members.
    const named = symbols.filter(({ symbol }) => /^[\w$]+$/.test(symbol) && symbol !== 'default');
    const chosen = named[next(named.length)];
    if (chosen === undefined) continue;
    count += 1;
    const input = { path, symbol: chosen.symbol, line: chosen.line, new_name: `renamed${count}` };
    const startedMs = performance.now();
    const answer = await server.call('rename_symbol', input);
    times.push(performance.now() - startedMs);
    const outcome = answer.code === 'approval-required' ? 'planned' : (answer.code ?? 'applied');
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (outcome === 'planned') changedFiles += answer.edits.length;
  }
  await server.stop();
  for (const [outcome, value] of [...outcomes].sort()) {
    results.push({ what: `${specifier}: ${outcome}, of ${EACH}`, value, unit: '' });
  }
  results.push({ what: `${specifier}: files in the plans`, value: changedFiles, unit: '' });
  results.push({ what: `${specifier}: wall p50`, value: percentile(times, 0.5), unit: 'ms' });
}

try {
  for (const specifier of PACKAGES) await measure(specifier);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printReport(results);
