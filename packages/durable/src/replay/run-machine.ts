import { type Clock, type JsonValue, type Problem, type RandomSource, toCanonicalJson, toProblem } from '@trocar/core';
import type { ZodType } from 'zod';
import { ChildFailedError, DurableError, StepFailedError } from '../errors.js';
import type { EntryDraft, EntryKind, JournalEntry } from '../journal/entry.js';
import { isClosing } from '../journal/entry.js';
import { joinMembers, type Payload, type PayloadName, toPayload } from '../journal/payload.js';
import { toWaitingFor, type WaitingFor } from '../journal/run-summary.js';
import type { RunOptions } from '../workflow/context.js';
import { assertName, toWorkflowKey, type WorkflowDefinition } from '../workflow/definition.js';
import { type BodyOutcome, createClosingDraft } from './closing-draft.js';
import type {
  ChildOperation,
  Operation,
  OperationIdentity,
  Pending,
  StepOperation,
  WaitOperation,
} from './operation.js';
import { RecordedOperations } from './recorded-operations.js';
import { createWorkflowContext } from './workflow-context.js';

/** What a run needs from the engine that drives it. */
export interface MachineHost {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly maxPayloadBytes: number;
  hasStep(name: string): boolean;
  /** Commits drafts; they come back through {@link RunMachine.deliver} before the promise resolves. */
  append(drafts: readonly EntryDraft[]): Promise<unknown>;
  /** Starts an attempt of a step; it must end with exactly one call of {@link RunMachine.attemptEnded}. */
  launch(operation: StepOperation, startAtMs: number): void;
  /** Aborts what {@link launch} started. */
  abort(operation: StepOperation): void;
  hasWorkflow(key: string): boolean;
  /** Starts or resumes a child run; its end must come back as an entry of this run. */
  launchChild(operation: ChildOperation): void;
  /** Asks for the cancellation of a child run. */
  cancelChild(operation: ChildOperation): void;
  /** Whether a child run has nothing to do until a signal or a timer comes. */
  isChildParked(operation: ChildOperation): boolean;
  /** Calls {@link RunMachine.timeIsUp} for this operation at that time. */
  wake(operation: WaitOperation, dueMs: number): void;
  payloadMembers(name: PayloadName, payload: Payload): Readonly<Record<string, string>>;
  readPayload(name: PayloadName, entry: JournalEntry): JsonValue;
  /** What a closing entry says. */
  readFinalState(entry: JournalEntry): MachineState;
  /** The run has come to rest or started moving again. */
  changed(): void;
}

/** How a run stands. */
export type MachineState =
  | { readonly status: 'moving' }
  | { readonly status: 'waiting'; readonly waitingFor: readonly WaitingFor[] }
  | { readonly status: 'completed'; readonly output: JsonValue }
  | { readonly status: 'failed' | 'cancelled'; readonly problem: Problem }
  /** Stopped without a closing entry: the run is still open in the journal. */
  | { readonly status: 'halted'; readonly problem: Problem };

/**
 * Drives one run: the workflow function on one side, the entries of its journal on the other.
 *
 * Everything that the function gets comes from entries, which are applied one at a time in the order of the journal,
 * each only when the function has used up the one before. A new run and a replay take the same path, so that they
 * cannot differ.
 */
export class RunMachine {
  readonly runId: string;
  readonly #definition: WorkflowDefinition;
  readonly #host: MachineHost;
  readonly #recorded = new RecordedOperations();
  readonly #operations = new Map<number, Operation>();
  readonly #waiters = new Map<string, WaitOperation[]>();
  readonly #early = new Map<string, JournalEntry[]>();
  readonly #patches = new Map<string, boolean>();
  #state: MachineState = { status: 'moving' };
  #inbox: JournalEntry[] = [];
  #inboxAt = 0;
  #nextSeq = 0;
  #drafts: EntryDraft[] = [];
  #uncommitted = 0;
  #inFlight = 0;
  #isReplaying = true;
  #caughtUp = (): void => {};
  /** Resolves when the run has used up its record, or stopped in it. */
  readonly caughtUp: Promise<void>;
  #isPumping = false;
  #isCancelled = false;
  #isParkRecorded = false;
  #isClosingAppended = false;
  #lastNowMs = 0;
  #outcome: BodyOutcome | undefined;

