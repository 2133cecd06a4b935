import { type Digest, digestBytes, isDigest, toCanonicalJson } from '@trocar/core';
import { DurableError } from '../errors.js';
import { openCheckpoint } from './checkpoint.js';
import { decodeEntry, type JournalEntry } from './entry.js';
import { isConsistent, rootOfInclusion } from './log-tree.js';
import { chainStart, hashEntry, hashSizeBytes } from './merkle.js';
import { digestWrappedKey } from './run-keys.js';
import { foldEntry, type RunRecord } from './run-summary.js';
import { parseVerifierKey } from './signed-note.js';
import type { JournalVerdict } from './verify.js';

const format = 'trocar-run/1';
const maximumExportBytes = 512 * 1_048_576;

/** An entry of an exported run, with the proof that it stands in the log. */
export interface ExportedEntry {
  readonly body: string;
  /** Its place in the journal. */
  readonly index: number;
  /** Its audit path in the log of the checkpoint's size, from the leaf up, in base64. */
  readonly proof: readonly string[];
}

/** One run with everything that is needed to verify it without the journal it comes from. */
export interface RunExport {
  readonly format: typeof format;
  readonly run: string;
  /** The signed checkpoint that the proofs lead to. */
  readonly checkpoint: string;
  readonly entries: readonly ExportedEntry[];
  /** The blobs that the entries name, in base64. */
  readonly blobs: Readonly<Record<string, string>>;
  /** Only where the run is sealed: its wrapped data key, in base64. */
  readonly dataKey?: { readonly wrapper: string; readonly wrapped: string };
}

/** Writes an export as the text of one file. */
export function toExportText(value: RunExport): string {
  return `${toCanonicalJson(value)}\n`;
}

/** An export whose entries were verified. */
export interface VerifiedExport {
  readonly value: RunExport;
  readonly entries: readonly JournalEntry[];
  readonly record: RunRecord;
}

/**
 * Verifies an exported run with the public key alone: chain, place of every entry in the signed log, and blobs.
 *
 * @throws {DurableError} `key-invalid` when `publicKey` is malformed.
 */
export function verifyRunExport(text: string, publicKey: string): JournalVerdict {
  const result = openRunExport(text, publicKey);
  return 'firstBad' in result ? result : { ok: true, entries: result.entries.length };
}

/** As {@link verifyRunExport}, with what the export holds. */
export function openRunExport(
  text: string,
  publicKey: string,
): VerifiedExport | Extract<JournalVerdict, { ok: false }> {
  const verifier = parseVerifierKey(publicKey);
  const value = parseExport(text);
  if (value === undefined)
    return refuse(0, { run: null, seq: null, index: null, reason: 'The text is no exported run.' });
  const checkpoint = openCheckpoint(value.checkpoint, verifier);
  const run = value.run;
  if (checkpoint === undefined) {
    return refuse(0, { run, seq: 0, index: null, reason: 'The checkpoint is not signed by this key, or was changed.' });
  }
  const entries: JournalEntry[] = [];
  let head: Buffer = chainStart;
  let record: RunRecord | undefined;
  for (const { body, index, proof } of value.entries) {
    const seq = entries.length;
    const entry = decodeEntry(body);
    head = hashEntry(head, body);
    const path = proof.map((hash) => Buffer.from(hash, 'base64'));
    const root = rootOfInclusion(head, index, checkpoint.size, path);
    record = entry?.runId === run ? foldEntry(record, entry) : undefined;
    if (entry === undefined || record === undefined || root?.equals(checkpoint.root) !== true) {
      return refuse(seq, { run, seq, index, reason: 'The entry is not the one that stands in the signed log.' });
    }
    const missing = namedBlobs(entry, value.blobs).find((digest) => !isBlobThere(value.blobs, digest));
    if (missing !== undefined) {
      return refuse(seq, { run, seq, index, reason: 'A blob that the entry names is missing or was changed.' });
    }
    entries.push(entry);
  }
  const { dataKey } = value;
  const keyDigest = dataKey && digestWrappedKey(dataKey.wrapper, Buffer.from(dataKey.wrapped, 'base64'));
  if (record !== undefined && keyDigest !== record.key) {
    const seq = record.entries - 1;
    return refuse(seq, { run, seq, index: null, reason: 'The key of the run is not the one that its entries name.' });
  }
  if (record === undefined) return refuse(0, { run, seq: 0, index: null, reason: 'The export has no entries.' });
  return { value, entries, record };
}

