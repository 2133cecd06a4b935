import { setTimeout as sleep } from 'node:timers/promises';
import { isTrocarError } from '@trocar/core';
import type { Engine } from '@trocar/durable';
import { PortError } from './errors.js';

const pollMs = 50;
const patienceMs = 60_000;

/**
 * Sees to it that a run that has got its decision comes to its end: drives it here, or waits for the process that
 * already drives it, an agent's server for example.
 *
 * @throws {PortError} `run-stuck` when that other process does not finish the run within a minute.
 */
export async function driveToEnd(engine: Engine, run: string): Promise<void> {
  try {
    await (await engine.resume(run)).closed();
  } catch (error) {
    if (!isTrocarError(error) || error.code !== 'run-held') throw error;
    await waitForHolder(engine, run);
  }
}

async function waitForHolder(engine: Engine, run: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
    const { status } = engine.run(run).summary;
    if (status !== 'running' && status !== 'waiting') return;
    await sleep(pollMs);
  }
  throw new PortError('run-stuck', `The process that drives ${run} does not finish it. End that process and resume.`);
}
