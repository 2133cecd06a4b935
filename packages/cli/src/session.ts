import { mkdir } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Identity, Policy } from '@trocar/plane';
import type { Port } from '@trocar/workflows';
import { UsageError } from './errors.js';
import { findHome } from './home.js';
import type { Terminal } from './terminal.js';

/** A command's access to the product: who is asking, and the port to ask. */
export interface Session extends AsyncDisposable {
  readonly identity: Identity;
  readonly port: Port;
}

/** What the command is about to touch, for the policy that holds where the operator has written none. */
export interface SessionOptions {
  /** Absolute canonical folders or files that the user named. */
  readonly roots: readonly string[];
  readonly allowWrites?: boolean;
  /** What relative paths in tool inputs are relative to; default: the terminal's folder. */
  readonly workingFolder?: string;
}

/** The identity of the local user. */
export function localIdentity({ userName }: Terminal): Identity {
  return `local:${userName.replace(/[^\w.@-]/g, '_')}`;
}

/** All folders of this machine: what a local user may name. On Windows those of the drive that the user works on. */
export function everyFolder({ workingFolder }: Terminal): string[] {
  return [parse(workingFolder).root];
}

/** Opens the port in the user's state folder, under the operator's policy or the built-in one. */
export async function openSession(terminal: Terminal, options: SessionOptions, as?: Identity): Promise<Session> {
  const { openPort } = await import('@trocar/workflows');
  const home = findHome(terminal);
  await makeHome(home);
  const identity = as ?? localIdentity(terminal);
  const policy = await readPolicy(home, identity, options);
  const port = await openPort({ home, policy, workingFolder: options.workingFolder ?? terminal.workingFolder });
  return { identity, port, [Symbol.asyncDispose]: () => port[Symbol.asyncDispose]() };
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`The state folder ${home} cannot be made (${code}). Set TROCAR_HOME to a folder of yours.`);
  }
}

async function readPolicy(home: string, identity: Identity, { roots, allowWrites }: SessionOptions): Promise<Policy> {
  const { createDefaultPolicy, parsePolicy, PlaneError } = await import('@trocar/plane');
  const { readFile } = await import('node:fs/promises');
  let text: string;
  try {
    text = await readFile(join(home, 'policy.json'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return createDefaultPolicy({ identity, roots, ...(allowWrites !== undefined && { allowWrites }) });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new PlaneError('invalid-policy', 'policy.json in the state folder is not JSON.', { cause });
  }
  return parsePolicy(value);
}
