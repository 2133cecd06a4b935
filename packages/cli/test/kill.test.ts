import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSeededRandom } from '@trocar/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTree, writeSmallProject } from './small-project.js';
import { type ProcessResult, runTrocar } from './trocar-process.js';

const points = 50;
const stepsOfOperate = 9;

let base: string;
let expected: Record<string, string>;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'trocar-kill-'));
  const { home, folder } = await prepare('undisturbed');
  expect((await runTrocar(['operate', '--yes', folder], { home })).code).toBe(0);
  expected = await readTree(folder);
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('kill -9 in the middle of operate', () => {
  it(`leaves the same tree after resume, at ${points} seeded points`, { timeout: 400_000 }, async () => {
    const random = createSeededRandom('operate');
    const killed: number[] = [];
    const lanes = [0, 1].map(async (lane) => {
      for (let point = lane; point < points; point += 2) {
        if (await tryPoint(point, random.bytes(2))) killed.push(point);
      }
    });
    await Promise.all(lanes);
    // A point after the last step can come too late to hit the process alive; nearly all of them must not.
    expect(killed.length).toBeGreaterThan(points * 0.7);
  });
});

/** Kills a run after a number of finished steps and a few milliseconds, resumes it, and checks everything. */
async function tryPoint(point: number, [steps = 0, delay = 0]: Uint8Array): Promise<boolean> {
  const { home, folder } = await prepare(`point-${point}`);
  const original = await readTree(folder);
  const [after, pauseMs] = [steps % stepsOfOperate, delay % 25];
  const first = await runAndKill(home, folder, after, pauseMs);
  // A file that was being written may lie beside its target until the run is resumed; the targets are never half.
  const interim = withoutDrafts(await readTree(folder));
  const where = `point ${point}: ${after} steps and ${pauseMs} ms`;
  expect([original, expected], `${where}: the tree is before or after, never between`).toContainEqual(interim);

  await runTrocar(['resume'], { home });
  const listed = JSON.parse((await runTrocar(['runs', '--json'], { home })).output) as {
    runs: { runId: string; status: string }[];
  };
  if (listed.runs.length === 0) await runTrocar(['operate', '--yes', folder], { home });
  expect(await readTree(folder), where).toEqual(expected);

  const verdict = await runTrocar(['verify', '--json'], { home });
  expect(JSON.parse(verdict.output), where).toMatchObject({ ok: true });
  for (const { runId } of listed.runs) await expectEachStepOnce(home, runId, where);
  await rm(join(base, `point-${point}`), { recursive: true });
  return first.signal === 'SIGKILL';
}

function withoutDrafts(tree: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !/(^|\/)\.trocar-\w+\.tmp$/.test(path)));
}

async function expectEachStepOnce(home: string, run: string, where: string): Promise<void> {
  const shown = JSON.parse((await runTrocar(['runs', run, '--json'], { home })).output) as {
    log: { kind: string; index?: number }[];
  };
  const completed = shown.log.filter(({ kind }) => kind === 'step-completed').map(({ index }) => index);
  expect(new Set(completed).size, `${where}: no committed step ran twice`).toBe(completed.length);
}

function runAndKill(home: string, folder: string, steps: number, delayMs: number): Promise<ProcessResult> {
  let isArmed = true;
  const strike = async (child: ChildProcess, afterMs: number) => {
    isArmed = false;
    await sleep(afterMs);
    child.kill('SIGKILL');
  };
  return runTrocar(['operate', '--yes', folder], {
    home,
    // Before the first step: somewhere between the start of Node and the opening of the journal.
    onStart: (child) => void (steps === 0 && strike(child, delayMs * 10)),
    onNotes: (child, notes) => void (isArmed && notes.split('\n').length > steps && strike(child, delayMs)),
  });
}

async function prepare(name: string): Promise<{ home: string; folder: string }> {
  const home = join(base, name, 'home');
  const folder = join(base, name, 'shop');
  await writeSmallProject(folder);
  return { home, folder };
}
