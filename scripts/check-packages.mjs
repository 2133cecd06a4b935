/**
 * Checks what a user would get: packs every package, lints each tarball, installs all of them into an empty folder as npm
 * does it for a user, imports every entry, and does a small job with the installed command line.
 *
 * `--self-check` proves on small workspaces that the lints and the import can fail.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderSize } from './folder-size.mjs';
import { smokeTest } from './smoke-test.mjs';
import { reportVerdict, selfCheck } from './verdict.mjs';
import { ROOT, readPackages } from './workspace.mjs';

const SIZE_LIMIT_BYTES = 80_000_000;
const NPM_QUIET = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];

/**
 * @param {string} root
 * @param {(folder: string) => string[]} smoke what to try in the folder where everything is installed
 */
export function checkPackages(root, smoke = smokeTest) {
  const out = realpathSync(mkdtempSync(join(tmpdir(), 'trocar-packed-')));
  const problems = [];
  const notes = [];
  let entryCount = 0;
  const packages = readPackages(root).filter(({ manifest }) => manifest.private !== true);
  try {
    const tarballs = packAll(root, out, packages);
    for (const { name, file, sizeBytes } of tarballs) {
      notes.push(`${name} ${(sizeBytes / 1000).toFixed(0)} kB packed`);
      problems.push(...lint(name, 'publint', ['run', file, '--strict']));
      problems.push(
        ...lint(name, 'attw', [file, '--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii']),
      );
    }
    const folder = join(out, 'installed');
    const failed = install(folder, tarballs);
    if (failed !== undefined) problems.push(failed);
    else {
      const sizeBytes = folderSize(join(folder, 'node_modules'));
      notes.push(`installed ${(sizeBytes / 1e6).toFixed(1)} MB of at most ${SIZE_LIMIT_BYTES / 1e6} MB`);
      if (sizeBytes > SIZE_LIMIT_BYTES) problems.push('what a user installs is too large');
      for (const { manifest } of packages) {
        for (const entry of Object.keys(manifest.exports ?? {})) {
          entryCount += 1;
          problems.push(...importEntry(folder, `${manifest.name}${entry.slice(1)}`));
        }
      }
      problems.push(...smoke(folder));
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
  if (entryCount === 0) problems.push('no entry was imported');
  return { read: `${packages.length} packages packed, ${entryCount} entries imported`, problems, notes };
}

function packAll(root, out, packages) {
  const args = ['pack', '--json', '--pack-destination', out, '--loglevel=error'];
  for (const { manifest } of packages) args.push('--workspace', manifest.name);
  const packed = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 }));
  return packed.map(({ name, filename, size }) => ({ name, file: join(out, filename), sizeBytes: size }));
}

function lint(name, tool, args) {
  const done = spawnSync(join(ROOT, 'node_modules/.bin', tool), args, { encoding: 'utf8' });
  return done.status === 0 ? [] : [`${tool} refuses ${name}:\n${done.stdout}${done.stderr}`];
}

function install(folder, tarballs) {
  mkdirSync(folder);
  const dependencies = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const args = ['install', '--omit=dev', '--prefer-offline', ...NPM_QUIET];
  const done = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
  return done.status === 0 ? undefined : `npm install of the tarballs failed:\n${done.stdout}${done.stderr}`;
}

function importEntry(folder, specifier) {
  const script = `const names = Object.keys(await import(${JSON.stringify(specifier)}));
    if (names.length === 0) throw new Error('it exports nothing');`;
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' });
  return done.status === 0 ? [] : [`import of ${specifier} failed:\n${done.stderr}`];
}

/** A workspace of one package with the given entry, as it would be published. */
function workspaceOf({ main = './dist/index.js', types = './dist/index.d.ts', source = 'export const a = 1;\n' }) {
  const manifest = {
    name: '@trocar-check/one',
    version: '0.1.0',
    license: 'Apache-2.0',
    type: 'module',
    files: ['dist'],
    exports: { '.': { types, default: main } },
  };
  return {
    'package.json': JSON.stringify({ private: true, workspaces: ['packages/*'] }),
    'packages/one/package.json': JSON.stringify(manifest),
    'packages/one/dist/index.js': source,
    'packages/one/dist/index.d.ts': 'export declare const a: number;\n',
  };
}

const CASES = [
  { name: 'clean', files: workspaceOf({}), expects: undefined },
  { name: 'absent file', files: workspaceOf({ main: './dist/other.js' }), expects: 'publint refuses' },
  { name: 'absent types', files: workspaceOf({ types: './dist/other.d.ts' }), expects: 'attw refuses' },
  {
    name: 'undeclared',
    files: workspaceOf({ source: "export * from 'zod';\n" }),
    expects: 'import of @trocar-check/one failed',
  },
  { name: 'hollow', files: workspaceOf({ source: 'export {};\n' }), expects: 'it exports nothing' },
];

if (process.argv.includes('--self-check')) {
  await selfCheck('packages', CASES, (root) => checkPackages(root, () => []));
} else {
  const result = checkPackages(ROOT);
  for (const note of result.notes) process.stdout.write(`packages: ${note}\n`);
  reportVerdict('packages', result);
}
