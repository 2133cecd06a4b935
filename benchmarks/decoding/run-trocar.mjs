// Runs a prepared sample through this engine and prints one JSON line per schema:
//   node benchmarks/decoding/run-trocar.mjs SAMPLE.json NODE_MODULES [--lines] < schema numbers, one a line
// Times are CPU microseconds of this process; the cost of reading the clock is subtracted.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { compileJsonSchema, createMatcher, createVocabulary } from '@trocar/decoding';
import { endTokens, readTokens } from './llama3-vocabulary.mjs';

const [samplePath, modules] = process.argv.slice(2);
const sample = JSON.parse(readFileSync(samplePath, 'utf8'));

function cpuUs() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

// Masks take less than the clock of the process can tell apart, so they are timed by the wall and a mask that was
// interrupted is told by its CPU time, which is then taken instead.
function timed(action) {
  const cpu = cpuUs();
  const start = process.hrtime.bigint();
  action();
  const wall = Number(process.hrtime.bigint() - start) / 1000;
  return Math.min(wall, Math.max(cpuUs() - cpu, 0.2));
}

const start = cpuUs();
const vocabulary = createVocabulary({ tokens: readTokens(modules), endTokens });
const vocabularyMs = (cpuUs() - start) / 1000;
process.stdout.write(`${JSON.stringify({ vocabularyMs, rssMb: process.memoryUsage.rss() / 1e6 })}\n`);

function runTest(grammar, test, times) {
  const matcher = createMatcher(grammar, vocabulary);
  for (const token of test.tokens) {
    let allowed = false;
    times.push(
      timed(() => {
        const mask = matcher.mask();
        allowed = (mask[token >>> 5] & (1 << (token & 31))) !== 0;
        if (allowed) matcher.commit(token);
      }),
    );
    if (!allowed) return false;
  }
  const mask = matcher.mask();
  return (mask[endTokens[0] >>> 5] & (1 << (endTokens[0] & 31))) !== 0;
}

function run(entry) {
  let grammar;
  const begin = cpuUs();
  try {
    grammar = compileJsonSchema(entry.schema);
    createMatcher(grammar, vocabulary).mask();
  } catch (error) {
    if (error.name !== 'DecodingError') throw error;
    return { name: entry.name, refused: `${error.code}: ${error.message}` };
  }
  const firstMaskMs = (cpuUs() - begin) / 1000;
  const times = [];
  const wrong = [];
  for (const [i, test] of entry.tests.entries()) {
    const own = [];
    let verdict;
    try {
      verdict = runTest(grammar, test, own);
    } catch (error) {
      if (error.name !== 'DecodingError') throw error;
      return { name: entry.name, refused: `${error.code}: ${error.message}` };
    }
    if (verdict !== test.valid) wrong.push({ test: i, valid: test.valid });
    if (test.valid && verdict) times.push(...own);
  }
  return { name: entry.name, firstMaskMs, times: times.map((one) => Number(one.toFixed(2))), wrong };
}

for await (const line of createInterface({ input: process.stdin })) {
  const result = run(sample[Number(line)]);
  process.stdout.write(`${JSON.stringify({ ...result, rssMb: process.memoryUsage.rss() / 1e6 })}\n`);
}
