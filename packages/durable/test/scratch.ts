import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeededRandom } from '@trocar/core';
import Libsql from 'libsql';
import { afterEach } from 'vitest';
import {
  type Engine,
  type EngineOptions,
  openEngine,
  type StepRegistry,
  type WorkflowDefinition,
} from '../src/index.js';

const folders: string[] = [];
const engines: Engine[] = [];

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'durable-'));
  folders.push(folder);
  return folder;
}

/** Steps that most tests need. */
export const plainSteps: StepRegistry = {
  echo: async (input) => ({ output: input }),
  double: async (input) => ({ output: 2 * Number(input), attributes: { tool: 'double' } }),
  fail: async (input) => {
    throw new Error(String(input));
  },
};

/** An engine that is closed after the test. `random` is seeded unless given. */
export async function openTestEngine(
  folder: string,
  workflows: readonly WorkflowDefinition[],
  options: Partial<EngineOptions> = {},
): Promise<Engine> {
  const engine = await openEngine({ path: join(folder, 'store.db'), workflows, steps: plainSteps, ...options });
  engines.push(engine);
  return engine;
}

/** Runs SQL on a store behind the journal's back, with every protection of SQLite switched off. */
export function tamper(folder: string, ...statements: readonly string[]): void {
  const database = new Libsql(join(folder, 'store.db'));
  try {
    for (const sql of statements) database.exec(sql);
  } finally {
    database.close();
  }
}

/** Rows as plain objects; blobs as buffers. */
export function query(folder: string, sql: string): Record<string, unknown>[] {
  const database = new Libsql(join(folder, 'store.db'));
  try {
    const statement = database.prepare(sql);
    const names = statement.columns().map(({ name }) => name);
    const rows = [...statement.raw(true).iterate()] as unknown[][];
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
  } finally {
    database.close();
  }
}

/** Repeatable randomness for a test. */
export const seeded = (seed: string) => createSeededRandom(seed);

/** Waits until `condition` holds; fails after ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !condition(); ) {
    if (Date.now() > end) throw new Error('The condition did not come true in time.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
