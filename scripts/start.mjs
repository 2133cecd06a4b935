/**
 * `npm start [-- DIR [OPTIONS]]`: Trocar's main job. Without a folder it works on a fresh copy of the bundled example,
 * with the changes approved beforehand, so that the checkout stays as it is.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['--yes', copyExample()];
// npm runs scripts in the workspace's folder; relative names are meant from where the user typed the command.
const cwd = process.env.INIT_CWD ?? process.cwd();

const { status, signal } = spawnSync(
  process.execPath,
  [join(root, 'packages/cli/bin/trocar.mjs'), 'operate', ...args],
  // So that hints name the command that works in a checkout, also when this file was not started by npm.
  { cwd, stdio: 'inherit', env: { npm_lifecycle_event: 'start', ...process.env } },
);
process.exitCode = signal === null ? (status ?? 70) : 130;

function copyExample() {
  const copy = join(mkdtempSync(join(tmpdir(), 'trocar-')), 'parcel-desk');
  cpSync(resolve(root, 'examples/parcel-desk'), copy, { recursive: true });
  process.stderr.write(`A fresh copy of examples/parcel-desk: ${copy}\n`);
  return copy;
}
