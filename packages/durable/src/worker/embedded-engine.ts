import { type Clock, createId, type JsonValue, type Logger, type RandomSource, toProblem } from '@trocar/core';
import type { ZodType, z } from 'zod';
import { DurableError } from '../errors.js';
import type { BlobStore } from '../journal/blob-store.js';
import { isClosing, type JournalEntry } from '../journal/entry.js';
import type { Journal } from '../journal/journal.js';
import type { RunRow } from '../journal/journal-reader.js';
import { joinMembers, toPayload } from '../journal/payload.js';
import { type ConsistencyProof, toExportText } from '../journal/run-export.js';
import { isClosed, nextDueMs, type RunSummary, toSummary, toWaitingFor } from '../journal/run-summary.js';
import { toVerifierKey } from '../journal/signed-note.js';
import type { WaitOperation } from '../replay/operation.js';
import { replayRun } from '../replay/replay-run.js';
import { type MachineHost, type MachineState, RunMachine } from '../replay/run-machine.js';
import { assertName, toWorkflowKey, type WorkflowDefinition } from '../workflow/definition.js';
import { ChildRuns } from './child-runs.js';
import type { Engine, EngineOptions, ReplayVerdict, RunEvent, RunFilter, RunHandle, SecretUse } from './engine.js';
import type { HolderLock } from './holder-lock.js';
import { PayloadAccess } from './payload-access.js';
import { importRun, proveConsistency, rotateKeys, shredRun } from './record-keeping.js';
import { createRunBlobs } from './run-blobs.js';
import { createRunHandle, type DrivenHandle } from './run-handle.js';
import { createStepRunner, type StepRunner } from './step-runner.js';
import { createTimerQueue, type TimerQueue } from './timer-queue.js';

const pollIntervalMs = 200;
const followIntervalMs = 1_000;
const closeGraceMs = 2_000;
const defaultMaxPayloadBytes = 16 * 1_048_576;
const defaultRunLimit = 100;
// A shorter text would be found by chance in outputs that are then refused for it.
const minimumSecretLength = 8;

interface Driven {
  readonly machine: RunMachine;
  readonly slot: Slot;
}

/** A handle, and where it gets its state from. */
interface Slot {
  readonly handle: DrivenHandle;
  read(): MachineState;
}

/** A parked run that nobody drives: it costs nothing until a signal or its time comes. */
interface Dormant {
  readonly runId: string;
  readonly slot: Slot;
}

/** The options of an engine with nothing left out that it needs. */
export type ReadyOptions = EngineOptions & {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
};

/** The engine that runs inside this process. */
export class EmbeddedEngine implements Engine {
  readonly #options: ReadyOptions;
  readonly #journal: Journal;
  readonly #lock: HolderLock;
  readonly #id: string;
  readonly #workflows = new Map<string, WorkflowDefinition>();
  readonly #driven = new Map<string, Driven>();
  readonly #listeners = new Set<(event: RunEvent) => void>();
  readonly #runner: StepRunner;
  readonly #dormant = new Map<string, Dormant>();
  readonly #timers: TimerQueue<WaitOperation | Dormant>;
  readonly #waiting = new WeakMap<WaitOperation, RunMachine>();
  readonly #payloads: PayloadAccess;
  readonly #children: ChildRuns;
  readonly #maxPayloadBytes: number;
  readonly #resuming = new Map<string, Promise<RunHandle>>();
  #poll: NodeJS.Timeout | undefined;
  #isAwaited = false;
  #closing: Promise<void> | undefined;

