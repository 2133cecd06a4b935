// Draws a sample of MaskBench and tokenises its instances once, so that every engine sees the same ids:
//   node benchmarks/decoding/prepare-maskbench.mjs DATA_DIR NODE_MODULES OUT.json [COUNT]
// DATA_DIR is maskbench/data of guidance-ai/jsonschemabench (not redistributed here: it has no licence file).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTokenizer } from './llama3-vocabulary.mjs';

const [data, modules, out, count = '320'] = process.argv.slice(2);
if (!data || !modules || !out) {
  process.stderr.write('Give DATA_DIR NODE_MODULES OUT.json.\n');
  process.exit(2);
}
const tokenizer = await loadTokenizer(modules);

// The spacing of Python's json.dumps, which the peers' own benchmarks use.
function print(value) {
  if (Array.isArray(value)) return `[${value.map(print).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}: ${print(member)}`)
    .join(', ')}}`;
}

const files = readdirSync(data)
  .filter((name) => name.endsWith('.json'))
  .sort();
const sample = [];
// A stride that shares no factor with the number of files visits all groups evenly and repeatably.
for (let i = 0, at = 17; i < files.length && sample.length < Number(count); i += 1, at = (at + 7919) % files.length) {
  const { schema, tests } = JSON.parse(readFileSync(join(data, files[at]), 'utf8'));
  if (!tests?.length || JSON.stringify(tests).length > 100_000) continue;
  sample.push({
    name: files[at],
    schema,
    tests: tests.map(({ valid, data: value }) => {
      const text = print(value);
      return { valid, text, tokens: tokenizer.encode(text, { bos: false, eos: false }) };
    }),
  });
}
writeFileSync(out, JSON.stringify(sample));
process.stdout.write(`${sample.length} schemas, ${sample.flatMap((one) => one.tests).length} instances\n`);
