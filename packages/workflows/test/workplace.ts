import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createDefaultPolicy, type Policy } from '@trocar/plane';
import { openPort, type Port } from '../src/index.js';

/** A project folder and a state folder in the temporary directory. */
export interface Workplace extends AsyncDisposable {
  readonly root: string;
  readonly home: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** Opens a port on the state folder, by default for `local:ada` and the project. */
  open(policy?: Policy): Promise<Port>;
}

export async function openWorkplace(files: Readonly<Record<string, string>> = {}): Promise<Workplace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'trocar-port-')));
  const root = join(base, 'project');
  const home = join(base, 'home');
  const write: Workplace['write'] = async (contents) => {
    for (const [path, text] of Object.entries(contents)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
  };
  await mkdir(root);
  await write(files);
  return {
    root,
    home,
    write,
    open: (policy = createDefaultPolicy({ identity: 'local:ada', roots: [root] })) =>
      openPort({ home, policy, workingFolder: root }),
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}
