import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Digest, digestBytes, systemClock } from '@trocar/core';
import { createDefaultPolicy, createPlane, type Plane } from '@trocar/plane';
import { openSandbox, type Sandbox } from '@trocar/sandbox';
import { createTools, type Engines } from '../src/index.js';

/** A folder in the temporary directory, and the tools on a plane that may read and write it. */
export interface Bench extends AsyncDisposable {
  readonly root: string;
  readonly base: string;
  readonly engines: Engines;
  readonly plane: Plane;
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  /** Calls a tool as the local user and gives its output. */
  call<Output>(tool: string, input: object): Promise<Output>;
}

/** `grantBase` grants the folder above the project as well. */
export async function openBench(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  grantBase = false,
): Promise<Bench> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'trocar-tools-')));
  const root = join(base, 'project');
  await mkdir(root);
  const blobs = new Map<Digest, Uint8Array>();
  let opened: Promise<Sandbox> | undefined;
  const engines: Engines = {
    blobs: {
      put(content) {
        const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
        const digest = digestBytes(bytes);
        blobs.set(digest, bytes);
        return digest;
      },
      get(digest) {
        const bytes = blobs.get(digest);
        if (bytes === undefined) throw new Error(`no blob ${digest}`);
        return bytes;
      },
    },
    sandbox: () => {
      opened ??= openSandbox();
      return opened;
    },
    undoFolder: (run) => join(base, 'undo', run),
    stateFolder: join(base, 'state'),
    workingFolder: root,
  };
  const policy = createDefaultPolicy({ identity: 'local:ada', roots: [grantBase ? base : root], allowWrites: true });
  const plane = createPlane({ tools: createTools(engines), policy, clock: systemClock });
  const write: Bench['write'] = async (contents) => {
    for (const [path, content] of Object.entries(contents)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
  };
  await write(files);
  let runs = 0;
  return {
    root,
    base,
    engines,
    plane,
    write,
    async call<Output>(tool: string, input: object): Promise<Output> {
      runs += 1;
      const context = {
        identity: 'local:ada' as const,
        runId: `run-${runs}`,
        used: {},
        signal: new AbortController().signal,
      };
      return (await plane.call(tool, input, context)).output as Output;
    },
    async [Symbol.asyncDispose]() {
      await (await opened)?.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
