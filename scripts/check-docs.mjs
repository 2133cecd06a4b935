/**
 * Executes the documentation: every ```sh block, and every ```js block with the ```text block after it, in a fresh folder
 * for each file, with `trocar` and `npx trocar` being the build of this checkout. What a block must print is compared:
 * `…` stands for anything on its line (ids, digests, durations, paths), a line of nothing but `…` for any lines.
 *
 * - ```sh exit=1       the block ends with that exit code
 * - ```sh no-run: why  is not executed; the reason is printed
 * - `npm ci`, `npm start`, `npm test`, `npm run NAME` and `npm install PACKAGE` are not executed here (.ci/run does it),
 *   but what they name has to exist; only an `npm start` whose output is shown is carried out and compared
 * - a link to a file of the repository leads somewhere
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { readBlocks } from './markdown-blocks.mjs';
import { reportVerdict, selfCheck } from './verdict.mjs';
import { listFiles, ROOT, readPackages, shownPath } from './workspace.mjs';

const BLOCK_TIMEOUT_MS = 120_000;
const README_LINES = { root: [80, 130], package: [1, 120] };

/** @param {string} root */
export function checkDocs(root) {
  const files = [
    ...listFiles(root, /\.md$/).filter((file) => dirname(file) === root),
    ...listFiles(join(root, 'docs'), /\.md$/),
    ...readPackages(root).map(({ path }) => join(path, 'README.md')),
  ];
  const problems = [];
  const notes = [];
  let executed = 0;
  for (const file of files) {
    const shown = shownPath(root, file);
    if (!existsSync(file)) {
      problems.push(`${shown} is missing`);
      continue;
    }
    const markdown = readFileSync(file, 'utf8');
    const { blocks, unclosed, prose } = readBlocks(markdown);
    if (unclosed !== undefined) problems.push(`${shown}:${unclosed} opens a block that never ends`);
    problems.push(...judgeLength(shown, markdown), ...deadLinks(shown, file, prose));
    const result = executeBlocks(root, blocks);
    problems.push(...result.problems.map(({ line, why }) => `${shown}:${line} ${why}`));
    notes.push(...result.notes.map(({ line, why }) => `${shown}:${line} is not executed: ${why}`));
    executed += result.executed;
  }
  if (executed === 0) problems.push('no block was executed');
  return { read: `${files.length} files, ${executed} blocks executed, ${notes.length} not`, problems, notes };
}

function judgeLength(shown, markdown) {
  if (basename(shown) !== 'README.md') return [];
  const lines = markdown.trimEnd().split('\n').length;
  const [least, most] = shown === 'README.md' ? README_LINES.root : README_LINES.package;
  return lines < least || lines > most ? [`${shown} has ${lines} lines, not ${least} to ${most}`] : [];
}

