/**
 * Extracts 200 symbols of two packages through `trocar mcp` and compares each with the file:
 * `node benchmarks/mcp/extractions.mjs [--json FILE]`. Build first. Exact means: the code stands in the lines that are
 * named, and fills them. The listed failures are part of the result.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from './client.mjs';
import { createSequence, fetchPackage, sourceFiles } from './packages.mjs';
import { percentile, printReport } from './report.mjs';

const PACKAGES = ['zod@4.6.7', 'express@5.3.0'];
const EACH = 100;
const program = fileURLToPath(new URL('../../packages/cli/bin/trocar.mjs', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-extractions-')));
const results = [];
const failures = [];

async function measure(specifier) {
  const root = fetchPackage(folder, specifier);
  const server = startServer(program, root, join(folder, `home-${results.length}`));
  await server.initialize();
  const symbols = [];
  for (const path of sourceFiles(root)) {
    let answer = await server.call('get_file_context', { path, max_tokens: 100_000 });
    for (const { symbol, line } of answer.symbols ?? []) symbols.push({ path, symbol, line });
    while (answer.cursor !== undefined) {
      answer = await server.call('get_file_context', { path, max_tokens: 100_000, cursor: answer.cursor });
      for (const { symbol, line } of answer.symbols) symbols.push({ path, symbol, line });
    }
  }
  const next = createSequence(2026);
  const times = [];
  let exact = 0;
  for (let count = 0; count < EACH; count += 1) {
    const input = symbols[next(symbols.length)];
    const startedMs = performance.now();
    const answer = await server.call('extract_code', { ...input, max_tokens: 100_000 });
    times.push(performance.now() - startedMs);
    if (isExact(readFileSync(join(root, input.path), 'utf8'), answer)) exact += 1;
    else failures.push({ package: specifier, ...input, answer: answer.error ?? 'other text' });
  }
  await server.stop();
  results.push(
    {
      what: `${specifier}: exact of ${EACH} symbols (of ${symbols.length})`,
      value: exact,
      unit: '',
      target: `${EACH}`,
    },
    { what: `${specifier}: extract, wall p50`, value: percentile(times, 0.5), unit: 'ms', target: '< 5' },
    { what: `${specifier}: extract, wall p95`, value: percentile(times, 0.95), unit: 'ms' },
  );
}

function isExact(text, { code, line, end_line: endLine }) {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .slice(line - 1, endLine);
  return code !== undefined && lines.join('\n').includes(code) && code.split('\n').length === lines.length;
}

try {
  for (const specifier of PACKAGES) await measure(specifier);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printReport(results, { failures });
for (const failure of failures) process.stdout.write(`${JSON.stringify(failure)}\n`);
