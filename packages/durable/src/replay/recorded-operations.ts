import type { JsonValue } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { JournalEntry } from '../journal/entry.js';
import { callSite } from './call-site.js';
import { describeOperation, isSameOperation, type OperationIdentity, recordedValue, toIdentity } from './operation.js';

/** The operations of a run, recorded and claimed: what a replay is compared with. */
export class RecordedOperations {
  readonly #first = new Map<number, JournalEntry>();
  readonly #refusals = new Map<number, number>();
  #last = -1;
  #next = 0;
  #lastAttempted = 'nothing';

  /** Takes the entries of the record. */
  load(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const { index, kind } = entry;
      if (index === undefined) continue;
      if (!this.#first.has(index)) this.#first.set(index, entry);
      this.#last = Math.max(this.#last, index);
      if (kind === 'signal-refused') this.#refusals.set(index, this.refusals(index) + 1);
    }
  }

  /** The index that the next operation gets. */
  get next(): number {
    return this.#next;
  }

  /** The operation that was attempted last, as messages name it. */
  get lastAttempted(): string {
    return this.#lastAttempted;
  }

  has(index: number): boolean {
    return this.#first.has(index);
  }

  /** How many payloads were refused for this operation, according to the record. */
  refusals(index: number): number {
    return this.#refusals.get(index) ?? 0;
  }

  /** The value recorded for an operation; undefined when there is none. */
  value(index: number): JsonValue | undefined {
    const entry = this.#first.get(index);
    return entry && recordedValue(entry);
  }

  /** Compares an operation with the record; undefined when it may be claimed. */
  compare(identity: OperationIdentity): DurableError | undefined {
    this.#lastAttempted = describeOperation(identity);
    const recorded = this.#first.get(this.#next);
    const recordedIdentity = recorded && toIdentity(recorded);
    if (recordedIdentity === undefined || isSameOperation(recordedIdentity, identity)) return undefined;
    return divergence(this.#next, describeOperation(recordedIdentity), `${this.#lastAttempted}${callSite()}`);
  }

  /** Claims the next index. */
  claim(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  /** Whether the record goes on from here without an operation of this name. */
  goesOnWithout(name: string): boolean {
    return this.#next <= this.#last && this.#first.get(this.#next)?.name !== name;
  }

  /** The error for an entry whose operation was never attempted. */
  neverAttempted(entry: JournalEntry): DurableError {
    const identity = toIdentity(entry);
    const recorded = identity === undefined ? entry.kind : describeOperation(identity);
    const attempted = `nothing more after ${this.#next} operations (last: ${this.#lastAttempted})`;
    return divergence(entry.index ?? this.#next, recorded, attempted);
  }

  /** The first recorded operation that was not attempted; undefined when all were. */
  firstMissing(): JournalEntry | undefined {
    for (const [index, entry] of this.#first) if (index >= this.#next) return entry;
    return undefined;
  }
}

function divergence(index: number, recorded: string, attempted: string): DurableError {
  const advice = 'Run it with the code it was started with, or give the changed workflow a new version.';
  const message = `The replay diverged at operation ${index}: recorded ${recorded}, attempted ${attempted}. ${advice}`;
  return new DurableError('replay-diverged', message, { data: { index, recorded, attempted } });
}