  constructor(options: ReadyOptions, journal: Journal, lock: HolderLock, id: string) {
    this.#options = options;
    this.#journal = journal;
    this.#lock = lock;
    this.#id = id;
    this.#maxPayloadBytes = options.maxPayloadBytes ?? defaultMaxPayloadBytes;
    for (const workflow of options.workflows) this.#workflows.set(toWorkflowKey(workflow), workflow);
    this.#payloads = new PayloadAccess(journal);
    this.#runner = createStepRunner({
      ...options,
      blobs: (runId, inspect) =>
        createRunBlobs({ runId, inspect, blobs: journal.blobs, keys: journal.keys, key: journal.keyOf(runId) }),
      resolveSecret: (reference, use) => this.#resolveSecret(reference, use),
      maxPayloadBytes: this.#maxPayloadBytes,
      payloadMembers: (runId, name, payload) => this.#payloads.members(runId, name, payload),
      started: (event) => this.#emit({ type: 'step-started', ...event }),
    });
    this.#timers = createTimerQueue(options.clock, (key) => {
      if ('slot' in key) void this.#wake(key.runId);
      else this.#waiting.get(key)?.timeIsUp(key);
    });
    this.#children = new ChildRuns({
      machine: (runId) => this.#driven.get(runId)?.machine,
      find: (runId) => (journal.reader.run(runId) === undefined ? undefined : this.#read(runId)),
      start: (key, input, runId) => this.start(this.#workflow(key), input, { runId }),
      resume: (runId) => this.#resumeOne(runId),
      finalState: (entry) => this.#payloads.finalState(entry),
      append: (draft) => journal.append([draft], { kind: 'held', holder: id }),
      outputMembers: (runId, payload) => this.#payloads.members(runId, 'output', payload),
    });
    journal.onCommitted((entries) => this.#committed(entries));
  }

  get publicKey(): string {
    return toVerifierKey(this.#journal.signer);
  }

  get blobs(): BlobStore {
    return this.#journal.blobs;
  }

  async start<Input extends ZodType, Output extends ZodType>(
    workflow: WorkflowDefinition<Input, Output>,
    input: z.input<Input>,
    options: { readonly runId?: string; readonly identity?: string } = {},
  ): Promise<RunHandle<z.output<Output>>> {
    this.#assertOpen();
    const definition = this.#workflow(toWorkflowKey(workflow));
    const parsed = definition.input.safeParse(input);
    if (!parsed.success) {
      throw new DurableError('input-invalid', `The input does not fit the workflow: ${parsed.error.message}`);
    }
    const payload = toPayload(input, this.#maxPayloadBytes);
    const runId = options.runId ?? createId('run', this.#options.clock, this.#options.random);
    assertName('run', runId);
    await this.#lock.hold();
    const dataKey = this.#journal.keys.create(runId);
    const content = joinMembers({
      identity: options.identity === undefined ? undefined : JSON.stringify(options.identity),
      ...this.#payloads.membersUnder(dataKey?.bytes, runId, 'input', payload),
    });
    const base = { runId, kind: 'run-started', name: toWorkflowKey(workflow), holder: this.#id, content } as const;
    const draft = dataKey === undefined ? base : { ...base, dataKey };
    const entries = await this.#journal.append([draft], { kind: 'new' });
    return this.#drive(runId, definition, entries) as RunHandle<z.output<Output>>;
  }

  resume(runId: string): Promise<RunHandle>;
  resume(): Promise<readonly RunHandle[]>;
  resume(runId?: string): Promise<RunHandle | readonly RunHandle[]> {
    return runId === undefined ? this.#resumeAll() : this.#resumeOne(runId);
  }

  async signal(
    runId: string,
    name: string,
    payload: JsonValue,
    options: { readonly identity?: string } = {},
  ): Promise<void> {
    assertName('signal', name);
    // A run that was left alone is brought to its wait first, so that the payload can be refused as for any live run.
    await this.#wake(runId);
    await this.#driven.get(runId)?.machine.caughtUp;
    const reason = this.#driven.get(runId)?.machine.refuseSignal(name, payload);
    if (reason !== undefined) {
      throw new DurableError('signal-invalid', `The payload does not fit the signal "${name}": ${reason}`);
    }
    const content = joinMembers({
      identity: options.identity === undefined ? undefined : JSON.stringify(options.identity),
      ...this.#payloads.members(runId, 'payload', toPayload(payload, this.#maxPayloadBytes)),
    });
    await this.#journal.append([{ runId, kind: 'signal-received', name, content }], { kind: 'open' });
  }

  async cancel(
    runId: string,
    { identity, reason }: { readonly identity?: string; readonly reason?: string } = {},
  ): Promise<void> {
    const { text } = toPayload({ identity, reason }, this.#maxPayloadBytes);
    await this.#journal.append([{ runId, kind: 'cancel-requested', content: text }], { kind: 'open' });
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  runs({ status, workflow, limit = defaultRunLimit }: RunFilter = {}): readonly RunSummary[] {
    this.#assertOpen();
    return this.#journal.reader.runs({ status, workflow, limit }).map((row) => {
      const first = this.#journal.reader.entry(row.runId, 0);
      const last = this.#journal.reader.entry(row.runId, row.record.closedSeq ?? 0);
      return summarise(row, first, last);
    });
  }

  run(runId: string): { readonly summary: RunSummary; readonly entries: readonly JournalEntry[] } {
    this.#assertOpen();
    const { row, entries } = this.#read(runId);
    return { summary: summarise(row, entries[0], entries[row.record.closedSeq ?? 0]), entries };
  }

  async rotateKeys(): Promise<number> {
    this.#assertOpen();
    return rotateKeys(this.#journal);
  }

  async shred(runId: string, { identity }: { readonly identity?: string } = {}): Promise<void> {
    this.#assertOpen();
    await shredRun(this.#journal, this.#row(runId), identity);
  }

  async replay(runId: string): Promise<ReplayVerdict> {
    this.#assertOpen();
    const definition = this.#workflow(this.#row(runId).record.workflow);
    return replayRun({
      definition,
      entries: this.#read(runId).entries,
      hasStep: (name) => Object.hasOwn(this.#options.steps, name),
      readPayload: (name, entry) => this.#payloads.read(name, entry),
    });
  }

  exportRun(runId: string): string {
    this.#assertOpen();
    this.#row(runId);
    return toExportText(this.#journal.reader.export(runId));
  }

  async importRun(text: string, publicKey: string): Promise<RunSummary> {
    this.#assertOpen();
    return this.run(await importRun(this.#journal, text, publicKey)).summary;
  }

  checkpoint(): string | undefined {
    this.#assertOpen();
    return this.#journal.reader.checkpoint();
  }

  proveConsistency(oldCheckpoint: string): ConsistencyProof {
    this.#assertOpen();
    return proveConsistency(this.#journal, oldCheckpoint);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    clearInterval(this.#poll);
    this.#timers.close();
    await this.#runner.close(closeGraceMs);
    // Steps that ended while closing have queued their entries: these are committed before the runs are let go.
    try {
      this.#journal.close();
    } finally {
      for (const { machine } of this.#driven.values()) machine.halt(closedError());
      this.#driven.clear();
      for (const dormant of [...this.#dormant.values()]) this.#abandon(dormant, closedError());
      this.#lock.release();
    }
  }

  /** Two callers at once must not drive a run twice. */
  #resumeOne(runId: string, slot?: Slot): Promise<RunHandle> {
    const known = this.#dormant.get(runId)?.slot;
    const resuming =
      this.#resuming.get(runId) ?? this.#takeOver(runId, slot ?? known).finally(() => this.#resuming.delete(runId));
    this.#resuming.set(runId, resuming);
    return resuming;
  }

  async #takeOver(runId: string, slot?: Slot): Promise<RunHandle> {
    this.#assertOpen();
    const { record } = this.#row(runId);
    const driven = this.#driven.get(runId);
    if (driven !== undefined) return driven.slot.handle;
    if (isClosed(record)) return this.#closedHandle(runId, record.closedSeq ?? 0);
    // Fails here, before the run is taken over, when its key is not at hand.
    this.#journal.keyOf(runId);
    const definition = this.#workflow(record.workflow);
    await this.#lock.hold();
    await this.#lock.probe([record.holder]);
    const draft = { runId, kind: 'run-resumed', holder: this.#id, content: '{}' } as const;
    await this.#journal.append([draft], { kind: 'free', isAlive: (holder) => this.#lock.isAlive(holder) });
    return this.#drive(runId, definition, this.#read(runId).entries, slot);
  }

  async #resumeAll(): Promise<readonly RunHandle[]> {
    this.#assertOpen();
    await this.#lock.probe(this.#openRows().map(({ record }) => record.holder));
    const free: RunRow[] = [];
    const handles: RunHandle[] = [];
    // Read anew: what has come while the locks were probed would not be told of again.
    for (const row of this.#openRows()) {
      const { runId, record } = row;
      if (this.#driven.has(runId) || this.#lock.isAlive(record.holder)) continue;
      if (record.parked && this.#dormant.has(runId)) continue;
      const isKnown = this.#workflows.has(record.workflow);
      if (!isKnown)
        this.#options.logger.warn('A run stays open: its workflow is not registered here.', describeRow(row));
      else if (record.parked) handles.push(this.#leaveDormant(row));
      else free.push(row);
    }
    const outcomes = await Promise.allSettled(free.map(({ runId }) => this.#resumeOne(runId)));
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled') handles.push(outcome.value);
      else this.#refuseResumption(free[at] as RunRow, outcome.reason);
    }
    return handles;
  }

  #openRows(): RunRow[] {
    const { reader } = this.#journal;
    const limit = Number.POSITIVE_INFINITY;
    return [...reader.runs({ status: 'running', limit }), ...reader.runs({ status: 'waiting', limit })];
  }

  #refuseResumption(row: RunRow, reason: unknown): void {
    const isExpected = reason instanceof DurableError && (reason.code === 'run-held' || reason.code === 'run-closed');
    if (isExpected) return;
    // One run that cannot be taken over must not keep the others from going on.
    if (reason instanceof DurableError && reason.code === 'store-tampered') {
      this.#options.logger.error('A run was not resumed: its entries do not fit its head.', describeRow(row));
      return;
    }
    throw reason;
  }

  #drive(
    runId: string,
    definition: WorkflowDefinition,
    entries: readonly JournalEntry[],
    slot: Slot = this.#createSlot(runId),
  ): RunHandle {
    // The engine may have been closed while the entry was on its way: the next one resumes the run.
    this.#assertOpen();
    const machine: RunMachine = new RunMachine(
      runId,
      definition,
      this.#host(runId, () => machine),
    );
    slot.read = () => machine.state;
    this.#dormant.delete(runId);
    this.#driven.set(runId, { machine, slot });
    this.#listen();
    machine.load(entries);
    return slot.handle;
  }

  #createSlot(runId: string): Slot {
    const handle = createRunHandle(
      runId,
      () => slot.read(),
      () => {
        this.#isAwaited = true;
        this.#poll?.ref();
      },
    );
    const slot: Slot = { handle, read: () => ({ status: 'moving' }) };
    return slot;
  }

  /** Looks for what other processes write, as long as the engine is open. */
  #listen(): void {
    this.#poll ??= setInterval(() => this.#refresh(), pollIntervalMs).unref();
  }

  /** Leaves a parked run alone until its time or a signal comes. */
  #leaveDormant({ runId, record }: RunRow): RunHandle {
    const slot = this.#createSlot(runId);
    const waitingFor = record.waits.map(toWaitingFor);
    slot.read = () => ({ status: 'waiting', waitingFor });
    const dormant = { runId, slot };
    this.#dormant.set(runId, dormant);
    const dueMs = nextDueMs(record);
    if (dueMs !== undefined) this.#timers.add(dormant, dueMs);
    this.#listen();
    return slot.handle;
  }

  /** Drives a run that was left alone, where it is one. */
  async #wake(runId: string): Promise<void> {
    const dormant = this.#dormant.get(runId);
    if (dormant === undefined) return;
    try {
      await this.#resumeOne(runId, dormant.slot);
    } catch (error) {
      const code = error instanceof DurableError ? error.code : undefined;
      // Another process drives it: its entries tell how the run ends, unless that process dies before.
      if (code === 'run-held') this.#timers.add(dormant, this.#options.clock.nowMs() + followIntervalMs);
      else if (code !== 'run-closed') this.#abandon(dormant, error);
    }
  }

  #abandon({ runId, slot }: Dormant, error: unknown): void {
    this.#dormant.delete(runId);
    const problem = toProblem(error);
    slot.read = () => ({ status: 'halted', problem });
    slot.handle.update();
  }

  #host(runId: string, machine: () => RunMachine): MachineHost {
    const { clock, random, steps } = this.#options;
    return {
      clock,
      random,
      maxPayloadBytes: this.#maxPayloadBytes,
      hasStep: (name) => Object.hasOwn(steps, name),
      append: (drafts) => this.#journal.append(drafts, { kind: 'held', holder: this.#id }),
      hasWorkflow: (key) => this.#workflows.has(key),
      launchChild: (operation) => void this.#children.launch(runId, operation),
      cancelChild: ({ childId }) => void this.cancel(childId, { reason: `Its parent ${runId} is over.` }).catch(ignore),
      isChildParked: (operation) => this.#children.isParked(operation),
      launch: (operation, startAtMs) => {
        void this.#runner.run(runId, operation, startAtMs).then((drafts) => machine().attemptEnded(drafts));
      },
      abort: (operation) => this.#runner.abort(operation),
      wake: (operation, dueMs) => {
        this.#waiting.set(operation, machine());
        this.#timers.add(operation, dueMs);
      },
      payloadMembers: (name, payload) => this.#payloads.members(runId, name, payload),
      readPayload: (name, entry) => this.#payloads.read(name, entry),
      readFinalState: (entry) => this.#payloads.finalState(entry),
      changed: () => this.#changed(runId),
    };
  }

  #changed(runId: string): void {
    this.#children.changed(runId);
    const driven = this.#driven.get(runId);
    if (driven === undefined) return;
    if (driven.machine.isDone) this.#driven.delete(runId);
    driven.slot.handle.update();
  }

  #committed(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const dormant = this.#dormant.get(entry.runId);
      if (dormant !== undefined) this.#stir(dormant, entry);
      const machine = this.#driven.get(entry.runId)?.machine;
      if (machine !== undefined && this.#isTakenOver(entry)) machine.halt(heldError());
      machine?.deliver([entry]);
      if (isClosing(entry.kind)) void this.#children.ended(entry);
      this.#emit({ type: 'entry', runId: entry.runId, entry });
    }
  }

  /** Something came for a run that was left alone, which another process may drive by now. */
  #stir(dormant: Dormant, entry: JournalEntry): void {
    if (entry.kind === 'signal-received' || entry.kind === 'cancel-requested') void this.#wake(entry.runId);
    if (!isClosing(entry.kind)) return;
    try {
      const state = this.#payloads.finalState(entry);
      this.#dormant.delete(entry.runId);
      dormant.slot.read = () => state;
      dormant.slot.handle.update();
    } catch (error) {
      this.#abandon(dormant, error);
    }
  }

  #isTakenOver({ kind, holder }: JournalEntry): boolean {
    return kind === 'run-resumed' && holder !== this.#id;
  }

  #refresh(): void {
    // Whoever waits for a run keeps the process alive; a parked run that nobody waits for does not.
    if (this.#isAwaited && !this.#hasWaiters()) {
      this.#isAwaited = false;
      this.#poll?.unref();
    }
    try {
      this.#journal.refresh();
    } catch (error) {
      const code = error instanceof DurableError ? error.code : 'internal';
      this.#options.logger.warn('The store could not be read for news of other processes.', { code });
    }
  }

  #hasWaiters(): boolean {
    for (const { slot } of this.#driven.values()) if (slot.handle.waiters > 0) return true;
    for (const { slot } of this.#dormant.values()) if (slot.handle.waiters > 0) return true;
    return false;
  }

  #emit(event: RunEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch {
        this.#options.logger.error('A listener for run events threw.', { type: event.type });
      }
    }
  }

  async #resolveSecret(reference: string, use: SecretUse): Promise<string> {
    const value = await this.#options.secrets?.(reference, use);
    if (typeof value === 'string' && value.length >= minimumSecretLength) return value;
    const message = `There is no secret "${reference}" for this step, or it is shorter than ${minimumSecretLength} characters.`;
    throw new DurableError('secret-unknown', message, { data: { reference, step: use.step } });
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError();
  }

  #workflow(key: string): WorkflowDefinition {
    const definition = this.#workflows.get(key);
    if (definition !== undefined) return definition;
    const message = `The workflow ${key} is not registered. Use the version of the program that started the run, or register it.`;
    throw new DurableError('workflow-unknown', message, { data: { workflow: key } });
  }

  #row(runId: string): RunRow {
    return this.#journal.reader.run(runId) ?? refuseUnknown(runId);
  }

  #read(runId: string): { readonly row: RunRow; readonly entries: readonly JournalEntry[] } {
    return this.#journal.reader.read(runId) ?? refuseUnknown(runId);
  }

  #closedHandle(runId: string, closedSeq: number): RunHandle {
    const state = this.#payloads.finalState(this.#read(runId).entries[closedSeq] as JournalEntry);
    const nobodyWaits = () => {};
    return createRunHandle(runId, () => state, nobodyWaits);
  }
}

/** A child that is over already, or unknown here, needs no cancellation. */
function ignore(): void {}

function heldError(): DurableError {
  const message = 'Another process took this run over. Ask that process, or the journal, for its state.';
  return new DurableError('run-held', message);
}

function closedError(): DurableError {
  return new DurableError('engine-closed', 'The engine is closed. Open it again and resume the run.', {
    retryable: true,
  });
}

function refuseUnknown(runId: string): never {
  throw new DurableError('run-unknown', 'There is no run with this id in this store.', { data: { runId } });
}

function summarise({ runId, record }: RunRow, first?: JournalEntry, last?: JournalEntry): RunSummary {
  if (first !== undefined && last !== undefined) return toSummary(runId, record, first, last);
  const message = 'The index names a run whose entries are gone. Run the verification and restore a backup.';
  throw new DurableError('store-tampered', message, { data: { runId } });
}

function describeRow({ runId, record }: RunRow): { runId: string; workflow: string } {
  return { runId, workflow: record.workflow };
}
