/**
 * Measures what a user notices first and prints it beside the target: `node benchmarks/house/run.mjs [--json FILE]`.
 * Processor times are medians of user + system over several starts, so that a busy machine disturbs them little; wall
 * times are what they are. Build first (`npm run build`).
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderSize } from '../../scripts/folder-size.mjs';
import { ROOT, readPackages } from '../../scripts/workspace.mjs';
import { cpuOf } from './cpu.mjs';
import { watchMemory } from './memory.mjs';

const STARTS = 9;

const cli = readPackages(ROOT).find(({ manifest }) => manifest.bin?.trocar !== undefined);
const bin = join(cli.path, cli.manifest.bin.trocar);
const home = mkdtempSync(join(tmpdir(), 'trocar-bench-'));
const env = { ...process.env, TROCAR_HOME: home, NO_COLOR: '1' };

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'benchmark', version: '1' } },
};

async function medianCpu(args, options) {
  const samples = [];
  for (let start = 0; start < STARTS; start += 1)
    samples.push(await cpuOf(process.execPath, args, { env, ...options }));
  samples.sort((a, b) => a.cpuMs - b.cpuMs);
  return samples[Math.floor(STARTS / 2)].cpuMs;
}

/** `npm start` as the README has it: how long it takes, and how much memory it and its children hold at most. */
async function measureStart() {
  const started = process.hrtime.bigint();
  const child = spawn('npm', ['start', '--silent'], { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const memory = watchMemory(child.pid);
  const exitCode = await new Promise((ended) => child.once('close', ended));
  const wallMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (exitCode !== 0) throw new Error(`npm start ended with ${exitCode}`);
  return { wallMs, ...memory.stop() };
}

function measureDependencies() {
  const listed = execFileSync('npm', ['ls', '--all', '--omit=dev', '--parseable'], { cwd: ROOT, encoding: 'utf8' });
  const inModules = join(ROOT, 'node_modules');
  const folders = listed.split('\n').filter((path) => path.startsWith(inModules));
  const outer = folders.filter((path) => !folders.some((other) => path.startsWith(`${other}/node_modules/`)));
  return outer.reduce((sum, path) => sum + folderSize(path), 0);
}

try {
  const bareMs = await medianCpu(['-e', '0']);
  const helpMs = await medianCpu([bin, '--help']);
  const initializeMs = await medianCpu([bin, 'mcp', home], { line: JSON.stringify(INITIALIZE) });
  const start = await measureStart();
  const rows = [
    { what: 'node -e 0, processor time', value: bareMs, unit: 'ms' },
    { what: 'trocar --help, processor time', value: helpMs, unit: 'ms', target: 150 },
    {
      what: 'MCP initialize answered, processor time to the end of the process',
      value: initializeMs,
      unit: 'ms',
      target: 300,
    },
    { what: 'npm start, wall time', value: start.wallMs / 1000, unit: 's', target: 10 },
    { what: 'npm start, largest process', value: start.largestBytes / 1e6, unit: 'MB', target: 300 },
    { what: 'npm start, all processes together', value: start.togetherBytes / 1e6, unit: 'MB' },
    { what: 'production dependencies on disk', value: measureDependencies() / 1e6, unit: 'MB', target: 80 },
  ].map((row) => ({ ...row, value: Math.round(row.value * 10) / 10 }));

  process.stdout.write('| what | measured | target |\n|---|---|---|\n');
  for (const { what, value, unit, target } of rows) {
    const verdict = target === undefined ? '–' : `< ${target} ${unit}${value < target ? '' : ' **missed**'}`;
    process.stdout.write(`| ${what} | ${value} ${unit} | ${verdict} |\n`);
  }
  const machine = { node: process.version, platform: `${process.platform}-${process.arch}`, cores: cpus().length };
  const at = process.argv.indexOf('--json');
  if (at > 0) writeFileSync(process.argv[at + 1], `${JSON.stringify({ machine, rows }, null, 2)}\n`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
