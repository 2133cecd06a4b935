// Runs the official JSON-Schema-Test-Suite through the decoding engine:
//   node benchmarks/decoding/conformance-json-schema.mjs DIR [--optional] [--show] [--json]
// DIR is a checkout of json-schema-org/JSON-Schema-Test-Suite. Every instance is read byte by byte by the automaton
// that also makes the token masks. Exit 1 if an invalid instance is accepted or a draft falls below 98 %.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compileJsonSchema, validate } from '@trocar/decoding';

const [directory, ...flags] = process.argv.slice(2);
if (!directory || !existsSync(join(directory, 'tests'))) {
  process.stderr.write('Give the directory of a checkout of JSON-Schema-Test-Suite.\n');
  process.exit(2);
}

const drafts = [
  ['draft2020-12', 2020],
  ['draft2019-09', 2019],
  ['draft7', 7],
  ['draft6', 6],
  ['draft4', 4],
];

function* jsonFiles(folder) {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* jsonFiles(path);
    else if (name.endsWith('.json')) yield path;
  }
}

const schemas = {};
for (const path of jsonFiles(join(directory, 'remotes'))) {
  schemas[`http://localhost:1234/${relative(join(directory, 'remotes'), path)}`] = JSON.parse(
    readFileSync(path, 'utf8'),
  );
}

function decide(draft, formats, group, counts, path) {
  let grammar;
  let refusal;
  try {
    grammar = compileJsonSchema(group.schema, { draft, formats, schemas });
  } catch (error) {
    if (error.name !== 'DecodingError') throw error;
    refusal = error;
  }
  for (const test of group.tests) {
    counts.tests += 1;
    let verdict;
    if (refusal?.code === 'unsatisfiable-schema') verdict = false;
    else if (refusal === undefined) verdict = validate(grammar, JSON.stringify(test.data)).valid;
    if (verdict === undefined) counts.refused += 1;
    else if (verdict === test.valid) counts.right += 1;
    else if (verdict) counts.acceptedWrongly += 1;
    else counts.rejectedWrongly += 1;
    if (flags.includes('--show') && verdict !== test.valid) {
      process.stdout.write(`${path} | ${group.description} | ${test.description} | ${refusal?.message ?? verdict}\n`);
    }
  }
}

const results = drafts.map(([name, draft]) => {
  const counts = { draft: name, tests: 0, right: 0, refused: 0, acceptedWrongly: 0, rejectedWrongly: 0 };
  for (const path of jsonFiles(join(directory, 'tests', name))) {
    const isOptional = path.includes('/optional/');
    if (isOptional !== flags.includes('--optional')) continue;
    const formats = path.includes('/optional/format/') ? 'assert' : 'annotate';
    for (const group of JSON.parse(readFileSync(path, 'utf8'))) {
      decide(draft, formats, group, counts, relative(directory, path));
    }
  }
  return { ...counts, percent: Number(((100 * counts.right) / counts.tests).toFixed(2)) };
});

if (flags.includes('--json')) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
else process.stdout.write(results.map((row) => `${JSON.stringify(row)}\n`).join(''));
process.exitCode = results.some((row) => row.acceptedWrongly > 0 || row.percent < 98) ? 1 : 0;
