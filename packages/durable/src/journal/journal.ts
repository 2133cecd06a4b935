import { existsSync } from 'node:fs';
import { type Clock, type Digest, type JsonObject, type Logger, toCanonicalJson } from '@trocar/core';
import { DurableError } from '../errors.js';
import { createBlobStore, type JournalBlobs } from './blob-store.js';
import { type CheckpointLine, openCheckpoint, signCheckpoint } from './checkpoint.js';
import { type Database, openDatabase, type SqlRow } from './database.js';
import { type EntryDraft, encodeEntry, type JournalEntry } from './entry.js';
import { checkGuard, type Guard } from './guard.js';
import { JournalReader, parseBody, parseRecord, tamperedError, toText } from './journal-reader.js';
import { chainStart, Frontier, hashEntry } from './merkle.js';
import { payloadNames } from './payload.js';
import type { VerifiedExport } from './run-export.js';
import { RunKeys } from './run-keys.js';
import { foldEntry, isClosed, type RunRecord } from './run-summary.js';
import { prepareSchema } from './schema.js';
import type { SealingKeys } from './sealing.js';
import type { NoteSigner } from './signed-note.js';
import { openSigningKey } from './signing-key.js';
import { prepareStatements, type Statements } from './statements.js';
import { appendToWitness, readWitnessTail } from './witness-file.js';

/** What {@link openJournal} needs. */
export interface JournalOptions {
  readonly path: string;
  readonly keyFolder: string;
  readonly witnessPath: string | undefined;
  readonly maxStoreBytes: number | undefined;
  readonly lockTimeoutMs: number;
  readonly sealing: SealingKeys | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface RunState {
  readonly record: RunRecord;
  readonly head: Buffer;
}

interface Request {
  /** All of one run; a closing one can only be the last. */
  readonly drafts: readonly EntryDraft[];
  /** A run that was written elsewhere, in place of drafts. */
  readonly imported?: VerifiedExport;
  readonly guard: Guard;
  resolve(entries: readonly JournalEntry[]): void;
  reject(error: unknown): void;
}

interface Commit {
  readonly entries: JournalEntry[];
  readonly states: Map<string, RunState>;
  readonly frontier: Frontier;
  readonly outcomes: (readonly JournalEntry[] | DurableError)[];
  note: string | undefined;
}

const maximumCachedRuns = 10_000;

/**
 * The append-only journal of a store.
 *
 * Everything appended in one turn of the event loop is committed in one transaction, with one signed checkpoint, and
 * acknowledged after it.
 */
export class Journal {
  readonly signer: NoteSigner;
  readonly blobs: JournalBlobs;
  readonly keys: RunKeys;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #witnessPath: string | undefined;
  readonly reader: JournalReader;
  readonly #statements: Statements;
  readonly #states = new Map<string, RunState>();
  #frontier = Frontier.empty();
  #dataVersion = -1;
  #delivered = 0;
  #queue: Request[] = [];
  #isScheduled = false;
  #isClosed = false;
  #listener: (entries: readonly JournalEntry[]) => void = () => {};

