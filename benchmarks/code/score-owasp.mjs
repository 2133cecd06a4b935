// Scores the scan on a checkout of OWASP BenchmarkPython: node benchmarks/code/score-owasp.mjs DIR
// Only odd-numbered cases are read and counted; the even half stays unseen.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryTree, openFolder, scan } from '@trocar/code';

const [dir] = process.argv.slice(2);
if (dir === undefined) {
  process.stderr.write('usage: node benchmarks/code/score-owasp.mjs DIR\n');
  process.exit(2);
}

/** CWE that each category of the suite is about. */
const categoryCwes = {
  cmdi: ['CWE-78'],
  codeinj: ['CWE-94'],
  deserialization: ['CWE-502'],
  hash: ['CWE-328'],
  ldapi: ['CWE-90'],
  pathtraver: ['CWE-22'],
  redirect: ['CWE-601'],
  securecookie: ['CWE-614'],
  sqli: ['CWE-89'],
  trustbound: ['CWE-501'],
  weakrand: ['CWE-330'],
  xpathi: ['CWE-643'],
  xss: ['CWE-79'],
  xxe: ['CWE-611'],
};

const cases = readFileSync(join(dir, 'expectedresults-0.1.csv'), 'utf8')
  .split('\n')
  .filter((line) => /^BenchmarkTest\d*[13579],/.test(line))
  .map((line) => line.split(','))
  .map(([name, category, real]) => ({ name, category, isReal: real === 'true' }));
const wanted = new Set(cases.map(({ name }) => `testcode/${name}.py`));
const folder = await openFolder(dir);
const entries = {};
for (const { path } of folder.files()) {
  if (wanted.has(path) || path.startsWith('helpers/')) entries[path] = await folder.read(path);
}
const started = process.cpuUsage();
const report = await scan(createMemoryTree(entries));
const { user, system } = process.cpuUsage(started);
const found = new Set(report.findings.map((finding) => `${finding.file} ${finding.cwe}`));

const rows = new Map();
const misses = [];
for (const { name, category, isReal } of cases) {
  const row = rows.get(category) ?? { real: 0, fake: 0, hits: 0, alarms: 0 };
  rows.set(category, row);
  const isFound = categoryCwes[category].some((cwe) => found.has(`testcode/${name}.py ${cwe}`));
  row[isReal ? 'real' : 'fake'] += 1;
  if (isFound) row[isReal ? 'hits' : 'alarms'] += 1;
  if (isFound !== isReal) misses.push(`${isReal ? 'missed' : 'false '} ${category} ${name}`);
}
const percent = (part, whole) => (whole === 0 ? 0 : (100 * part) / whole);
let youden = 0;
for (const [category, row] of [...rows].sort()) {
  const tpr = percent(row.hits, row.real);
  const fpr = percent(row.alarms, row.fake);
  youden += (tpr - fpr) / rows.size;
  process.stdout.write(
    `${category.padEnd(16)} ${row.hits}/${row.real} found, ${row.alarms}/${row.fake} false: ${(tpr - fpr).toFixed(1)}\n`,
  );
}
process.stdout.write(
  `macro Youden ${youden.toFixed(1)} over ${cases.length} cases, ${((user + system) / 1e6).toFixed(2)} CPU s\n`,
);
process.stdout.write(`complete ${report.complete}\n${misses.join('\n')}\n`);
