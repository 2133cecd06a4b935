import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestBytes, toProblem } from '@trocar/core';
import type { AttackReport } from '../result/attack-report.js';

interface OverlayAttack {
  readonly name: string;
  readonly what: string;
  /** The status or the code of the problem that has to come of it, with nothing written. */
  readonly expected: 'path-refused' | 'conflict';
  /** Where the write is aimed at, as a path in the change set. */
  readonly path: string;
  prepare?(root: string, outside: string): Promise<void>;
  /** The digest that the change set expects before; default: the file does not exist. */
  readonly before?: string;
}

const oldText = 'old\n';

const attacks: readonly OverlayAttack[] = [
  { name: 'parent-folder', what: 'write to ../outside/file', path: '../outside/file', expected: 'path-refused' },
  {
    name: 'hidden-parent',
    what: 'write to a/../../outside/file',
    path: 'a/../../outside/file',
    expected: 'path-refused',
  },
  { name: 'absolute-path', what: 'write to an absolute path', path: '/outside/file', expected: 'path-refused' },
  {
    name: 'linked-folder',
    what: 'write through a symbolic link that leads out of the folder',
    path: 'link/file',
    expected: 'path-refused',
    prepare: (root, outside) => symlink(outside, join(root, 'link')),
  },
  {
    name: 'linked-file',
    what: 'write to a symbolic link that leads to a file outside',
    path: 'link',
    expected: 'path-refused',
    before: oldText,
    prepare: async (root, outside) => {
      await writeFile(join(outside, 'file'), oldText);
      await symlink(join(outside, 'file'), join(root, 'link'));
    },
  },
  {
    name: 'changed-meanwhile',
    what: 'write over a file that somebody changed after the plan',
    path: 'file',
    expected: 'conflict',
    before: oldText,
    prepare: (root) => writeFile(join(root, 'file'), 'changed by somebody\n'),
  },
];

/** Tries to make the overlay write where or what it must not, in a temporary folder of its own. */
export async function runOverlayAttacks(): Promise<AttackReport[]> {
  const reports: AttackReport[] = [];
  for (const attack of attacks) reports.push(await runAttack(attack));
  return reports;
}

async function runAttack(attack: OverlayAttack): Promise<AttackReport> {
  const { applyToFolder } = await import('@trocar/code');
  const base = await mkdtemp(join(tmpdir(), 'trocar-attack-'));
  try {
    const [root, outside] = [join(base, 'root'), join(base, 'outside')];
    await mkdir(root);
    await mkdir(outside);
    await attack.prepare?.(root, outside);
    const untouched = await contentsOf(base);
    const evil = new TextEncoder().encode('written by the attack\n');
    const before = attack.before === undefined ? ('absent' as const) : digestBytes(attack.before);
    const changes = { files: [{ path: attack.path, before, after: digestBytes(evil), edits: [] }] };
    const observed = await applyToFolder(root, changes, new Map([[attack.path, evil]]), {
      undoFolder: join(base, 'undo'),
    })
      .then(({ status }) => status)
      .catch((error: unknown) => toProblem(error).code);
    await rm(join(base, 'undo'), { recursive: true, force: true });
    const isUntouched = (await contentsOf(base)) === untouched;
    const { name, what, expected } = attack;
    return { target: 'overlay', name, what, expected, observed, ok: observed === expected && isUntouched };
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

async function contentsOf(folder: string): Promise<string> {
  const parts: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    parts.push(`${path}\n${entry.isFile() ? await readFile(path, 'utf8') : ''}`);
  }
  return parts.sort().join('\0');
}
