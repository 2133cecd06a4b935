import type { Problem } from '@trocar/core';
import { isClosing, type JournalEntry } from './entry.js';

/** How a run stands. `waiting`: it has nothing to do until a signal or a timer comes. */
export type RunStatus = 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';

/** Something that a run waits for. */
export type WaitingFor =
  | { readonly kind: 'signal'; readonly name: string; readonly deadlineMs?: number }
  | { readonly kind: 'timer'; readonly dueMs: number }
  | { readonly kind: 'child'; readonly runId: string };

/** What the entries of a run say about it as a whole. */
export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly status: RunStatus;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly entries: number;
  readonly waitingFor: readonly WaitingFor[];
  readonly identity?: string;
  readonly problem?: Problem;
}

/** An open wait: the operation that waits, for what, and until when. */
export interface OpenWait {
  readonly index: number;
  /** The signal's name; absent for a timer. */
  readonly name?: string;
  readonly dueMs?: number;
}

/**
 * What the index keeps of a run: a fold over the plain parts of its entries, so that verification can compute it again
 * and payloads never show in it.
 */
export interface RunRecord {
  readonly workflow: string;
  readonly status: RunStatus;
  readonly startedMs: number;
  readonly updatedMs: number;
  readonly entries: number;
  readonly holder: string;
  readonly waits: readonly OpenWait[];
  /** Whether it does nothing but wait, so that nobody needs to drive it until something comes. */
  readonly parked: boolean;
  /** Signals that came before anybody waited for them, by name. */
  readonly early: Readonly<Record<string, number>>;
  /** The digest of the row that holds its wrapped data key, while it is sealed and not shredded. */
  readonly key?: string;
  /** The place of the entry that ended the run. */
  readonly closedSeq?: number;
}

/** The record after one more entry; undefined when that entry cannot follow. */
export function foldEntry(record: RunRecord | undefined, entry: JournalEntry): RunRecord | undefined {
  const { kind, seq, atMs } = entry;
  if (record === undefined) return kind === 'run-started' && seq === 0 ? startRecord(entry) : undefined;
  if (kind === 'run-started' || seq !== record.entries || atMs < record.updatedMs) return undefined;
  if (kind === 'key-rewrapped' || kind === 'run-shredded') return foldKey(record, entry);
  if (isClosed(record)) return undefined;
  const waits = foldWaits(record, entry);
  const next = { ...record, updatedMs: atMs, entries: seq + 1, ...waits, parked: isParkedAfter(record, entry, waits) };
  if (kind === 'run-resumed') next.holder = entry.holder ?? '';
  next.status = next.parked ? 'waiting' : 'running';
  if (!isClosing(kind)) return next;
  return { ...next, status: kind.slice('run-'.length) as RunStatus, closedSeq: seq };
}

function isParkedAfter(record: RunRecord, { kind }: JournalEntry, { waits }: Waits): boolean {
  if (kind === 'run-parked') return waits.length > 0;
  // A signal that nobody waits for yet is kept, and wakes nobody.
  const isQuiet = kind === 'run-resumed' || (kind === 'signal-received' && waits.length === record.waits.length);
  return record.parked && isQuiet;
}

/** Keys change also after a run is closed: nothing else does. */
function foldKey(record: RunRecord, { atMs, kind, seq, key }: JournalEntry): RunRecord | undefined {
  const { key: old, ...rest } = record;
  if (old === undefined || (kind === 'run-shredded' && !isClosed(record))) return undefined;
  return { ...rest, updatedMs: atMs, entries: seq + 1, ...(kind === 'key-rewrapped' && { key: key ?? '' }) };
}

/** Whether the run has its last entry. */
export function isClosed(record: { readonly status: RunStatus }): boolean {
  return record.status !== 'running' && record.status !== 'waiting';
}

/** The time of the next timer or time limit that the run waits for. */
export function nextDueMs(record: RunRecord): number | undefined {
  let due: number | undefined;
  for (const wait of record.waits) {
    if (wait.dueMs !== undefined && (due === undefined || wait.dueMs < due)) due = wait.dueMs;
  }
  return due;
}

/** What a record says to people; the first and the closing entry add what the index must not show. */
export function toSummary(runId: string, record: RunRecord, first: JournalEntry, last: JournalEntry): RunSummary {
  const at = record.workflow.indexOf('@');
  const identity = first.content.identity;
  const problem = isClosed(record) ? last.content.problem : undefined;
  return {
    runId,
    workflow: record.workflow.slice(0, at),
    version: record.workflow.slice(at + 1),
    status: record.status,
    startedMs: record.startedMs,
    updatedMs: record.updatedMs,
    entries: record.entries,
    waitingFor: record.waits.map(toWaitingFor),
    ...(typeof identity === 'string' && { identity }),
    ...(problem !== undefined && { problem: problem as unknown as Problem }),
  };
}

/** What a run waits for, as people see it. */
export function toWaitingFor({ name, dueMs }: OpenWait): WaitingFor {
  if (name === undefined) return { kind: 'timer', dueMs: dueMs ?? 0 };
  return { kind: 'signal', name, ...(dueMs !== undefined && { deadlineMs: dueMs }) };
}

function startRecord({ atMs, holder, key, name }: JournalEntry): RunRecord {
  return {
    workflow: name ?? '',
    status: 'running',
    startedMs: atMs,
    updatedMs: atMs,
    entries: 1,
    holder: holder ?? '',
    waits: [],
    parked: false,
    early: {},
    ...(key !== undefined && { key }),
  };
}

type Waits = Pick<RunRecord, 'waits' | 'early'>;

function foldWaits({ waits, early }: RunRecord, entry: JournalEntry): Waits {
  const { kind, index = -1, name = '', dueMs } = entry;
  switch (kind) {
    case 'timer-started':
      return { waits: [...waits, { index, ...(dueMs !== undefined && { dueMs }) }], early };
    case 'signal-awaited':
    case 'signal-refused': {
      const count = early[name] ?? 0;
      if (count > 0) return { waits, early: withCount(early, name, count - 1) };
      return { waits: [...waits, { index, name, ...(dueMs !== undefined && { dueMs }) }], early };
    }
    case 'signal-received': {
      const waiting = waits.find((wait) => wait.name === name);
      if (waiting === undefined) return { waits, early: withCount(early, name, (early[name] ?? 0) + 1) };
      return { waits: waits.filter((wait) => wait !== waiting), early };
    }
    case 'timer-fired':
    case 'signal-timed-out':
      return { waits: waits.filter((wait) => wait.index !== index), early };
    case 'cancel-requested':
      return { waits: [], early };
    default:
      return isClosing(kind) ? { waits: [], early: {} } : { waits, early };
  }
}

function withCount(early: Readonly<Record<string, number>>, name: string, count: number): Record<string, number> {
  const { [name]: _, ...rest } = early;
  return count > 0 ? { ...rest, [name]: count } : rest;
}