function deadLinks(shown, file, prose) {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^(?:[a-z]+:|#)/i.test(target))
    .filter((target) => !existsSync(join(dirname(file), decodeURIComponent(target.split('#')[0]))))
    .map((target) => `${shown} links to ${target}, which is not there`);
}

/** Executes the blocks of one file, one after the other in one folder. */
function executeBlocks(root, blocks) {
  const outcome = { problems: [], notes: [], executed: 0 };
  const runnable = blocks.filter(({ language }) => ['sh', 'js'].includes(language));
  if (runnable.length === 0) return outcome;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-docs-')));
  try {
    const env = furnish(root, folder);
    for (const block of runnable) {
      const reason = /^no-run\b:?\s*(.*)$/.exec(block.note)?.[1];
      if (reason === '') outcome.problems.push({ line: block.line, why: 'is marked no-run without a reason' });
      else if (reason !== undefined) outcome.notes.push({ line: block.line, why: reason });
      else {
        outcome.executed += 1;
        const after = blocks[blocks.indexOf(block) + 1];
        const expected = after?.language === 'text' ? after.text : undefined;
        const why = executeBlock({ root, folder, env, block, expected });
        if (why !== undefined) outcome.problems.push({ line: block.line, why });
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return outcome;
}

/** Gives a folder what a reader has: the examples, the packages, and the commands on the PATH. */
function furnish(root, folder) {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const script = (name, body) => writeFileSync(join(bin, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const cli = readPackages(root).find(({ manifest }) => manifest.bin?.trocar !== undefined);
  if (cli) script('trocar', `exec "${process.execPath}" "${join(cli.path, cli.manifest.bin.trocar)}" "$@"`);
  script('npx', '[ "$1" = trocar ] || { echo "npx: only trocar is known here" >&2; exit 2; }\nshift\nexec trocar "$@"');
  for (const name of ['examples', 'fixtures']) {
    if (existsSync(join(root, name))) cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  if (existsSync(join(root, 'node_modules'))) symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const path = [bin, dirname(process.execPath), process.env.PATH].join(delimiter);
  return { PATH: path, HOME: folder, TROCAR_HOME: join(folder, '.trocar'), NO_COLOR: '1', LANG: 'C.UTF-8' };
}

/** Why a block is wrong, or undefined. */
function executeBlock({ root, folder, env, block, expected }) {
  let command;
  if (block.language === 'js') {
    if (expected === undefined) return 'is a js block without the text block that says what it prints';
    writeFileSync(join(folder, 'example.mjs'), block.text);
    command = [process.execPath, 'example.mjs'];
  } else {
    const { missing, rest } = withoutNpm(root, block.text, expected !== undefined);
    if (missing !== undefined) return missing;
    if (rest.trim() === '') return expected === undefined ? undefined : 'has an output that nothing is compared with';
    command = ['bash', '-e', '-o', 'pipefail', '-c', rest];
  }
  const [program, ...args] = command;
  // One file for both streams, so that the order is what a reader would see.
  const merged = spawnSync('sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...args], {
    cwd: folder,
    env,
    encoding: 'utf8',
    timeout: BLOCK_TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const wanted = Number(/\bexit=(\d+)/.exec(block.note)?.[1] ?? 0);
  if (merged.status !== wanted) return `ended with ${merged.status ?? merged.signal}, not ${wanted}:\n${merged.stdout}`;
  if (expected === undefined || isExpected(merged.stdout, expected)) return undefined;
  return `printed something else than it says:\n${merged.stdout}`;
}

/**
 * Takes the lines for npm out of a script, and says what one of them names but is not there. Where the output is compared,
 * `npm start` becomes what it runs once everything is built.
 */
function withoutNpm(root, script, isCompared) {
  const { scripts = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const published = readPackages(root).map(({ manifest }) => manifest.name);
  const kept = [];
  for (const line of script.split('\n')) {
    const parts = line
      .replace(/\s+#.*$/, '')
      .split('&&')
      .map((part) => part.trim());
    if (!parts.every((part) => /^npm\s/.test(part))) {
      kept.push(line);
      continue;
    }
    for (const part of parts) {
      const [, verb, ...names] = part.split(/\s+/);
      const missing = missingForNpm({ root, scripts, published, verb, names });
      if (missing !== undefined) return { missing: `says "${part}", but ${missing}`, rest: '' };
      if (verb === 'start' && isCompared) {
        const given = names.filter((name) => name !== '--').join(' ');
        kept.push(`"${process.execPath}" "${join(root, 'scripts/start.mjs')}" ${given}`);
      }
    }
  }
  return { missing: undefined, rest: kept.join('\n') };
}

function missingForNpm({ root, scripts, published, verb, names }) {
  if (verb === 'ci') return existsSync(join(root, 'package-lock.json')) ? undefined : 'there is no lock';
  if (verb === 'install' || verb === 'i') {
    const unknown = names.filter((name) => !name.startsWith('-') && !published.includes(name));
    return unknown.length === 0 ? undefined : `${unknown.join(', ')} is not published from here`;
  }
  const script = verb === 'run' ? names[0] : verb;
  return script in scripts ? undefined : `there is no script ${script}`;
}

/**
 * Whether a text is what was expected, with `…` for anything on a line and a line of `…` for any lines.
 * @param {string} printed
 * @param {string} expected
 */
export function isExpected(printed, expected) {
  const tidy = (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd());
  const pattern = tidy(expected)
    .map((line) => (line.trim() === '…' ? '(?:[^\\n]*\\n)*?' : `${line.split('…').map(escaped).join('[^\\n]*?')}\\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${tidy(printed).join('\n')}\n`);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const fence = (info, text) => `\`\`\`${info}\n${text}\n\`\`\`\n`;
const treeWith = (markdown) => ({
  'package.json': '{"scripts":{"test":"true","start":"node scripts/start.mjs"}}',
  'scripts/start.mjs': "console.log('started at', Date.now());\n",
  'packages/core/package.json': '{"name":"@trocar/core"}',
  'packages/core/README.md': markdown,
});
const ONE_JS = fence('js', 'console.log("took", 5, "ms");');

const CASES = [
  { name: 'right', files: treeWith(ONE_JS + fence('text', 'took … ms')), expects: undefined },
  {
    name: 'lines',
    files: treeWith(fence('sh', 'printf "a\\nb\\nc\\n"') + fence('text', 'a\n…\nc')),
    expects: undefined,
  },
  { name: 'wrong', files: treeWith(ONE_JS + fence('text', 'took 6 ms')), expects: 'printed something else' },
  { name: 'silent', files: treeWith(ONE_JS), expects: 'without the text block' },
  { name: 'throws', files: treeWith(fence('js', 'throw 1;') + fence('text', '…')), expects: 'ended with 1, not 0' },
  { name: 'fails', files: treeWith(fence('sh', 'false\ntrue')), expects: 'ended with 1, not 0' },
  { name: 'exit', files: treeWith(fence('sh exit=3', 'exit 3')), expects: undefined },
  { name: 'no reason', files: treeWith(fence('sh no-run', 'true')), expects: 'without a reason' },
  { name: 'nothing', files: treeWith(fence('sh no-run: for the reader', 'true')), expects: 'no block was executed' },
  { name: 'script', files: treeWith(fence('sh', 'npm test && npm run lint')), expects: 'there is no script lint' },
  { name: 'lock', files: treeWith(fence('sh', 'npm ci && npm test')), expects: 'there is no lock' },
  {
    name: 'stranger',
    files: treeWith(fence('sh', 'npm install @trocar/other')),
    expects: 'is not published from here',
  },
  { name: 'start', files: treeWith(fence('sh', 'npm start') + fence('text', 'started …')), expects: undefined },
  {
    name: 'not started',
    files: treeWith(fence('sh', 'npm start') + fence('text', 'nothing')),
    expects: 'something else',
  },
  {
    name: 'npm output',
    files: treeWith(fence('sh', 'npm test') + fence('text', 'ok')),
    expects: 'nothing is compared',
  },
  { name: 'link', files: treeWith(`[there](docs/x.md)\n${fence('sh', 'true')}`), expects: 'which is not there' },
  { name: 'open', files: treeWith('```sh\ntrue\n'), expects: 'never ends' },
  { name: 'long', files: treeWith(`${fence('sh', 'true') + '\n'.repeat(120)}end`), expects: 'lines, not 1 to 120' },
];

if (process.argv.includes('--self-check')) {
  await selfCheck('docs', CASES, checkDocs);
} else {
  const result = checkDocs(ROOT);
  for (const note of result.notes) process.stdout.write(`docs: ${note}\n`);
  reportVerdict('docs', result);
}
