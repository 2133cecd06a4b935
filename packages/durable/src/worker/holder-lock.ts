import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DurableError } from '../errors.js';
import { type Database, openDatabase } from '../journal/database.js';

const idPattern = /^[A-Za-z0-9-]{1,100}$/;

/**
 * Shows other engines that this one is alive, and asks whether they are.
 *
 * A lock of the operating system, held through SQLite: it vanishes with the process, also after `kill -9`, so that
 * nobody has to wait for a lease to run out, and a process that is merely slow is never taken for dead.
 */
export interface HolderLock {
  /** Takes the lock, at the first call. */
  hold(): Promise<void>;
  /** Looks which of these holders live; then {@link isAlive} knows. */
  probe(holders: Iterable<string>): Promise<void>;
  /** Whether a probed holder lives. One that was not probed counts as alive. */
  isAlive(holder: string): boolean;
  release(): void;
}

/** The lock of the engine `id` in `folder`. */
export function createHolderLock(folder: string, id: string): HolderLock {
  let held: Promise<Database> | undefined;
  let connection: Database | undefined;
  const dead = new Set<string>();
  const pathOf = (holder: string) => join(folder, `${holder}.lock`);
  return {
    async hold() {
      held ??= take(folder, pathOf(id));
      connection = await held;
    },
    async probe(holders) {
      for (const holder of new Set(holders)) {
        // An id that no engine would make comes from damage; nobody can hold it.
        if (holder === id || dead.has(holder)) continue;
        if (!idPattern.test(holder) || !(await isLocked(pathOf(holder)))) dead.add(holder);
      }
    },
    isAlive: (holder) => holder !== id && !dead.has(holder),
    release() {
      if (connection === undefined) return;
      connection.close();
      remove(pathOf(id));
      connection = undefined;
      held = undefined;
    },
  };
}

async function take(folder: string, path: string): Promise<Database> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = await openDatabase({ path, readOnly: false, busyTimeoutMs: 0 });
  database.exec('BEGIN EXCLUSIVE');
  return database;
}

async function isLocked(path: string): Promise<boolean> {
  if (!existsSync(path)) return false;
  let database: Database | undefined;
  try {
    database = await openDatabase({ path, readOnly: false, busyTimeoutMs: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    return error instanceof DurableError && error.code === 'store-locked';
  } finally {
    database?.close();
  }
  remove(path);
  return false;
}

function remove(path: string): void {
  for (const suffix of ['', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}
