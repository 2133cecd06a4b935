import { dirname, resolve } from 'node:path';
import { createId, silentLogger, systemClock, systemRandom } from '@trocar/core';
import { openJournal } from '../journal/journal.js';
import { assertName } from '../workflow/definition.js';
import { EmbeddedEngine } from './embedded-engine.js';
import type { Engine, EngineOptions } from './engine.js';
import { createHolderLock } from './holder-lock.js';

const defaultLockTimeoutMs = 5_000;

/**
 * Opens a store and an engine on it; `close` (or `await using`) ends it.
 *
 * @throws {DurableError} see `openJournal` for what can be wrong with a store; `name-invalid` for a step's name.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  for (const name of Object.keys(options.steps)) assertName('step', name);
  const path = resolve(options.path);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const logger = options.logger ?? silentLogger;
  const journal = await openJournal({
    path,
    keyFolder: resolve(options.keyFolder ?? dirname(path)),
    witnessPath: options.witnessPath === undefined ? undefined : resolve(options.witnessPath),
    maxStoreBytes: options.maxStoreBytes,
    lockTimeoutMs: options.lockTimeoutMs ?? defaultLockTimeoutMs,
    sealing: options.sealing,
    clock,
    logger,
  });
  const id = createId('engine', clock, random);
  const lock = createHolderLock(`${path}-holders`, id);
  return new EmbeddedEngine({ ...options, clock, random, logger }, journal, lock, id);
}
