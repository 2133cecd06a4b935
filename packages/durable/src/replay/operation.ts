import type { JsonValue, Problem } from '@trocar/core';
import type { ZodType } from 'zod';
import type { JournalEntry } from '../journal/entry.js';
import type { Payload } from '../journal/payload.js';
import type { RunOptions } from '../workflow/context.js';

/** What identifies an operation in the record: a replay must attempt the same ones in the same order. */
export interface OperationIdentity {
  readonly kind: 'step' | 'child' | 'signal' | 'timer' | 'value';
  /** The step, signal or kind of value; `name@version` of a child; empty for a timer. */
  readonly name: string;
  /** Only for steps and children. */
  readonly inputDigest?: string;
}

/** What every operation has that awaits its result. */
export interface Pending {
  readonly index: number;
  readonly identity: OperationIdentity;
  /** True from the moment when its promise is settled. */
  isSettled: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A call of a step. */
export interface StepOperation extends Pending {
  readonly type: 'step';
  readonly input: Payload;
  readonly options: RunOptions & { readonly output?: ZodType };
  /** How many attempts have failed so far. */
  failedAttempts: number;
  /** The next attempt does not start before this time. */
  notBeforeMs: number;
  isLaunched: boolean;
  /** Set where the input is refused before anything runs. */
  readonly refusal?: Problem;
}

/** A wait for a signal or a timer. */
export interface WaitOperation extends Pending {
  readonly type: 'wait';
  readonly schema?: ZodType;
  dueMs: number | undefined;
  /** Whether the entry that says that it waits is committed. */
  isRecorded: boolean;
  /** How often a payload that did not fit was dropped, now and in the record. */
  refusals: number;
}

/** A run that this one has started and waits for. */
export interface ChildOperation extends Pending {
  readonly type: 'child';
  readonly childId: string;
  readonly input: Payload;
  isLaunched: boolean;
}

/** An operation that has been claimed and has no result yet. */
export type Operation = StepOperation | ChildOperation | WaitOperation;

/** The operation that an entry belongs to; undefined for entries that concern the whole run. */
export function toIdentity(entry: JournalEntry): OperationIdentity | undefined {
  const name = entry.name ?? '';
  switch (entry.kind) {
    case 'step-completed':
    case 'step-attempt-failed':
    case 'step-failed':
      return { kind: 'step', name, inputDigest: String(entry.content.inputDigest) };
    case 'child-completed':
    case 'child-failed':
      return { kind: 'child', name, inputDigest: String(entry.content.inputDigest) };
    case 'signal-awaited':
    case 'signal-refused':
    case 'signal-timed-out':
      return { kind: 'signal', name };
    case 'timer-started':
    case 'timer-fired':
      return { kind: 'timer', name: '' };
    case 'value-recorded':
      return { kind: 'value', name };
    default:
      return undefined;
  }
}

/** Whether two identities are the same operation. */
export function isSameOperation(left: OperationIdentity, right: OperationIdentity): boolean {
  return left.kind === right.kind && left.name === right.name && left.inputDigest === right.inputDigest;
}

/** An operation as an error names it. */
export function describeOperation({ kind, name, inputDigest }: OperationIdentity): string {
  const input = inputDigest === undefined ? '' : ` with input ${inputDigest.slice(0, 'sha256:'.length + 12)}`;
  return `${kind}${name === '' ? '' : ` "${name}"`}${input}`;
}

/** The value of a `value-recorded` entry. */
export function recordedValue(entry: JournalEntry): JsonValue {
  return entry.content.value ?? null;
}
