// Runs this engine and its peers over the same sample, schema by schema in turn, and prints a table:
//   node benchmarks/decoding/compare.mjs SAMPLE.json NODE_MODULES [--python PYTHON --vocabulary VOCABULARY.json]
//     [--count N] [--out RESULTS.json]
// PYTHON is an interpreter of an environment with llguidance. Only one engine works at any time, so that they meet the
// same noise. Peers join the pairs only where both accept the schema and agree that the instance is valid.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    vocabulary: { type: 'string' },
    count: { type: 'string' },
    out: { type: 'string' },
  },
});
const [sample, modules] = positionals;
if (!sample || !modules) {
  process.stderr.write('Give SAMPLE.json NODE_MODULES.\n');
  process.exit(2);
}
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const total = JSON.parse(readFileSync(sample, 'utf8')).length;
const count = Math.min(total, Number(values.count ?? total));

function start(name, command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  return {
    name,
    rows: [],
    next,
    ask(number) {
      child.stdin.write(`${number}\n`);
      return next();
    },
    close: () => child.stdin.end(),
  };
}

const engines = [start('@trocar/decoding', process.execPath, [here('run-trocar.mjs'), sample, modules])];
if (values.python) {
  engines.push(start('llguidance', values.python, [here('run_llguidance.py'), sample, values.vocabulary]));
}
for (const engine of engines) engine.ready = await engine.next();
for (let number = 0; number < count; number += 1) {
  for (const engine of engines) engine.rows.push(await engine.ask(number));
}
for (const engine of engines) engine.close();

function quantile(sorted, part) {
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

function distribution(numbers) {
  const sorted = [...numbers].sort((left, right) => left - right);
  const at = (part) => Number(quantile(sorted, part).toFixed(2));
  const mean = Number((sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length)).toFixed(2));
  return { mean, p50: at(0.5), p90: at(0.9), p99: at(0.99), 'p99.9': at(0.999), max: at(1), count: sorted.length };
}

const accepted = (row) => row.refused === undefined;
const isShared = (i) => engines.every((engine) => accepted(engine.rows[i]) && engine.rows[i].wrong.length === 0);
const results = engines.map(({ name, rows, ready }) => ({
  engine: name,
  schemas: rows.length,
  refused: rows.filter((row) => !accepted(row)).length,
  allRight: rows.filter((row) => accepted(row) && row.wrong.length === 0).length,
  validRejected: rows.flatMap((row) => row.wrong ?? []).filter(({ valid }) => valid).length,
  invalidAccepted: rows.flatMap((row) => row.wrong ?? []).filter(({ valid }) => !valid).length,
  vocabularyMs: Number(ready.vocabularyMs.toFixed(0)),
  firstMaskMs: distribution(rows.filter(accepted).map((row) => row.firstMaskMs)),
  tokenUs: distribution(rows.filter(accepted).flatMap((row) => row.times)),
  sharedFirstMaskMs: distribution(rows.filter((_, i) => isShared(i)).map((row) => row.firstMaskMs)),
  sharedTokenUs: distribution(rows.filter((_, i) => isShared(i)).flatMap((row) => row.times)),
  peakRssMb: Math.round(Math.max(...rows.map((row) => row.rssMb))),
}));
if (values.out) writeFileSync(values.out, `${JSON.stringify(results, null, 2)}\n`);
for (const row of results) {
  process.stdout.write(`${row.engine}: ${row.allRight} of ${row.schemas} schemas all right, ${row.refused} refused, `);
  process.stdout.write(`valid rejected ${row.validRejected}, invalid accepted ${row.invalidAccepted}\n`);
  for (const [label, numbers] of Object.entries({
    'first mask, ms': row.firstMaskMs,
    'mask + commit, µs': row.tokenUs,
    'first mask, ms, shared schemas': row.sharedFirstMaskMs,
    'mask + commit, µs, shared schemas': row.sharedTokenUs,
  })) {
    const shown = Object.entries(numbers).map(([key, value]) => `${key} ${value}`);
    process.stdout.write(`  ${label}: ${shown.join(', ')}\n`);
  }
  process.stdout.write(`  vocabulary ${row.vocabularyMs} ms, peak RSS ${row.peakRssMb} MB\n`);
}
