import { join } from 'node:path';
import type { JsonValue } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import {
  type Engine,
  openEngine,
  type RunHandle,
  type StepRegistry,
  verifyJournal,
  type WorkflowDefinition,
} from '../../src/index.js';
import { createFolder } from '../scratch.js';
import type { ConformanceEngine } from './case.js';
import { conformanceCases } from './cases.js';

/** The embedded engine on a store of its own. */
async function createEmbedded(folder: string, workflows: readonly WorkflowDefinition[], steps: StepRegistry) {
  const path = join(folder, 'store.db');
  let engine = await openEngine({ path, workflows, steps });
  const reopen = async (runId: string, next: readonly WorkflowDefinition[]) => {
    await engine.close();
    engine = await openEngine({ path, workflows: next, steps });
    return engine.resume(runId);
  };
  const harness: ConformanceEngine = {
    start: (workflow, input: JsonValue, runId?: string) =>
      engine.start(workflow, input, runId === undefined ? {} : { runId }) as Promise<RunHandle>,
    signal: (runId, name, payload) => engine.signal(runId, name, payload),
    cancel: (runId, reason) => engine.cancel(runId, reason === undefined ? {} : { reason }),
    restart: (runId) => reopen(runId, workflows),
    redeploy: reopen,
    kinds: (runId) =>
      engine
        .run(runId)
        .entries.map(({ kind }) => kind)
        .filter((kind) => kind !== 'run-resumed' && kind !== 'run-parked'),
  };
  return { harness, path, current: (): Engine => engine };
}

describe('the embedded engine', () => {
  it('is asked for at least 80 behaviours', () => {
    expect(conformanceCases.length).toBeGreaterThanOrEqual(80);
    expect(new Set(conformanceCases.map(({ name }) => name)).size).toBe(conformanceCases.length);
  });

  for (const conformanceCase of conformanceCases) {
    it(conformanceCase.name, async () => {
      const log: string[] = [];
      const { harness, path, current } = await createEmbedded(
        createFolder(),
        conformanceCase.workflows,
        conformanceCase.steps(log),
      );
      try {
        await conformanceCase.run(harness, log);
      } finally {
        await current().close();
      }
      expect(await verifyJournal({ path, publicKey: current().publicKey })).toMatchObject({ ok: true });
    });
  }
});