  constructor(runId: string, definition: WorkflowDefinition, host: MachineHost) {
    this.runId = runId;
    this.#definition = definition;
    this.#host = host;
    this.caughtUp = new Promise((resolve) => {
      this.#caughtUp = resolve;
    });
  }

  get state(): MachineState {
    return this.#state;
  }

  /** Takes everything that the journal has of the run. To be called once, before {@link deliver}. */
  load(entries: readonly JournalEntry[]): void {
    this.#recorded.load(entries);
    this.deliver(entries);
  }

  /** Takes entries that were committed, in order; those that it has already are passed over. */
  deliver(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (entry.seq !== this.#nextSeq) continue;
      this.#nextSeq += 1;
      this.#inbox.push(entry);
    }
    this.#schedule();
  }

  /** The state is final or halted: nothing moves it any more. */
  get isDone(): boolean {
    return this.#state.status !== 'moving' && this.#state.status !== 'waiting';
  }

  /** Stops the run here without closing it. */
  halt(error: unknown): void {
    if (this.isDone) return;
    this.#setState({ status: 'halted', problem: toProblem(error) });
    this.#abortSteps();
  }

  /** An attempt of a step is over: `drafts` say how; none when the engine interrupted it. */
  attemptEnded(drafts: readonly EntryDraft[]): void {
    if (drafts.length > 0 && !this.isDone) this.#append(drafts);
    this.#inFlight -= 1;
    this.#schedule();
  }

  /** The time of a wait has come. */
  timeIsUp(operation: WaitOperation): void {
    if (operation.isSettled || this.isDone) return;
    const kind = operation.identity.kind === 'timer' ? 'timer-fired' : 'signal-timed-out';
    this.#append([this.#draft(kind, operation, '{}')]);
  }

  /** Why a signal's payload does not fit the wait that would get it; undefined when it fits or nobody waits yet. */
  refuseSignal(name: string, payload: JsonValue): string | undefined {
    const waiting = this.#waiters.get(name)?.[0];
    const parsed = waiting?.schema?.safeParse(payload);
    return parsed === undefined || parsed.success ? undefined : parsed.error.message;
  }

  // --- What the workflow's context calls -------------------------------------------------------------------------