  constructor(database: Database, signer: NoteSigner, options: JournalOptions) {
    this.#database = database;
    this.signer = signer;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#witnessPath = options.witnessPath;
    this.blobs = createBlobStore(database);
    this.keys = new RunKeys(database, options.sealing);
    this.#statements = prepareStatements(database);
    this.reader = new JournalReader({ database, statements: this.#statements, blobs: this.blobs, keys: this.keys });
    this.#reload();
    this.#delivered = this.#frontier.size;
  }

  /** Gives every entry that is committed from now on to `listener`, in the order of the log, whoever wrote it. */
  onCommitted(listener: (entries: readonly JournalEntry[]) => void): void {
    this.#listener = listener;
  }

  /** Resolves when the drafts are committed. Rejects without a trace of them when the guard or the store refuses. */
  append(drafts: readonly EntryDraft[], guard: Guard): Promise<readonly JournalEntry[]> {
    return this.#enqueue({ drafts, guard });
  }

  #enqueue(request: Omit<Request, 'resolve' | 'reject'>): Promise<readonly JournalEntry[]> {
    if (this.#isClosed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...request, resolve, reject });
      if (this.#isScheduled) return;
      this.#isScheduled = true;
      setImmediate(() => this.#flush());
    });
  }

  /** Takes over a whole run that was written elsewhere and verified; its entries keep their bytes. */
  import(imported: VerifiedExport): Promise<readonly JournalEntry[]> {
    for (const text of Object.values(imported.value.blobs)) this.blobs.put(Buffer.from(text, 'base64'));
    return this.#enqueue({ drafts: [], imported, guard: { kind: 'new' } });
  }

  /** Delivers what other processes wrote. Cheap when there is nothing. */
  refresh(): void {
    if (this.#readDataVersion() === this.#dataVersion) return;
    this.#reload();
    this.#deliverForeign(this.#frontier.size);
  }

  /** The data key of a run; undefined when it is not sealed. Throws what `RunKeys.get` throws. */
  keyOf(runId: string): Buffer | undefined {
    return this.#state(runId)?.record.key === undefined ? undefined : this.keys.get(runId);
  }

  /** Commits what is pending and closes the file. */
  close(): void {
    if (this.#isClosed) return;
    this.#flush();
    this.#isClosed = true;
    try {
      this.blobs.flush();
      // The binding lets go of the file only with its last statement, so SQLite would not empty the log by itself.
      // Another process may be reading: then the log is emptied by whoever closes last.
      this.#database.prepare('PRAGMA busy_timeout = 0').get();
      this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    } finally {
      this.#database.close();
    }
  }

  #flush(): void {
    this.#isScheduled = false;
    const requests = this.#queue;
    this.#queue = [];
    if (requests.length === 0) return;
    let commit: Commit;
    try {
      commit = this.#database.transaction(() => this.#write(requests));
    } catch (error) {
      // Whatever the cache holds may be ahead of the file now.
      this.#forget();
      for (const request of requests) request.reject(error);
      return;
    }
    this.#acknowledge(requests, commit);
  }

  #write(requests: readonly Request[]): Commit {
    if (this.#readDataVersion() !== this.#dataVersion) this.#reload();
    const atMs = this.#clock.nowMs();
    const commit: Commit = {
      entries: [],
      states: new Map(),
      frontier: this.#frontier.clone(),
      outcomes: [],
      note: undefined,
    };
    const lines: CheckpointLine[] = [];
    for (const request of requests) commit.outcomes.push(this.#writeRequest(request, atMs, commit, lines));
    this.blobs.write();
    if (lines.length === 0) return commit;
    for (const [runId, { record, head }] of commit.states) {
      const { workflow, status, startedMs } = record;
      this.#statements.putRun.run(runId, workflow, status, startedMs, head, toCanonicalJson(record));
    }
    const { frontier } = commit;
    commit.note = signCheckpoint({ size: frontier.size, root: frontier.root(), lines }, this.signer);
    this.#statements.putHead.run(frontier.size, commit.note, frontier.toBytes());
    return commit;
  }

  #writeRequest(
    { drafts, guard, imported }: Request,
    nowMs: number,
    commit: Commit,
    lines: CheckpointLine[],
  ): readonly JournalEntry[] | DurableError {
    const runId = drafts[0]?.runId ?? imported?.value.run ?? '';
    const state = commit.states.get(runId) ?? this.#state(runId);
    const refusal = checkGuard(guard, runId, state?.record);
    if (refusal !== undefined) return refusal;
    const first = commit.entries.length;
    for (const [at, entry] of imported?.entries.entries() ?? []) {
      this.#place(entry, imported?.value.entries[at]?.body ?? '', commit, lines);
    }
    const { dataKey } = imported?.value ?? {};
    if (dataKey !== undefined) this.keys.putWrapped(runId, dataKey.wrapper, Buffer.from(dataKey.wrapped, 'base64'));
    for (const draft of drafts) {
      const { record } = commit.states.get(runId) ?? state ?? {};
      // A clock that was set back must not make the record run backwards.
      const atMs = Math.max(nowMs, record?.updatedMs ?? 0);
      const { entry, body } = this.#encode(draft, record?.key !== undefined, record?.entries ?? 0, atMs);
      this.#place(entry, body, commit, lines);
      if (draft.dataKey !== undefined) this.keys.put(runId, draft.dataKey);
      if (draft.kind === 'run-shredded') this.keys.remove(runId);
    }
    return commit.entries.slice(first);
  }

  /** Puts an entry at the end of its run and of the log. */
  #place(entry: JournalEntry, body: string, commit: Commit, lines: CheckpointLine[]): void {
    const { runId, seq } = entry;
    const state = commit.states.get(runId) ?? this.#state(runId);
    const record = foldEntry(state?.record, entry);
    if (record === undefined) throw new Error(`An entry of kind ${entry.kind} cannot follow in its run.`);
    const head = hashEntry(state?.head ?? chainStart, body);
    this.#statements.putEntry.run(commit.frontier.size, runId, seq, body);
    commit.frontier.append(head);
    commit.states.set(runId, { record, head });
    commit.entries.push(entry);
    lines.push({ run: runId, seq, hash: head });
  }

  /** The entry as readers see it, and the text that is hashed, where the content may be sealed. */
  #encode(draft: EntryDraft, isSealed: boolean, seq: number, atMs: number): { entry: JournalEntry; body: string } {
    const { dataKey, ...rest } = draft;
    const content = JSON.parse(draft.content) as JsonObject;
    const entry: JournalEntry = { ...rest, seq, atMs, content, ...(dataKey !== undefined && { key: dataKey.digest }) };
    // Who changed or destroyed a key stays readable.
    const isPlain = dataKey === undefined ? !isSealed || draft.kind === 'run-shredded' : draft.kind === 'key-rewrapped';
    if (isPlain) return { entry, body: encodeEntry(draft, { seq, atMs }) };
    const key = dataKey?.bytes ?? this.keys.get(draft.runId);
    const sealed = this.keys.sealContent(key, entry, draft.content);
    const refs = toRefs(content);
    const body = encodeEntry({ ...draft, content: sealed }, { seq, atMs, refs });
    return { entry: refs.length > 0 ? { ...entry, refs } : entry, body };
  }

  #acknowledge(requests: readonly Request[], commit: Commit): void {
    this.blobs.written();
    const first = this.#frontier.size;
    this.#frontier = commit.frontier;
    if (this.#states.size > maximumCachedRuns) this.#states.clear();
    for (const [runId, state] of commit.states) {
      if (isClosed(state.record)) this.#states.delete(runId);
      else this.#states.set(runId, state);
    }
    if (commit.note !== undefined) this.#inform(commit.note);
    // Other processes may have written between our last commit and this one: their entries come first.
    this.#deliverForeign(first);
    this.#delivered = commit.frontier.size;
    this.#listener(commit.entries);
    for (const [at, request] of requests.entries()) {
      const outcome = commit.outcomes[at];
      if (outcome instanceof DurableError) request.reject(outcome);
      else request.resolve(outcome ?? []);
    }
  }

  #deliverForeign(end: number): void {
    if (this.#delivered >= end) return;
    const entries: JournalEntry[] = [];
    for (const row of this.#statements.log.all(this.#delivered, end)) {
      const entry = parseBody(toText(row[0]));
      if (entry !== undefined) entries.push(this.reader.open(entry));
    }
    this.#delivered = end;
    this.#listener(entries);
  }

  #inform(note: string): void {
    if (this.#witnessPath === undefined) return;
    try {
      appendToWitness(this.#witnessPath, [note]);
    } catch {
      // The entries are committed: failing now would only hide that. The next opening brings the witness up to date.
      this.#logger.error('The witness file could not be written; make it writable and open the store again.');
    }
  }

  #state(runId: string): RunState | undefined {
    const cached = this.#states.get(runId);
    if (cached !== undefined) return cached;
    const row = this.#statements.state.get(runId);
    if (row === undefined) return undefined;
    return { record: parseRecord(row[0]), head: row[1] as Buffer };
  }

  #forget(): void {
    this.#states.clear();
    this.keys.forget();
    this.#dataVersion = -1;
  }

