/**
 * Checks what lies in the tree: no paths of one machine, no registry hosts in the lock, every dependency justified in
 * docs/dependencies.md under the licence that it really has, and no production dependency under a licence we cannot ship.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportVerdict, selfCheck } from './verdict.mjs';
import { ROOT } from './workspace.mjs';

const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
]);
const LARGE_BYTES = 1_000_000;
/** Names in examples that stand for nobody. */
const NOBODY = '(?!(?:ada|user|you)\\b)';
/** Home and work folders of somebody; written in pieces, so that this file does not find itself. */
const MACHINE_PATHS = [
  new RegExp(`(?<![\\w.])/(?:${'ho' + 'me'}|${'Us' + 'ers'})/${NOBODY}[a-z][\\w.-]{2,}/`),
  new RegExp(`[A-Za-z]:\\\\+${'Us' + 'ers'}\\\\+${NOBODY}\\w{3,}`),
  new RegExp(`(?<![\\w.])/${'wo' + 'rk'}/(?:main|shared|\\.)`),
];

/**
 * @param {string} root
 * @returns {{ read: string, problems: string[], large: string[] }}
 */
export function checkTree(root) {
  const files = trackedFiles(root);
  const problems = [];
  const large = [];
  for (const file of files) {
    const stat = lstatSync(join(root, file), { throwIfNoEntry: false });
    if (!stat?.isFile()) continue;
    if (stat.size > LARGE_BYTES) large.push(`${file} ${(stat.size / 1e6).toFixed(1)} MB`);
    const bytes = readFileSync(join(root, file));
    if (!bytes.includes(0)) problems.push(...machinePathsIn(file, bytes.toString('utf8')));
  }
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = Object.entries(lock).filter(([path, entry]) => path.includes('node_modules/') && !entry.link);
  const production = installed.filter(([, entry]) => !entry.dev);
  const justified = readJustifications(root);
  for (const [path, entry] of installed) problems.push(...judgeSource(path, entry));
  for (const [path, entry] of production) problems.push(...judgeProduction(nameAt(path), entry, justified));
  for (const name of Object.keys(lock['']?.devDependencies ?? {})) {
    if (!isJustified(name, justified)) problems.push(`docs/dependencies.md has no line for ${name}`);
  }
  problems.push(
    ...staleJustifications(
      justified,
      installed.map(([path]) => nameAt(path)),
    ),
  );
  if (files.length === 0) problems.push('no file was read');
  const read = `${files.length} files, ${installed.length} dependencies (${production.length} in production) read`;
  return { read, problems: [...new Set(problems)], large };
}

function trackedFiles(root) {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  return listed
    .toString('utf8')
    .split('\0')
    .filter((file) => file !== '');
}

function machinePathsIn(file, text) {
  return text.split('\n').flatMap((line, index) => {
    const found = MACHINE_PATHS.map((pattern) => pattern.exec(line)?.[0]).find((match) => match !== undefined);
    return found === undefined ? [] : [`${file}:${index + 1} names a path of one machine: ${found}`];
  });
}

const nameAt = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

function judgeSource(path, entry) {
  if (entry.resolved !== undefined) return [`package-lock.json pins ${path} to a host: ${entry.resolved}`];
  return entry.integrity === undefined ? [`package-lock.json has no digest for ${path}`] : [];
}

function judgeProduction(name, entry, justified) {
  const problems = [];
  if (!LICENCES.has(entry.license)) problems.push(`${name} is under ${entry.license}, which is not on the list`);
  const line = justified.find((one) => covers(one.pattern, name));
  if (line === undefined) problems.push(`docs/dependencies.md has no line for ${name}`);
  else if (!line.text.includes(entry.license)) {
    problems.push(`docs/dependencies.md does not say that ${name} is under ${entry.license}`);
  }
  return problems;
}

/** The rows of the tables: each name (or `@scope/*`) in the first cell with the text of its row. */
function readJustifications(root) {
  const rows = readFileSync(join(root, 'docs/dependencies.md'), 'utf8')
    .split('\n')
    .filter((line) => /^\| `/.test(line));
  return rows.flatMap((text) => {
    const first = text.split('|')[1] ?? '';
    return [...first.matchAll(/`([^`]+)`/g)].map(([, pattern]) => ({ pattern, text }));
  });
}

const covers = (pattern, name) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name);
const isJustified = (name, justified) => justified.some((one) => covers(one.pattern, name));

function staleJustifications(justified, names) {
  return justified
    .filter(({ pattern }) => !names.some((name) => covers(pattern, name)))
    .map(({ pattern }) => `docs/dependencies.md has a line for ${pattern}, which is not installed`);
}

const DEPENDENCY = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' };

/** A tree with one production dependency, changed as the case wants. */
function treeOf({ entry = DEPENDENCY, row = '| `left` | pads | small | MIT | its author |', note = 'nothing' }) {
  return {
    'package-lock.json': JSON.stringify({ packages: { '': {}, 'node_modules/left': entry } }),
    'docs/dependencies.md': `| name | for |\n|---|---|\n${row}\n`,
    'note.md': note,
  };
}

const CASES = [
  { name: 'clean', files: treeOf({}), expects: undefined },
  { name: 'machine', files: treeOf({ note: `see /${'ho' + 'me'}/ann/notes` }), expects: 'note.md:1 names a path' },
  { name: 'windows', files: treeOf({ note: `see C:\\${'Us' + 'ers'}\\ann` }), expects: 'note.md:1 names a path' },
  {
    name: 'host',
    files: treeOf({ entry: { ...DEPENDENCY, resolved: 'https://example.test/left.tgz' } }),
    expects: 'to a host',
  },
  { name: 'digest', files: treeOf({ entry: { license: 'MIT' } }), expects: 'no digest' },
  { name: 'licence', files: treeOf({ entry: { ...DEPENDENCY, license: 'AGPL-3.0' } }), expects: 'not on the list' },
  { name: 'other licence', files: treeOf({ entry: { ...DEPENDENCY, license: 'ISC' } }), expects: 'is under ISC' },
  { name: 'unjustified', files: treeOf({ row: '' }), expects: 'has no line for left' },
  {
    name: 'stale',
    files: treeOf({ row: '| `left` | MIT |\n| `right` | MIT |' }),
    expects: 'right, which is not installed',
  },
];

if (process.argv.includes('--self-check')) {
  await selfCheck('tree', CASES, (root) => {
    execFileSync('git', ['init', '-q', root]);
    return checkTree(root);
  });
} else {
  const result = checkTree(ROOT);
  for (const file of result.large) process.stdout.write(`tree: large file ${file}\n`);
  reportVerdict('tree', result);
}
