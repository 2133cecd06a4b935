import { type Clock, type Digest, type JsonValue, type Logger, systemClock, TrocarError } from '@trocar/core';
import { type Engine, type JournalVerdict, openEngine, type RunHandle } from '@trocar/durable';
import { createPlane, type Policy } from '@trocar/plane';
import type { Sandbox } from '@trocar/sandbox';
import { createTools } from '@trocar/tools';
import { call } from '../call/call.js';
import { change } from '../change/change.js';
import { reportChange } from '../change/report.js';
import { decisionSignal } from '../decision/decision.js';
import { findProposal } from '../decision/proposal.js';
import { operate } from '../operate/operate.js';
import { reportOperate } from '../operate/report.js';
import type { OperateResult } from '../operate/result.js';
import { toAbsoluteInput } from './absolute-input.js';
import { driveToEnd } from './drive-to-end.js';
import { PortError } from './errors.js';
import { createPlaneSteps } from './plane-steps.js';
import type { Port, PortRun } from './port.js';
import { standingOf } from './run-standing.js';
import { journalPath, makePrivateFile, undoFolder, witnessPath } from './state-folder.js';
import { verifyRecord } from './verify-record.js';

/** Where a port keeps its state, and under which policy it works. */
export interface PortOptions {
  /** The folder for journal, keys and undo copies. */
  readonly home: string;
  readonly policy: Policy;
  /** What relative paths in inputs are relative to. */
  readonly workingFolder: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Opens the journal in `home` and puts the plane with every tool on it. Throws what `openEngine` throws. */
export async function openPort({
  home,
  policy,
  workingFolder,
  clock = systemClock,
  logger,
}: PortOptions): Promise<Port> {
  const sandbox = createLazySandbox();
  const tools = createTools({
    blobs: { put: (bytes) => engine.blobs.put(bytes), get: (digest: Digest) => engine.blobs.get(digest) },
    sandbox: sandbox.get,
    undoFolder: (run) => undoFolder(home, run),
    stateFolder: home,
    workingFolder,
  });
  const plane = createPlane({ tools, policy, clock });
  await makePrivateFile(journalPath(home));
  const engine: Engine = await openEngine({
    path: journalPath(home),
    witnessPath: witnessPath(home),
    workflows: [call, change, operate],
    steps: createPlaneSteps(plane, (run) => standingOf(engine.run(run))),
    clock,
    ...(logger && { logger }),
  });

  return {
    plane,
    engine,
    async call(tool, input, identity) {
      const handle = await engine.start(call, { tool, input: toAbsoluteInput(workingFolder, input) }, { identity });
      return outputOf(await handle.closed());
    },
    async change(tool, input, identity) {
      return toPortRun(
        await engine.start(change, { tool, input: toAbsoluteInput(workingFolder, input) }, { identity }),
      );
    },
    async operate(root, identity, approvedBy) {
      return toPortRun(await engine.start(operate, { root, ...(approvedBy && { approvedBy }) }, { identity }));
    },
    async decide(run, verdict, by) {
      const proposal = findProposal(engine.run(run).entries);
      if (proposal === undefined) {
        throw new PortError('nothing-to-decide', `The run ${run} proposes nothing. See trocar runs ${run}.`);
      }
      await engine.signal(run, decisionSignal, { verdict, call: proposal.call, by }, { identity: by });
      await driveToEnd(engine, run);
    },
    async resume(run) {
      const handles = run === undefined ? await engine.resume() : [await engine.resume(run)];
      return handles.map(toPortRun);
    },
    reportOperate: (run) =>
      reportOperate(engine.run(run), async () =>
        recordOf(await verifyRecord(home, run), engine.run(run).summary.entries),
      ),
    async reportChange(run) {
      return reportChange(engine.run(run));
    },
    onEvent: (listener) => engine.onEvent(listener),
    async [Symbol.asyncDispose]() {
      await engine.close();
      await sandbox.close();
    },
  };
}

function recordOf(verdict: JournalVerdict, entries: number): OperateResult['record'] {
  return { entries, verified: verdict.ok };
}

function toPortRun(handle: RunHandle<unknown>): PortRun {
  return { run: handle.runId, settled: () => handle.settled() as ReturnType<PortRun['settled']> };
}

function outputOf(settlement: Awaited<ReturnType<RunHandle<JsonValue>['closed']>>): JsonValue {
  if (settlement.status === 'completed') return settlement.output;
  const { code, message, retryable, data } = settlement.problem;
  throw new TrocarError(code, message, { retryable, ...(data && { data }) });
}

function createLazySandbox(): { get(): Promise<Sandbox>; close(): Promise<void> } {
  let opening: Promise<Sandbox> | undefined;
  return {
    get() {
      opening ??= import('@trocar/sandbox').then(({ openSandbox }) => openSandbox());
      return opening;
    },
    async close() {
      await (await opening)?.close();
    },
  };
}