  claimStep(name: string, input: unknown, options: RunOptions & { output?: ZodType }): Promise<unknown> {
    assertName('step', name);
    let payload: Payload = { text: 'null', digest: 'sha256:' };
    let refusal: Problem | undefined;
    try {
      payload = toPayload(input, this.#host.maxPayloadBytes);
    } catch (error) {
      refusal = toProblem(error);
    }
    const identity: OperationIdentity = { kind: 'step', name, inputDigest: payload.digest };
    return this.#claim(identity, (pending) => ({
      ...pending,
      type: 'step',
      input: payload,
      options,
      failedAttempts: 0,
      notBeforeMs: 0,
      isLaunched: false,
      ...(refusal !== undefined && { refusal }),
    }));
  }

  claimChild(workflow: WorkflowDefinition, input: unknown): Promise<unknown> {
    const payload = toPayload(input, this.#host.maxPayloadBytes);
    const childId = `${this.runId}.${this.#recorded.next}`;
    assertName('run', childId);
    const identity: OperationIdentity = { kind: 'child', name: toWorkflowKey(workflow), inputDigest: payload.digest };
    return this.#claim(identity, (pending) => ({
      ...pending,
      type: 'child',
      childId,
      input: payload,
      isLaunched: false,
    }));
  }

  claimSignal(name: string, schema: ZodType, timeoutMs: number | undefined): Promise<unknown> {
    assertName('signal', name);
    const dueMs = timeoutMs === undefined ? undefined : this.#dueMs(this.#host.clock.nowMs() + timeoutMs);
    return this.#claimWait({ kind: 'signal', name }, 'signal-awaited', dueMs, schema);
  }

  claimTimer(dueMs: number): Promise<unknown> {
    return this.#claimWait({ kind: 'timer', name: '' }, 'timer-started', this.#dueMs(dueMs));
  }

  /** As {@link claimTimer}, from now. */
  claimSleep(durationMs: number): Promise<unknown> {
    return this.claimTimer(this.#host.clock.nowMs() + durationMs);
  }

  /** Records a value that is known at once, or gives the recorded one. */
  claimValue(name: string, make: () => JsonValue): JsonValue {
    const identity: OperationIdentity = { kind: 'value', name };
    const index = this.#claimIndex(identity);
    if (index === undefined) throw new DurableError('replay-diverged', 'The replay has diverged.');
    const recorded = this.#recorded.value(index);
    if (recorded !== undefined) return recorded;
    const value = make();
    const content = `{"value":${toCanonicalJson(value)}}`;
    this.#drafts.push({ runId: this.runId, kind: 'value-recorded', index, name, content });
    return value;
  }

  /**
   * Whether the run takes a changed path: yes where it has not come to this place before, no where it went on from here
   * without the change. Decided once for each id of a run.
   */
  claimPatch(id: string): boolean {
    assertName('patch', id);
    const known = this.#patches.get(id);
    if (known !== undefined) return known;
    const name = `patch-${id}`;
    const isTaken = !this.#recorded.goesOnWithout(name) && this.claimValue(name, () => true) === true;
    this.#patches.set(id, isTaken);
    return isTaken;
  }

  /** The clock, which never goes back within a run. */
  readClock(): number {
    this.#lastNowMs = Math.max(this.#lastNowMs, this.#host.clock.nowMs());
    return this.#lastNowMs;
  }

  /** `count` random bytes. */
  readRandom(count: number): Uint8Array {
    return this.#host.random.bytes(count);
  }

  #dueMs(timeMs: number): number {
    return Number.isFinite(timeMs) ? Math.min(Math.max(0, Math.ceil(timeMs)), Number.MAX_SAFE_INTEGER) : 0;
  }

  #claimWait(identity: OperationIdentity, kind: EntryKind, dueMs: number | undefined, schema?: ZodType) {
    return this.#claim(identity, (pending) => {
      const operation: WaitOperation = {
        ...pending,
        type: 'wait',
        dueMs,
        isRecorded: false,
        refusals: 0,
        ...(schema !== undefined && { schema }),
      };
      if (!this.#recorded.has(pending.index)) this.#drafts.push(this.#draft(kind, operation, '{}', dueMs));
      return operation;
    });
  }

  #claim(identity: OperationIdentity, build: (pending: Pending) => Operation): Promise<unknown> {
    const index = this.#claimIndex(identity);
    // A run that has diverged goes nowhere: the function is left waiting and collected.
    if (index === undefined) return new Promise(() => {});
    const promise = new Promise((resolve, reject) => {
      this.#operations.set(index, build({ index, identity, isSettled: false, resolve, reject }));
    });
    // The loser of a race, or a promise nobody awaits, must not end the process.
    promise.catch(() => {});
    return promise;
  }

  #claimIndex(identity: OperationIdentity): number | undefined {
    if (this.isDone) return undefined;
    const refusal = this.#recorded.compare(identity) ?? this.#refuseUnregistered(identity);
    if (refusal === undefined) return this.#recorded.claim();
    this.halt(refusal);
    return undefined;
  }

  /** Stops before a new operation that cannot be done here; a recorded one needs only its result. */
  #refuseUnregistered({ kind, name }: OperationIdentity): DurableError | undefined {
    if (this.#recorded.has(this.#recorded.next)) return undefined;
    if (kind === 'step' && !this.#host.hasStep(name)) {
      const message = `No step "${name}" is registered. Register it and resume the run.`;
      return new DurableError('step-unknown', message, { data: { step: name } });
    }
    if (kind === 'child' && !this.#host.hasWorkflow(name)) {
      const message = `The child workflow ${name} is not registered. Register it and resume the run.`;
      return new DurableError('workflow-unknown', message, { data: { workflow: name } });
    }
    return undefined;
  }

  // --- Entries in, one at a time ---------------------------------------------------------------------------------

  #schedule(): void {
    if (this.#isPumping || this.isDone) return;
    this.#isPumping = true;
    // A macrotask: by then the function has run as far as it can with what it was given.
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#isPumping = false;
    try {
      this.#advance();
    } catch (error) {
      // A payload that cannot be read: the run stops here and can be resumed when the cause is gone.
      this.halt(error);
    }
  }

  #advance(): void {
    while (this.#inboxAt < this.#inbox.length) {
      if (this.isDone) return;
      const entry = this.#inbox[this.#inboxAt] as JournalEntry;
      this.#inboxAt += 1;
      const mayRun = this.#apply(entry);
      // As the index sees it: see `foldEntry`.
      const isQuiet = entry.kind === 'run-resumed' || (entry.kind === 'signal-received' && !mayRun);
      if (entry.kind === 'run-parked') this.#isParkRecorded = true;
      else if (!isQuiet) this.#isParkRecorded = false;
      if (mayRun) {
        this.#moved();
        this.#schedule();
        return;
      }
    }
    this.#inbox = [];
    this.#inboxAt = 0;
    if (!this.isDone) this.#rest();
  }

  /** Applies an entry; true when the workflow function may run on because of it. */
  #apply(entry: JournalEntry): boolean {
    this.#lastNowMs = Math.max(this.#lastNowMs, entry.atMs);
    if (isClosing(entry.kind)) return this.#applyClosing(entry);
    if (entry.kind === 'run-started') return this.#start(entry);
    if (entry.kind === 'cancel-requested') return this.#cancel(entry);
    if (entry.kind === 'signal-received') return this.#receive(entry);
    if (entry.index === undefined || entry.kind === 'value-recorded') return false;
    const operation = this.#operations.get(entry.index);
    if (operation === undefined) {
      // Settled already, as by a time limit, or never claimed.
      if (entry.index >= this.#recorded.next) this.halt(this.#recorded.neverAttempted(entry));
      return false;
    }
    if (operation.type === 'step') return this.#applyToStep(operation, entry);
    return operation.type === 'child' ? this.#applyToChild(operation, entry) : this.#applyToWait(operation, entry);
  }

  #start(entry: JournalEntry): boolean {
    const parsed = this.#definition.input.safeParse(this.#host.readPayload('input', entry));
    if (!parsed.success) {
      const message = 'The recorded input no longer fits the workflow. Give the changed workflow a new version.';
      this.halt(new DurableError('input-invalid', message));
      return false;
    }
    const context = createWorkflowContext(this);
    const run = async (): Promise<unknown> => this.#definition.body(context, parsed.data);
    run().then(
      (value) => this.#end({ status: 'returned', value }),
      (error: unknown) => this.#end({ status: 'threw', error }),
    );
    return true;
  }

  #end(outcome: BodyOutcome): void {
    this.#outcome = outcome;
    this.#schedule();
  }

  #applyToStep(operation: StepOperation, entry: JournalEntry): boolean {
    if (entry.kind === 'step-attempt-failed') {
      operation.failedAttempts += 1;
      operation.notBeforeMs = entry.dueMs ?? 0;
      operation.isLaunched = false;
      return false;
    }
    if (entry.kind === 'step-failed') {
      const problem = entry.content.problem as unknown as Problem;
      return this.#settle(operation, () => operation.reject(new StepFailedError(operation.identity.name, problem)));
    }
    const output = this.#host.readPayload('output', entry);
    const parsed = operation.options.output?.safeParse(output);
    if (parsed?.success === false) {
      const message = `The output of the step "${operation.identity.name}" does not fit its schema.`;
      return this.#settle(operation, () => operation.reject(new DurableError('output-invalid', message)));
    }
    return this.#settle(operation, () => operation.resolve(parsed === undefined ? output : parsed.data));
  }

  #applyToChild(operation: ChildOperation, entry: JournalEntry): boolean {
    if (entry.kind === 'child-completed') {
      const output = this.#host.readPayload('output', entry);
      return this.#settle(operation, () => operation.resolve(output));
    }
    const problem = entry.content.problem as unknown as Problem;
    return this.#settle(operation, () => operation.reject(new ChildFailedError(operation.childId, problem)));
  }

  #applyToWait(operation: WaitOperation, entry: JournalEntry): boolean {
    const { name } = operation.identity;
    switch (entry.kind) {
      case 'timer-started':
        operation.isRecorded = true;
        operation.dueMs = entry.dueMs;
        return false;
      case 'signal-awaited':
      case 'signal-refused': {
        operation.isRecorded = true;
        operation.dueMs = entry.dueMs;
        this.#waiters.set(name, [...(this.#waiters.get(name) ?? []), operation]);
        const early = this.#early.get(name)?.shift();
        return early !== undefined && this.#receive(early);
      }
      case 'timer-fired':
        return this.#settle(operation, () => operation.resolve(undefined));
      default: {
        this.#dropWaiter(operation);
        const message = `The signal "${name}" did not come in time.`;
        const error = new DurableError('signal-timeout', message, { data: { signal: name } });
        return this.#settle(operation, () => operation.reject(error));
      }
    }
  }

  #receive(entry: JournalEntry): boolean {
    const name = entry.name ?? '';
    const operation = this.#waiters.get(name)?.shift();
    if (operation === undefined) {
      this.#early.set(name, [...(this.#early.get(name) ?? []), entry]);
      return false;
    }
    const parsed = operation.schema?.safeParse(this.#host.readPayload('payload', entry));
    if (parsed?.success === true) return this.#settle(operation, () => operation.resolve(parsed.data));
    // The payload is dropped and the wait goes on, by an entry of its own so that the index can follow.
    operation.refusals += 1;
    operation.isRecorded = false;
    if (operation.refusals > this.#recorded.refusals(operation.index)) {
      this.#drafts.push(this.#draft('signal-refused', operation, '{}', operation.dueMs));
    }
    return false;
  }

  #cancel(entry: JournalEntry): boolean {
    if (this.#isCancelled) return false;
    this.#isCancelled = true;
    const reason = entry.content.reason;
    const message = typeof reason === 'string' ? `The run was cancelled: ${reason}` : 'The run was cancelled.';
    this.#waiters.clear();
    for (const operation of [...this.#operations.values()]) {
      this.#abort(operation);
      this.#settle(operation, () => operation.reject(new DurableError('run-cancelled', message)));
    }
    return true;
  }

  #settle(operation: Operation, settle: () => void): boolean {
    operation.isSettled = true;
    this.#operations.delete(operation.index);
    settle();
    return true;
  }

  #dropWaiter(operation: WaitOperation): void {
    const { name } = operation.identity;
    this.#waiters.set(
      name,
      (this.#waiters.get(name) ?? []).filter((waiting) => waiting !== operation),
    );
  }

  #applyClosing(entry: JournalEntry): boolean {
    this.#setState(this.#host.readFinalState(entry));
    return false;
  }

  // --- At rest: everything known is applied and the function has run as far as it can ----------------------------

  #rest(): void {
    if (this.#isReplaying) {
      this.#isReplaying = false;
      this.#caughtUp();
      const missing = this.#recorded.firstMissing();
      if (missing !== undefined) {
        this.halt(this.#recorded.neverAttempted(missing));
        return;
      }
    }
    if (this.#drafts.length > 0) {
      const drafts = this.#drafts;
      this.#drafts = [];
      this.#append(drafts);
    }
    // What a step gets to see must be in the journal before the step starts.
    if (this.#uncommitted > 0) return;
    if (this.#outcome !== undefined) {
      this.#finish(this.#outcome);
      return;
    }
    const pending = [...this.#operations.values()];
    for (const operation of pending) this.#proceed(operation);
    if (this.isDone || this.#uncommitted > 0) return;
    if (pending.length === 0) {
      const message = `The workflow awaits something that is no operation of its context, after ${this.#recorded.lastAttempted}. Move it into a step.`;
      this.halt(new DurableError('workflow-escaped', message));
      return;
    }
    if (this.#inFlight > 0) return;
    const waitingFor: WaitingFor[] = [];
    for (const operation of pending) {
      if (operation.type === 'step') return;
      if (operation.type === 'wait') waitingFor.push(describeWait(operation));
      else if (this.#host.isChildParked(operation)) waitingFor.push({ kind: 'child', runId: operation.childId });
      else return;
    }
    // Whoever waits for a child must be driven to learn of its end: only the others can be left alone, and say so first.
    const isAlone = waitingFor.every(({ kind }) => kind !== 'child');
    if (isAlone && !this.#isParkRecorded) this.#append([{ runId: this.runId, kind: 'run-parked', content: '{}' }]);
    else this.#setState({ status: 'waiting', waitingFor });
  }

  /** A child has come to rest or started moving again. */
  childChanged(): void {
    if (this.isDone) return;
    this.#moved();
    this.#schedule();
  }

  #proceed(operation: Operation): void {
    if (operation.type === 'wait') {
      if (operation.isRecorded && operation.dueMs !== undefined) this.#host.wake(operation, operation.dueMs);
      return;
    }
    if (operation.isLaunched) return;
    operation.isLaunched = true;
    if (operation.type === 'child') {
      this.#host.launchChild(operation);
      return;
    }
    if (operation.refusal !== undefined) {
      const problem = toCanonicalJson(operation.refusal);
      const content = joinMembers({ inputDigest: `"${operation.input.digest}"`, problem });
      this.#append([this.#draft('step-failed', operation, content)]);
      return;
    }
    this.#inFlight += 1;
    this.#host.launch(operation, operation.notBeforeMs);
  }

  #finish(outcome: BodyOutcome): void {
    if (this.#isClosingAppended) return;
    this.#abortSteps();
    if (this.#inFlight > 0) return;
    this.#isClosingAppended = true;
    for (const operation of this.#operations.values()) if (operation.type === 'child') this.#abort(operation);
    this.#append([
      createClosingDraft(this.runId, this.#definition, this.#host, { ...outcome, isCancelled: this.#isCancelled }),
    ]);
  }

  #abortSteps(): void {
    for (const operation of this.#operations.values()) if (operation.type === 'step') this.#abort(operation);
  }

  #abort(operation: Operation): void {
    if (operation.type === 'wait' || !operation.isLaunched) return;
    if (operation.type === 'step') this.#host.abort(operation);
    else this.#host.cancelChild(operation);
  }

  #append(drafts: readonly EntryDraft[]): void {
    this.#uncommitted += 1;
    this.#host.append(drafts).then(
      () => {
        this.#uncommitted -= 1;
        this.#schedule();
      },
      (error: unknown) => this.halt(error),
    );
  }

  #draft(kind: EntryKind, { index, identity }: Operation, content: string, dueMs?: number): EntryDraft {
    const { name } = identity;
    return {
      runId: this.runId,
      kind,
      index,
      ...(name !== '' && { name }),
      ...(dueMs !== undefined && { dueMs }),
      content,
    };
  }

  #moved(): void {
    if (this.#state.status === 'waiting') this.#setState({ status: 'moving' });
  }

  #setState(state: MachineState): void {
    this.#state = state;
    if (this.isDone) this.#caughtUp();
    this.#host.changed();
  }
}

function describeWait({ index, identity, dueMs }: WaitOperation): WaitingFor {
  const name = identity.kind === 'signal' && { name: identity.name };
  return toWaitingFor({ index, ...name, ...(dueMs !== undefined && { dueMs }) });
}
