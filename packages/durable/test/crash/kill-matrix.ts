import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSeededRandom } from '@trocar/core';
import { verifyJournal } from '../../src/index.js';
import { query } from '../scratch.js';

const childPath = fileURLToPath(new URL('./child.mjs', import.meta.url));

/** How many runs the child starts. */
const runCount = 4;

/** What became of one store that was killed again and again until its runs were finished. */
export interface KillReport {
  readonly kills: number;
  /** Effects of steps whose entry was committed before: must stay empty. */
  readonly repeated: readonly string[];
  /** Entries that were committed once and are gone: must stay empty. */
  readonly lost: readonly string[];
  /** Verdicts that were not ok: must stay empty. */
  readonly refused: readonly unknown[];
  readonly outputs: readonly unknown[];
}

/** What is killed, when, and how often. */
export interface KillOptions {
  readonly folder: string;
  readonly seed: string;
  readonly maximumKills: number;
  /** How many processes share the store at the same time. */
  readonly workers: number;
}

/** Kills processes on one store at seeded moments until they have finished its runs. */
export async function runKillMatrix({ folder, seed, maximumKills, workers }: KillOptions): Promise<KillReport> {
  const random = createSeededRandom(seed);
  const repeated: string[] = [];
  const lost: string[] = [];
  const refused: unknown[] = [];
  let committed = new Map<string, string>();
  let effectsSeen = 0;
  let kills = 0;
  for (;;) {
    const delays = Array.from({ length: workers }, () =>
      kills < maximumKills ? (Buffer.from(random.bytes(2)).readUInt16BE() / 65_536) * 40 : undefined,
    );
    const children = await Promise.all(delays.map((delayMs) => runChild(folder, delayMs)));
    const publicKey = children.find((child) => child.publicKey !== undefined)?.publicKey;
    kills += children.filter(({ isDone }) => !isDone).length;
    const effects = readEffects(folder);
    for (const stepId of effects.slice(effectsSeen)) if (committed.has(stepId)) repeated.push(stepId);
    effectsSeen = effects.length;
    const now = readCommitted(folder);
    for (const [stepId, body] of committed) if (now.get(stepId) !== body) lost.push(stepId);
    committed = now;
    if (publicKey !== undefined && existsSync(join(folder, 'witness', 'checkpoints'))) {
      const witnessPath = join(folder, 'witness', 'checkpoints');
      const verdict = await verifyJournal({ path: join(folder, 'store.db'), publicKey, witnessPath });
      if (!verdict.ok) refused.push(verdict);
    }
    const outputs = readOutputs(folder);
    if (outputs.length === runCount) return { kills, repeated, lost, refused, outputs };
  }
}

/** Runs the child; kills it `delayMs` after its store is open, unless it is done before. */
function runChild(
  folder: string,
  delayMs: number | undefined,
): Promise<{ isDone: boolean; publicKey: string | undefined }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [childPath, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === '' && delayMs !== undefined) setTimeout(() => child.kill('SIGKILL'), delayMs);
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (signal === null && code !== 0) reject(new Error(`The child failed: ${errors}`));
      else resolve({ isDone: /^done$/m.test(output), publicKey: /^ready (\S+)$/m.exec(output)?.[1] });
    });
  });
}

function readEffects(folder: string): string[] {
  const path = join(folder, 'effects');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function readCommitted(folder: string): Map<string, string> {
  const committed = new Map<string, string>();
  for (const { body } of query(folder, 'SELECT body FROM entries ORDER BY position')) {
    const { kind, run, index } = JSON.parse(String(body));
    if (kind === 'step-completed') committed.set(`${run}/${index}`, String(body));
  }
  return committed;
}

function readOutputs(folder: string): unknown[] {
  const rows = query(folder, 'SELECT body FROM entries ORDER BY run, position');
  const entries = rows.map(({ body }) => JSON.parse(String(body)));
  return entries.filter(({ kind }) => kind === 'run-completed').map(({ content }) => content.output.values);
}
