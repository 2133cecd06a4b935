/**
 * Measures `trocar mcp` as a client sees it and prints it beside the target: `node benchmarks/mcp/run.mjs [--json FILE]`.
 * Build first (`npm run build`); Linux only, since it reads /proc. Processor times are medians over several starts.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startServer } from './client.mjs';
import { writeProject } from './project.mjs';
import { openTokenizer } from './tokens.mjs';

const STARTS = 9;
const EXTRACTIONS = 300;
const FILES = 100;
const program = fileURLToPath(new URL('../../packages/cli/bin/trocar.mjs', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-mcp-bench-')));
const project = join(folder, 'project');
mkdirSync(project);
writeProject(project, FILES);

const percentile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
const results = [];
const note = (what, value, unit, target) => results.push({ what, value: Math.round(value * 100) / 100, unit, target });

async function measureStarts() {
  const starts = [];
  for (let count = 0; count < STARTS; count += 1) {
    const server = startServer(program, project, join(folder, `home-${count}`));
    starts.push(await server.initialize());
    await server.stop();
  }
  note(
    'spawn to initialize answer, CPU',
    percentile(
      starts.map(({ cpuMs }) => cpuMs),
      0.5,
    ),
    'ms',
    '< 300',
  );
  note(
    'spawn to initialize answer, wall',
    percentile(
      starts.map(({ wallMs }) => wallMs),
      0.5,
    ),
    'ms',
    '',
  );
}

async function measureWork() {
  const server = startServer(program, project, join(folder, 'home'));
  await server.initialize();
  const { tools } = await server.request('tools/list');
  note('memory after listing', server.memoryMb().now, 'MB', '< 80');

  const countTokens = await openTokenizer();
  note('default tool list, tools', tools.length, '', '<= 12');
  note('default tool list, o200k tokens', countTokens(JSON.stringify(tools)), 'tokens', '< 2,000');
  for (const tool of tools) note(`  ${tool.name}`, countTokens(JSON.stringify(tool)), 'tokens', '');

  const extract = (index) =>
    server.call('extract_code', {
      path: `part-${Math.floor(index / 10)}/module-${index}.js`,
      symbol: `compute${index}`,
    });
  await extract(0);
  const times = [];
  const cpuBefore = server.cpuMs();
  for (let count = 0; count < EXTRACTIONS; count += 1) {
    const startedMs = performance.now();
    const { success } = await extract(count % FILES);
    times.push(performance.now() - startedMs);
    if (!success) throw new Error('A symbol was not extracted.');
  }
  note('extract a symbol, warm, CPU', (server.cpuMs() - cpuBefore) / EXTRACTIONS, 'ms', '');
  note('extract a symbol, warm p50', percentile(times, 0.5), 'ms', '< 5');
  note('extract a symbol, warm p99', percentile(times, 0.99), 'ms', '');

  const together = performance.now();
  await Promise.all(Array.from({ length: 100 }, (_, index) => extract(index)));
  note('100 extractions at once', performance.now() - together, 'ms', '');

  const scanning = performance.now();
  const { coverage } = await server.call('security_scan', { path: '.' });
  note(`scan of ${FILES} files, ${coverage.analysed} analysed`, performance.now() - scanning, 'ms', '');
  note(`memory after a ${FILES}-file project`, server.memoryMb().now, 'MB', '< 200');
  note(`memory at most`, server.memoryMb().peak, 'MB', '');
  await server.stop();
}

try {
  await measureStarts();
  await measureWork();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { what, value, unit, target } of results) {
  process.stdout.write(`${what.padEnd(44)} ${String(value).padStart(9)} ${unit.padEnd(7)} ${target}\n`);
}
const target = process.argv.indexOf('--json');
if (target >= 0) {
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  writeFileSync(process.argv[target + 1] ?? 'mcp.json', `${JSON.stringify({ machine, results }, undefined, 2)}\n`);
}
