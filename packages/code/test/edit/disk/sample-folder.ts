import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { digestBytes } from '@trocar/core';
import type { ChangeSet, FileChange } from '../../../src/edit/change-set.js';

/** A folder with files, a place for undo copies beside it, and a change set over them. */
export interface SampleFolder extends AsyncDisposable {
  readonly root: string;
  readonly undoFolder: string;
  readonly changeSet: ChangeSet;
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Text of each file below the root; temporary files show up as what they are. */
  list(): Promise<Record<string, string>>;
}

export const sampleBefore: Readonly<Record<string, string>> = {
  'app.js': 'let a = 1;\n',
  'deep/er/b.py': 'b = 1\r\n',
  'untouched.txt': 'stays\n',
};
export const sampleAfter: Readonly<Record<string, string>> = {
  'app.js': 'let a = 2;\n',
  'deep/er/b.py': 'b = 2\r\n',
  'new/folder/c.js': 'created\n',
  'untouched.txt': 'stays\n',
};

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** Makes the folder under the system's temporary folder; it is removed when disposed of. */
export async function openSampleFolder(): Promise<SampleFolder> {
  const place = await mkdtemp(join(tmpdir(), 'trocar-edit-'));
  const root = join(place, 'tree');
  await mkdir(root);
  for (const [path, text] of Object.entries(sampleBefore)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const { changeSet, contents } = toChange(sampleBefore, sampleAfter);
  return {
    root,
    undoFolder: join(place, 'state', 'undo'),
    changeSet,
    contents,
    list: () => listFiles(root),
    [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true }),
  };
}

/** The change set that leads from some texts to others. */
export function toChange(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  const contents = new Map<string, Uint8Array>();
  const files: FileChange[] = [];
  for (const [path, text] of Object.entries(after).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const old = before[path];
    if (old === text) continue;
    contents.set(path, bytesOf(text));
    files.push({
      path,
      before: old === undefined ? 'absent' : digestBytes(old),
      after: digestBytes(text),
      edits: [{ start: 0, end: old?.length ?? 0, text }],
    });
  }
  return { changeSet: { files } satisfies ChangeSet, contents };
}

async function listFiles(folder: string, prefix = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if ((await lstat(path)).isDirectory()) {
      const inner = await listFiles(path, `${prefix}${name}/`);
      if (Object.keys(inner).length === 0) found[`${prefix}${name}/`] = '';
      Object.assign(found, inner);
    } else {
      found[prefix + name] = await readFile(path, 'utf8');
    }
  }
  return found;
}
