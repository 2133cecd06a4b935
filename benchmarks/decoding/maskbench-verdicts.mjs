// Decides every instance of MaskBench: node benchmarks/decoding/maskbench-verdicts.mjs DATA_DIR [--show]
// DATA_DIR is maskbench/data of guidance-ai/jsonschemabench. Instances are read by the automaton that makes the masks.
// Exit 1 if a valid instance is rejected.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileJsonSchema, validate } from '@trocar/decoding';

const [directory, ...flags] = process.argv.slice(2);
if (!directory) {
  process.stderr.write('Give the folder maskbench/data.\n');
  process.exit(2);
}
const counts = { schemas: 0, refused: 0, allRight: 0, validRejected: 0, invalidAccepted: 0, slowestMs: 0 };

function show(line) {
  if (flags.includes('--show')) process.stdout.write(`${line}\n`);
}

function decide(name, { schema, tests = [] }) {
  const grammar = compileJsonSchema(schema);
  let wrong = 0;
  for (const { data, valid, description } of tests) {
    if (validate(grammar, JSON.stringify(data)).valid === valid) continue;
    wrong += 1;
    counts[valid ? 'validRejected' : 'invalidAccepted'] += 1;
    show(`${valid ? 'rejected' : 'accepted'} ${name}: ${description}`);
  }
  if (wrong === 0) counts.allRight += 1;
}

for (const name of readdirSync(directory).sort()) {
  if (!name.endsWith('.json')) continue;
  counts.schemas += 1;
  const start = performance.now();
  try {
    decide(name, JSON.parse(readFileSync(join(directory, name), 'utf8')));
  } catch (error) {
    if (error.name !== 'DecodingError') throw error;
    counts.refused += 1;
    show(`refused ${name}: ${error.message}`);
  }
  counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - start));
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exitCode = counts.validRejected > 0 ? 1 : 0;
