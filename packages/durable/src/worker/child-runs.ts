import { type JsonValue, toCanonicalJson, toProblem } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { EntryDraft, JournalEntry } from '../journal/entry.js';
import type { RunRow } from '../journal/journal-reader.js';
import { joinMembers, type Payload, toPayload } from '../journal/payload.js';
import { isClosed } from '../journal/run-summary.js';
import type { ChildOperation } from '../replay/operation.js';
import type { MachineState, RunMachine } from '../replay/run-machine.js';

/** What children need from the engine. */
export interface ChildHost {
  /** The machine of a run that this engine drives. */
  machine(runId: string): RunMachine | undefined;
  find(runId: string): { readonly row: RunRow; readonly entries: readonly JournalEntry[] } | undefined;
  start(workflowKey: string, input: JsonValue, runId: string): Promise<unknown>;
  resume(runId: string): Promise<unknown>;
  finalState(entry: JournalEntry): MachineState;
  /** Appends to a run that this engine drives. */
  append(draft: EntryDraft): Promise<unknown>;
  outputMembers(runId: string, payload: Payload): Readonly<Record<string, string>>;
}

interface Waiting {
  readonly parentId: string;
  readonly operation: ChildOperation;
}

/** The runs that other runs have started and wait for. */
export class ChildRuns {
  readonly #host: ChildHost;
  readonly #waiting = new Map<string, Waiting>();
  /** Children that another process drives. */
  readonly #elsewhere = new Set<string>();

  constructor(host: ChildHost) {
    this.#host = host;
  }

  /** Starts a child, or takes it up again where a crash came between its start and its end. */
  async launch(parentId: string, operation: ChildOperation): Promise<void> {
    this.#waiting.set(operation.childId, { parentId, operation });
    const parent = () => this.#host.machine(parentId);
    try {
      await this.#start(operation).catch((error) => this.#failed(parentId, operation, error));
    } catch (error) {
      parent()?.halt(error);
    }
    parent()?.childChanged();
  }

  /** A run has come to rest or started moving again: its parent may have to know. */
  changed(runId: string): void {
    const waiting = this.#waiting.get(runId);
    if (waiting !== undefined) this.#host.machine(waiting.parentId)?.childChanged();
  }

  /** A run has got its closing entry: its parent gets an entry of its own. */
  async ended(entry: JournalEntry): Promise<void> {
    const waiting = this.#waiting.get(entry.runId);
    if (waiting === undefined) return;
    this.#waiting.delete(entry.runId);
    this.#elsewhere.delete(entry.runId);
    try {
      await this.#append(waiting, this.#host.finalState(entry));
    } catch (error) {
      this.#host.machine(waiting.parentId)?.halt(error);
    }
  }

  /** Whether a child has nothing to do until a signal or a timer comes. */
  isParked({ childId }: ChildOperation): boolean {
    const machine = this.#host.machine(childId);
    // Nobody here knows how a child stands that another process drives: the parent has nothing to do for it.
    return machine === undefined ? this.#elsewhere.has(childId) : machine.state.status === 'waiting';
  }

  async #start(operation: ChildOperation): Promise<void> {
    const { childId, identity, input } = operation;
    const found = this.#host.find(childId);
    if (found === undefined) {
      await this.#host.start(identity.name, JSON.parse(input.text) as JsonValue, childId);
      return;
    }
    const { entries, row } = found;
    assertSameRun(operation, row, entries[0]);
    if (isClosed(row.record)) await this.ended(entries[row.record.closedSeq ?? 0] as JournalEntry);
    else await this.#host.resume(childId);
  }

  async #failed(parentId: string, operation: ChildOperation, error: unknown): Promise<void> {
    const code = error instanceof DurableError ? error.code : undefined;
    if (code === 'run-held') {
      // Its end comes with the entries of the process that drives it.
      this.#elsewhere.add(operation.childId);
      return;
    }
    if (code !== 'input-invalid' && code !== 'run-exists') throw error;
    await this.#append({ parentId, operation }, { status: 'failed', problem: toProblem(error) });
  }

  async #append({ parentId, operation }: Waiting, state: MachineState): Promise<void> {
    const { identity, index, input } = operation;
    const result =
      state.status === 'completed'
        ? this.#host.outputMembers(parentId, toPayload(state.output, Number.MAX_SAFE_INTEGER))
        : { problem: toCanonicalJson('problem' in state ? state.problem : null) };
    await this.#host.append({
      runId: parentId,
      kind: state.status === 'completed' ? 'child-completed' : 'child-failed',
      index,
      name: identity.name,
      content: joinMembers({ inputDigest: `"${input.digest}"`, ...result }),
    });
  }
}

/** Throws `run-exists` where somebody else has taken the id of a child. */
function assertSameRun({ childId, identity, input }: ChildOperation, { record }: RunRow, first?: JournalEntry): void {
  if (record.workflow === identity.name && first?.content.inputDigest === input.digest) return;
  const message = 'The id of the child belongs to a run that was started for something else.';
  throw new DurableError('run-exists', message, { data: { runId: childId } });
}
