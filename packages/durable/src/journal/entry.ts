import { type Digest, isDigest, isTrocarError, type JsonObject, toCanonicalJson } from '@trocar/core';
import type { DataKey } from './run-keys.js';

const kinds = [
  'run-started',
  'run-resumed',
  'run-parked',
  'step-completed',
  'step-attempt-failed',
  'step-failed',
  'signal-awaited',
  'signal-received',
  'signal-refused',
  'signal-timed-out',
  'child-completed',
  'child-failed',
  'timer-started',
  'timer-fired',
  'value-recorded',
  'cancel-requested',
  'run-completed',
  'run-failed',
  'run-cancelled',
  'key-rewrapped',
  'run-shredded',
] as const;

/** What an entry records. */
export type EntryKind = (typeof kinds)[number];

const closingKinds: ReadonlySet<EntryKind> = new Set(['run-completed', 'run-failed', 'run-cancelled']);

/** Whether an entry of this kind ends its run. */
export function isClosing(kind: EntryKind): boolean {
  return closingKinds.has(kind);
}

/** One committed entry of a run. */
export interface JournalEntry {
  readonly runId: string;
  /** 0 for the run's first entry. */
  readonly seq: number;
  /** When it was written, in milliseconds since 1970; never less than in the entry before. */
  readonly atMs: number;
  readonly kind: EntryKind;
  /** Which operation of the workflow it belongs to, counted from 0 in program order. */
  readonly index?: number;
  /** The step, signal or kind of value; `name@version` of the workflow for `run-started`. */
  readonly name?: string;
  /** When a wait or a pause ends, in milliseconds since 1970. */
  readonly dueMs?: number;
  /** Which engine drives the run from here on. */
  readonly holder?: string;
  /** The digest of the row that holds the run's wrapped data key; only where runs are sealed. */
  readonly key?: Digest;
  /** The blobs that the entry names; only where its content is sealed and cannot show them. */
  readonly refs?: readonly Digest[];
  /**
   * What the kind carries: payloads (`input`, `output`, `payload`) each with its digest (`inputDigest`, …), or only the
   * digest where it is large (`outputBlob` then names the blob); `attributes`, `identity`, `problem`.
   * `{ sealed }` where it is sealed and was read without the key.
   */
  readonly content: JsonObject;
}

/** An entry on its way: `content` is canonical JSON text, since payloads were written once already for their digest. */
export interface EntryDraft extends Omit<JournalEntry, 'seq' | 'atMs' | 'content' | 'key' | 'refs'> {
  readonly content: string;
  /** A data key to be stored with the entry. */
  readonly dataKey?: DataKey;
}

/** What is added to a draft when its place is known. */
export interface EntryPlace {
  readonly seq: number;
  readonly atMs: number;
  readonly refs?: readonly Digest[];
}

/** An entry in the canonical JSON that is hashed. The members are in RFC 8785's order; all of them are plain ASCII. */
export function encodeEntry(draft: EntryDraft, { seq, atMs, refs = [] }: EntryPlace): string {
  const { content, dataKey, dueMs, holder, index, kind, name, runId } = draft;
  let text = `{"at":${atMs},"content":${content}`;
  if (dueMs !== undefined) text += `,"due":${dueMs}`;
  if (holder !== undefined) text += `,"holder":"${holder}"`;
  if (index !== undefined) text += `,"index":${index}`;
  if (dataKey !== undefined) text += `,"key":"${dataKey.digest}"`;
  text += `,"kind":"${kind}"`;
  if (name !== undefined) text += `,"name":"${name}"`;
  if (refs.length > 0) text += `,"refs":["${refs.join('","')}"]`;
  return `${text},"run":"${runId}","seq":${seq}}`;
}

/** Reads an entry; undefined unless the text is exactly what {@link encodeEntry} writes. */
export function decodeEntry(body: string): JournalEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
    if (toCanonicalJson(value) !== body) return undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isTrocarError(error)) return undefined;
    throw error;
  }
  return toEntry(value);
}

const knownMembers = new Set(['at', 'content', 'due', 'holder', 'index', 'key', 'kind', 'name', 'refs', 'run', 'seq']);

/** As {@link decodeEntry}, for a body whose hash was already compared: does not check that it is canonical. */
export function toEntry(value: unknown): JournalEntry | undefined {
  if (!isObject(value)) return undefined;
  for (const member of Object.keys(value)) if (!knownMembers.has(member)) return undefined;
  const { at, content, due, holder, index, key, kind, name, refs, run, seq } = value;
  if (!isTime(at) || !isObject(content) || !isKind(kind) || typeof run !== 'string' || !isTime(seq)) return undefined;
  if (!isOptional(due, isTime) || !isOptional(index, isTime)) return undefined;
  if (!isOptional(holder, isText) || !isOptional(name, isText)) return undefined;
  if (!isOptional(key, isDigest) || !isOptional(refs, isDigests)) return undefined;
  return {
    runId: run,
    seq,
    atMs: at,
    kind,
    ...(index !== undefined && { index }),
    ...(name !== undefined && { name }),
    ...(due !== undefined && { dueMs: due }),
    ...(holder !== undefined && { holder }),
    ...(key !== undefined && { key }),
    ...(refs !== undefined && { refs }),
    content: content as JsonObject,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isKind(value: unknown): value is EntryKind {
  return (kinds as readonly unknown[]).includes(value);
}

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isDigests(value: unknown): value is readonly Digest[] {
  return Array.isArray(value) && value.every(isDigest);
}

function isOptional<T>(value: unknown, guard: (value: unknown) => value is T): value is T | undefined {
  return value === undefined || guard(value);
}