/** The blobs that an entry names, also by way of a list that is itself a blob of `blobs`. */
export function namedBlobs(entry: JournalEntry, blobs: Readonly<Record<string, string>>): Digest[] {
  const { content } = entry;
  const named: unknown[] = [...(entry.refs ?? [])];
  for (const name of ['inputBlob', 'outputBlob', 'payloadBlob', 'blobsBlob']) named.push(content[name]);
  if (Array.isArray(content.blobs)) named.push(...content.blobs);
  const list = typeof content.blobsBlob === 'string' ? blobs[content.blobsBlob] : undefined;
  if (list !== undefined) named.push(...parseList(Buffer.from(list, 'base64').toString('utf8')));
  return named.filter(isDigest);
}

/** A proof that one checkpoint's log is the beginning of another's. */
export interface ConsistencyProof {
  readonly newCheckpoint: string;
  /** Hashes in base64 (RFC 6962, section 2.1.2). */
  readonly proof: readonly string[];
}

/**
 * Whether an old checkpoint, kept anywhere, is a true part of what a journal says now.
 *
 * @throws {DurableError} `key-invalid` when `publicKey` is malformed.
 */
export function verifyConsistency(
  oldCheckpoint: string,
  { newCheckpoint, proof }: ConsistencyProof,
  publicKey: string,
): boolean {
  const verifier = parseVerifierKey(publicKey);
  const [older, newer] = [openCheckpoint(oldCheckpoint, verifier), openCheckpoint(newCheckpoint, verifier)];
  if (older === undefined || newer === undefined) return false;
  return isConsistent({
    oldSize: older.size,
    oldRoot: older.root,
    newSize: newer.size,
    newRoot: newer.root,
    proof: proof.map((hash) => Buffer.from(hash, 'base64')),
  });
}

function isBlobThere(blobs: Readonly<Record<string, string>>, digest: Digest): boolean {
  const text = Object.hasOwn(blobs, digest) ? blobs[digest] : undefined;
  return text !== undefined && digestBytes(Buffer.from(text, 'base64')) === digest;
}

function refuse(entries: number, firstBad: Extract<JournalVerdict, { ok: false }>['firstBad']) {
  return { ok: false, entries, firstBad } as const;
}

function parseList(text: string): unknown[] {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : [];
  } catch {
    // A sealed list: who has no key cannot follow it.
    return [];
  }
}

function parseExport(text: string): RunExport | undefined {
  if (text.length > maximumExportBytes) {
    throw new DurableError('payload-too-large', `The export is larger than ${maximumExportBytes} bytes.`);
  }
  let value: Partial<RunExport> | null;
  try {
    value = JSON.parse(text) as Partial<RunExport> | null;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || value.format !== format) return undefined;
  const { run, checkpoint, entries, blobs, dataKey } = value;
  if (typeof run !== 'string' || typeof checkpoint !== 'string' || !Array.isArray(entries)) return undefined;
  if (!isTextRecord(blobs) || !entries.every(isExportedEntry)) return undefined;
  if (dataKey !== undefined && !isTextRecord(dataKey)) return undefined;
  return value as RunExport;
}

function isExportedEntry(value: Partial<ExportedEntry> | null): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { body, index, proof } = value;
  const isProof = Array.isArray(proof) && proof.every((hash) => hashSize(hash) === hashSizeBytes);
  return typeof body === 'string' && Number.isSafeInteger(index) && isProof;
}

function hashSize(text: unknown): number {
  return typeof text === 'string' ? Buffer.from(text, 'base64').length : 0;
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
