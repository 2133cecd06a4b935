import type { Digest, JsonObject } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { BlobStore } from './blob-store.js';
import { readCheckpointLines } from './checkpoint.js';
import type { Database, SqlRow } from './database.js';
import { type JournalEntry, toEntry } from './entry.js';
import { LogTree } from './log-tree.js';
import { chainStart, hashEntry } from './merkle.js';
import { type ExportedEntry, namedBlobs, type RunExport } from './run-export.js';
import type { RunKeys } from './run-keys.js';
import type { RunRecord, RunStatus } from './run-summary.js';
import type { Statements } from './statements.js';

/** A run of the index. */
export interface RunRow {
  readonly runId: string;
  readonly record: RunRecord;
}

/** What a {@link JournalReader} reads from. */
export interface JournalReaderOptions {
  readonly database: Database;
  readonly statements: Statements;
  readonly blobs: BlobStore;
  readonly keys: RunKeys;
}

/** Answers questions about a journal from what is committed. */
export class JournalReader {
  readonly #database: Database;
  readonly #statements: Statements;
  readonly #blobs: BlobStore;
  readonly #keys: RunKeys;

  constructor({ database, statements, blobs, keys }: JournalReaderOptions) {
    this.#database = database;
    this.#statements = statements;
    this.#blobs = blobs;
    this.#keys = keys;
  }

  run(runId: string): RunRow | undefined {
    const row = this.#statements.run.get(runId);
    return row === undefined ? undefined : { runId, record: parseRecord(row[0]) };
  }

  /** Every run that is sealed with a key. */
  sealedRuns(): RunRow[] {
    const rows = this.#statements.sealedRuns.all();
    return rows.map(([runId, json]) => ({ runId: toText(runId), record: parseRecord(json) }));
  }

  /** The newest runs first. */
  runs(filter: { status?: RunStatus | undefined; workflow?: string | undefined; limit: number }): RunRow[] {
    const { status, workflow = '', limit } = filter;
    const statement = status === undefined ? this.#statements.runs : this.#statements.runsByStatus;
    const rows = statement.all(
      workflow,
      Math.min(limit, Number.MAX_SAFE_INTEGER),
      ...(status === undefined ? [] : [status]),
    );
    return rows.map(([runId, json]) => ({ runId: toText(runId), record: parseRecord(json) }));
  }

  /**
   * A run with its entries, their chain checked on the way; undefined when there is no such run.
   *
   * @throws {DurableError} `store-tampered` when the chain does not lead to the head that the index has.
   */
  read(runId: string): { readonly row: RunRow; readonly entries: readonly JournalEntry[] } | undefined {
    const [row, bodies] = this.#database.snapshot(() => [
      this.#statements.state.get(runId),
      this.#statements.entries.all(runId),
    ]);
    if (row === undefined) return undefined;
    const entries: JournalEntry[] = [];
    let previous: Buffer = chainStart;
    for (const [bytes] of bodies) {
      const body = toText(bytes);
      previous = hashEntry(previous, body);
      const entry = parseBody(body);
      if (entry === undefined || entry.runId !== runId || entry.seq !== entries.length) throw tamperedError(runId);
      entries.push(this.open(entry));
    }
    const [record, head] = row;
    if (!Buffer.isBuffer(head) || !head.equals(previous)) throw tamperedError(runId);
    return { row: { runId, record: parseRecord(record) }, entries };
  }

  entry(runId: string, seq: number): JournalEntry | undefined {
    const row = this.#statements.entry.get(runId, seq);
    const entry = row === undefined ? undefined : parseBody(toText(row[0]));
    return entry && this.open(entry);
  }

  /** An entry with its content in the clear, or as it is where the key is not there. */
  open(entry: JournalEntry): JournalEntry {
    const { sealed } = entry.content;
    if (typeof sealed !== 'string') return entry;
    let key: Buffer;
    try {
      key = this.#keys.get(entry.runId);
    } catch (error) {
      if (error instanceof DurableError) return entry;
      throw error;
    }
    return { ...entry, content: JSON.parse(this.#keys.openContent(key, entry, sealed)) as JsonObject };
  }

  /** The newest signed checkpoint; undefined in an empty store. */
  checkpoint(): string | undefined {
    const note = this.#statements.lastHead.get()?.[1];
    return note === undefined ? undefined : toText(note);
  }

  /** The whole log in memory, and the checkpoint that it leads to. */
  tree(): { readonly tree: LogTree; readonly checkpoint: string } {
    const leaves: Buffer[] = [];
    let checkpoint = '';
    for (const [note] of this.#statements.headsAfter.all(0)) {
      checkpoint = toText(note);
      for (const { hash } of readCheckpointLines(checkpoint)) leaves.push(hash);
    }
    return { tree: new LogTree(leaves), checkpoint };
  }

  /** A run with everything that is needed to verify it elsewhere. */
  export(runId: string): RunExport {
    return this.#database.snapshot(() => this.#export(runId));
  }

  #export(runId: string): RunExport {
    const { tree, checkpoint } = this.tree();
    const blobs: Record<string, string> = {};
    const keep = (digest: Digest) => {
      blobs[digest] ??= Buffer.from(this.#blobs.get(digest)).toString('base64');
    };
    const entries: ExportedEntry[] = [];
    for (const [position, bytes] of this.#statements.exported.all(runId)) {
      const body = toText(bytes);
      const entry = parseBody(body);
      if (entry === undefined) throw tamperedError(runId);
      // Twice: a list of blobs names more of them once it is there itself.
      for (const digest of namedBlobs(entry, blobs)) keep(digest);
      for (const digest of namedBlobs(entry, blobs)) keep(digest);
      const proof = tree.inclusionProof(Number(position)).map((hash) => hash.toString('base64'));
      entries.push({ body, index: Number(position), proof });
    }
    const dataKey = this.#keys.wrappedKey(runId);
    return { format: 'trocar-run/1', run: runId, checkpoint, entries, blobs, ...(dataKey && { dataKey }) };
  }
}

/** The record that a row of the index holds. */
export function parseRecord(json: SqlRow[number] | undefined): RunRecord {
  try {
    return JSON.parse(toText(json)) as RunRecord;
  } catch {
    throw tamperedError();
  }
}

/** The entry that a row holds; undefined when it is malformed. */
export function parseBody(body: string): JournalEntry | undefined {
  try {
    return toEntry(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** A text column, which is read as bytes. */
export function toText(value: SqlRow[number] | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}

/** What is thrown when a store does not say what it has signed. */
export function tamperedError(runId?: string): DurableError {
  const message = 'The store does not fit its own checkpoints. Run the verification and restore a backup.';
  return new DurableError('store-tampered', message, runId === undefined ? {} : { data: { runId } });
}