  #readDataVersion(): number {
    return Number(this.#statements.dataVersion.get()?.[0]);
  }

  /** Reads where the log ends, since another process has written. */
  #reload(): void {
    const version = this.#readDataVersion();
    this.#states.clear();
    this.keys.forget();
    this.#frontier = readFrontier(this.#statements.lastHead.get(), this.signer);
    this.#dataVersion = version;
  }

  /** Overwrites what deleted rows leave behind, in the file and in its log. */
  scrub(): void {
    this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
  }

  /** Brings the witness file up to date, and refuses a store that is behind it. */
  reconcileWitness(): void {
    if (this.#witnessPath === undefined) return;
    let witnessed = 0;
    for (const note of readWitnessTail(this.#witnessPath)) {
      const checkpoint = note === null ? undefined : openCheckpoint(note, this.signer);
      if (checkpoint !== undefined) witnessed = Math.max(witnessed, checkpoint.size);
    }
    // Read again: another process may have committed and informed the witness since this one read the log's end.
    this.refresh();
    if (witnessed > this.#frontier.size) {
      const message = `The witness has seen ${witnessed} entries, the store has ${this.#frontier.size}. Restore the store, or move the witness file away to go on without it.`;
      throw new DurableError('store-tampered', message, { data: { witnessed, entries: this.#frontier.size } });
    }
    const missing: string[] = [];
    for (const row of this.#statements.headsAfter.all(witnessed)) missing.push(toText(row[0]));
    // A crash can lose the first checkpoint's copy and so the file; a longer journal once had one, and writing it anew
    // would hide what the old one could have shown.
    if (missing.length > 1 && !existsSync(this.#witnessPath)) {
      const message = `The witness file is gone, though the store has ${this.#frontier.size} entries. Restore it; or make an empty file in its place, to go on without what it has seen.`;
      throw new DurableError('store-tampered', message, { data: { entries: this.#frontier.size } });
    }
    if (missing.length > 0) appendToWitness(this.#witnessPath, missing);
  }
}

/**
 * Opens the journal of a store, making file and key when there is none.
 *
 * @throws {DurableError} `schema-newer`, `store-corrupt`, `store-locked`, `store-unwritable`, `store-tampered`,
 * `disk-full`, `key-missing`, `key-wrong`, `key-exposed`, `key-invalid`.
 */
export async function openJournal(options: JournalOptions): Promise<Journal> {
  const database = await openDatabase({ path: options.path, readOnly: false, busyTimeoutMs: options.lockTimeoutMs });
  try {
    database.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON',
    );
    prepareSchema(database);
    if (options.maxStoreBytes !== undefined) {
      const pageSize = Number(database.prepare('PRAGMA page_size').get()?.[0]);
      database.prepare(`PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxStoreBytes / pageSize))}`).get();
    }
    const isEmpty = database.prepare('SELECT 1 FROM heads LIMIT 1').get() === undefined;
    const journal = new Journal(database, openSigningKey(options.keyFolder, isEmpty), options);
    journal.reconcileWitness();
    return journal;
  } catch (error) {
    database.close();
    throw error;
  }
}

function readFrontier(row: SqlRow | undefined, signer: NoteSigner): Frontier {
  if (row === undefined) return Frontier.empty();
  const [size, note, frontier] = row;
  const text = toText(note);
  if (!text.startsWith(`${signer.name}\n`)) {
    const message = 'The signing key is not the one that this store was written with. Restore the right key.';
    throw new DurableError('key-wrong', message);
  }
  const checkpoint = openCheckpoint(text, signer);
  const edge = Frontier.fromBytes(Number(size), frontier as Buffer);
  if (checkpoint === undefined || edge === undefined || !edge.root().equals(checkpoint.root)) throw tamperedError();
  return edge;
}

/** The blobs that an entry names, as far as it names them itself. */
function toRefs(content: JsonObject): Digest[] {
  const refs = payloadNames.flatMap((name) => content[`${name}Blob`] ?? []) as Digest[];
  return Array.isArray(content.blobs) ? [...refs, ...(content.blobs as Digest[])] : refs;
}

function closedError(): DurableError {
  return new DurableError('engine-closed', 'The engine is closed. Open it again.', { retryable: true });
}
