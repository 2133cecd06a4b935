import { createManualClock, createSeededRandom, type JsonValue, type Problem } from '@trocar/core';
import { DurableError } from '../errors.js';
import { type EntryDraft, isClosing, type JournalEntry } from '../journal/entry.js';
import { type PayloadName, payloadMembers } from '../journal/payload.js';
import type { WorkflowDefinition } from '../workflow/definition.js';
import { type MachineState, RunMachine } from './run-machine.js';

/** What {@link replayRun} needs. */
export interface ReplayOptions {
  readonly definition: WorkflowDefinition;
  readonly entries: readonly JournalEntry[];
  hasStep(name: string): boolean;
  readPayload(name: PayloadName, entry: JournalEntry): JsonValue;
}

type Verdict =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly entries: number; readonly problem: Problem };

/**
 * Runs a workflow on a record without any effect and says whether it does what is recorded: the same operations, and
 * for a closed run the same end.
 */
export function replayRun({ definition, entries, hasStep, readPayload }: ReplayOptions): Promise<Verdict> {
  const closing = entries.find(({ kind }) => isClosing(kind));
  const count = entries.length;
  return new Promise((resolve) => {
    const passed = () => resolve({ ok: true, entries: count });
    const failed = (problem: Problem) => resolve({ ok: false, entries: count, problem });
    const machine: RunMachine = new RunMachine(entries[0]?.runId ?? '', definition, {
      clock: createManualClock(entries.at(-1)?.atMs ?? 0),
      random: createSeededRandom('replay'),
      maxPayloadBytes: Number.MAX_SAFE_INTEGER,
      hasStep,
      // Whatever the run does next comes after its record: the replay has reached the end.
      append: ([draft]) => {
        const problem = compareEnds(closing, draft);
        if (problem === undefined) passed();
        else failed(problem);
        return new Promise(() => {});
      },
      launch: passed,
      hasWorkflow: () => true,
      launchChild: passed,
      cancelChild: () => {},
      isChildParked: () => true,
      abort: () => {},
      wake: () => {},
      payloadMembers: (name, payload) => payloadMembers(name, payload, () => payload.digest),
      readPayload,
      // Entries that end the run are not replayed, so that its own end can be compared with them.
      readFinalState: (): MachineState => ({ status: 'moving' }),
      changed() {
        const { state } = machine;
        if (state.status === 'halted') failed(state.problem);
        if (state.status === 'waiting') passed();
      },
    });
    const end = closing?.seq ?? count;
    machine.load(entries.slice(0, end));
  });
}

function compareEnds(closing: JournalEntry | undefined, draft: EntryDraft | undefined): Problem | undefined {
  if (closing === undefined || draft === undefined) return undefined;
  const attempted = JSON.parse(draft.content) as { outputDigest?: string; problem?: { code: string } };
  const recordedProblem = closing.content.problem as { readonly code?: string } | undefined;
  const isSame =
    closing.kind === draft.kind &&
    closing.content.outputDigest === attempted.outputDigest &&
    recordedProblem?.code === attempted.problem?.code;
  if (isSame) return undefined;
  const data = { recorded: closing.kind, attempted: draft.kind };
  const message = `The replay ends with another ${closing.kind === draft.kind ? 'output or problem' : 'outcome'} than the record.`;
  const { code, retryable } = new DurableError('replay-diverged', message);
  return { code, message, retryable, data };
}
