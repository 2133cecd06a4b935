import { digestBytes, isDigest, toCanonicalJson } from '@trocar/core';
import { type Checkpoint, type CheckpointLine, openCheckpoint } from './checkpoint.js';
import type { Database, SqlRow } from './database.js';
import { decodeEntry, type JournalEntry } from './entry.js';
import { chainStart, Frontier, hashEntry, hashSizeBytes } from './merkle.js';
import { payloadNames } from './payload.js';
import { digestWrappedKey } from './run-keys.js';
import { foldEntry, type RunRecord } from './run-summary.js';
import { readVersion, schemaObjects, schemaVersion } from './schema.js';
import type { NoteVerifier } from './signed-note.js';
import type { JournalVerdict } from './verify.js';

/** The first entry that cannot be trusted. Fields are null where the damage leaves no way to tell. */
export interface BadEntry {
  readonly run: string | null;
  /** Its place in the run, from 0. */
  readonly seq: number | null;
  /** Its place in the journal, from 0. */
  readonly index: number | null;
  readonly reason: string;
}

interface AuditedRun {
  readonly record: RunRecord;
  readonly head: Buffer;
  /** The position of its newest entry. */
  readonly position: number;
}

// Enough to name the first bad entry; a file that is wrong throughout must not fill the memory with complaints.
const maximumComplaints = 10_000;

/** Collects what is wrong with a journal, and names the first of it. */
export class JournalAudit {
  readonly #verifier: NoteVerifier;
  readonly #frontier = Frontier.empty();
  readonly #runs = new Map<string, AuditedRun>();
  readonly #roots = new Map<number, Buffer>();
  readonly #blobUses = new Map<string, BadEntry>();
  readonly #manifests = new Map<string, BadEntry>();
  readonly #complaints: BadEntry[] = [];
  #hashes = Buffer.alloc(0);

  constructor(verifier: NoteVerifier) {
    this.#verifier = verifier;
  }

  /** How many entries are read and hashed so far. */
  get size(): number {
    return this.#frontier.size;
  }

  blame(index: number | null, reason: string, line?: { run: string | null; seq: number | null }): void {
    if (this.#complaints.length >= maximumComplaints) return;
    this.#complaints.push({ run: line?.run ?? null, seq: line?.seq ?? null, index, reason });
  }

  verdict(run: string | undefined): JournalVerdict {
    const entries = run === undefined ? this.size : (this.#runs.get(run)?.record.entries ?? 0);
    if (run !== undefined && !this.#runs.has(run)) this.blame(null, 'The journal has no such run.', { run, seq: null });
    let firstBad: BadEntry | undefined;
    for (const complaint of this.#complaints) {
      if (run !== undefined && complaint.run !== null && complaint.run !== run) continue;
      if (firstBad === undefined || toOrder(complaint) < toOrder(firstBad)) firstBad = complaint;
    }
    return firstBad === undefined ? { ok: true, entries } : { ok: false, entries, firstBad };
  }

  /** Whether the schema is ours to the letter: a trigger or a view could make rows say anything. */
  checkSchema(database: Database): boolean {
    if (readVersion(database) !== schemaVersion) {
      this.blame(0, `The file states schema ${readVersion(database)}, not ${schemaVersion}.`);
    }
    const found = new Map<string, string>();
    const sql =
      "SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_autoindex_%'";
    for (const [name, text] of database.prepare(sql).iterate()) found.set(toText(name), toText(text));
    for (const [name, text] of Object.entries(schemaObjects)) {
      if (found.get(name) !== text) this.blame(0, `The table or index "${name}" is missing or not as it was made.`);
      found.delete(name);
    }
    for (const name of found.keys()) this.blame(0, `The file has a foreign object "${name.slice(0, 100)}".`);
    return this.#complaints.length === 0;
  }

  /** Walks entries and checkpoints side by side, up to the first that does not fit. */
  checkLog(database: Database): void {
    const columns =
      'position, CAST(run AS BLOB), typeof(run), CAST(seq AS INTEGER), typeof(seq), CAST(body AS BLOB), typeof(body)';
    const entries = database.prepare(`SELECT ${columns} FROM entries ORDER BY position`).iterate();
    const headColumns = 'size, CAST(note AS BLOB), typeof(note), CAST(frontier AS BLOB), typeof(frontier)';
    let next = entries.next();
    for (const head of database.prepare(`SELECT ${headColumns} FROM heads ORDER BY size`).iterate()) {
      const start = this.size;
      const checkpoint = this.#openHead(head, start);
      if (checkpoint === undefined) return;
      for (const line of checkpoint.lines) {
        const row: SqlRow | undefined = next.done === true ? undefined : next.value;
        if (!this.#checkEntry(row, line)) return;
        next = entries.next();
      }
      if (!this.#checkHead(checkpoint, head, start)) return;
    }
    if (next.done === true) return;
    const entry = decodeEntry(toText(next.value[5]));
    this.blame(this.size, 'The entry stands after the last checkpoint: nobody signed it.', toLine(entry));
  }

  #openHead([size, note, noteType]: SqlRow, start: number): Checkpoint | undefined {
    const checkpoint = noteType === 'text' ? openCheckpoint(toText(note), this.#verifier) : undefined;
    if (checkpoint === undefined) {
      this.blame(start, 'The checkpoint over the entry is not signed by this key, or was changed.');
      return undefined;
    }
    const line = checkpoint.lines[0];
    if (checkpoint.size !== size) {
      this.blame(start, 'The checkpoint over the entry is filed under another size.', line);
      return undefined;
    }
    if (checkpoint.size !== start + checkpoint.lines.length || line === undefined) {
      this.blame(start, 'The checkpoint over the entry is missing.');
      return undefined;
    }
    return checkpoint;
  }

  #checkEntry(row: SqlRow | undefined, line: CheckpointLine): boolean {
    const index = this.size;
    if (row === undefined || row[0] !== index) {
      this.blame(index, 'The entry is missing.', line);
      return false;
    }
    const [, run, runType, seq, seqType, bytes, bodyType] = row;
    const body = toText(bytes);
    const known = this.#runs.get(line.run);
    const head = hashEntry(known?.head ?? chainStart, body);
    const reason = this.#entryFault({ head, body, bytes, line });
    const entry = reason === undefined ? decodeEntry(body) : undefined;
    const record = entry === undefined ? undefined : foldEntry(known?.record, entry);
    if (reason !== undefined || entry === undefined || record === undefined) {
      this.blame(index, reason ?? 'The entry cannot stand at this place of its run.', line);
      return false;
    }
    const isTyped = runType === 'text' && seqType === 'integer' && bodyType === 'text';
    if (!isTyped || !isSameValue(run, Buffer.from(line.run)) || seq !== line.seq) {
      this.blame(index, "The entry's run or place in the table is not the one that was signed.", line);
      return false;
    }
    const payloadFault = this.#payloadFault(entry, { run: line.run, seq: line.seq, index, reason: '' });
    if (payloadFault !== undefined) this.blame(index, payloadFault, line);
    this.#remember(index, head);
    this.#frontier.append(head);
    this.#runs.set(line.run, { record, head, position: index });
    return true;
  }

  #entryFault(found: {
    head: Buffer;
    body: string;
    bytes: SqlRow[number] | undefined;
    line: CheckpointLine;
  }): string | undefined {
    const { head, body, bytes, line } = found;
    // Bytes that are no UTF-8 decode to something else, which may hash right by accident of replacement.
    const isExact = Buffer.isBuffer(bytes) && Buffer.from(body, 'utf8').equals(bytes);
    if (!isExact || !head.equals(line.hash)) return 'The entry is not the one that was signed.';
    const entry = decodeEntry(body);
    if (entry === undefined || entry.runId !== line.run || entry.seq !== line.seq) return 'The entry is malformed.';
    return undefined;
  }

  #payloadFault(entry: JournalEntry, use: BadEntry): string | undefined {
    const { content } = entry;
    for (const blob of entry.refs ?? []) this.#useBlob(blob, use);
    if (Array.isArray(content.blobs)) for (const blob of content.blobs) this.#useBlob(String(blob), use);
    for (const name of payloadNames) {
      const digest = content[`${name}Digest`];
      const blob = content[`${name}Blob`];
      if (blob !== undefined) {
        if (!isDigest(blob) || blob !== digest) return `The digest of the ${name} does not fit.`;
        this.#useBlob(blob, use);
        if (name === 'blobs') this.#manifests.set(blob, use);
      } else if (content[name] !== undefined && digestBytes(toCanonicalJson(content[name])) !== digest) {
        return `The digest of the ${name} does not fit.`;
      }
    }
    return undefined;
  }

  #useBlob(blob: string, use: BadEntry): void {
    if (!this.#blobUses.has(blob)) this.#blobUses.set(blob, use);
  }

  #checkHead(checkpoint: Checkpoint, [, , , frontier, frontierType]: SqlRow, start: number): boolean {
    const line = checkpoint.lines[0];
    if (!this.#frontier.root().equals(checkpoint.root)) {
      this.blame(start, 'The checkpoint over the entry states another root.', line);
      return false;
    }
    const isSame = Buffer.isBuffer(frontier) && frontier.equals(this.#frontier.toBytes());
    if (!isSame || frontierType !== 'blob') {
      this.blame(start, "The log's edge beside the checkpoint over the entry was changed.", line);
    }
    this.#roots.set(checkpoint.size, checkpoint.root);
    return true;
  }

  /** The index must say exactly what the entries say. */
  checkRuns(database: Database): void {
    // Behind a bad entry the runs are known in part only: there is nothing to compare with.
    if (this.#complaints.length > 0) return;
    const missing = new Set(this.#runs.keys());
    const names = ['run', 'workflow', 'status', 'head', 'record'];
    const columns = names.map((name) => `CAST(${name} AS BLOB), typeof(${name})`).join(', ');
    const rows = database.prepare(`SELECT ${columns}, CAST(started AS INTEGER), typeof(started) FROM runs`).iterate();
    for (const row of rows) {
      const run = toText(row[0]);
      const audited = this.#runs.get(run);
      if (audited === undefined) {
        this.#blameRun(run, 'The index has a run that the entries do not have.');
        continue;
      }
      missing.delete(run);
      const { record, head } = audited;
      const texts = [run, record.workflow, record.status, head, toCanonicalJson(record)];
      const expected = [
        ...texts.flatMap((text) => [
          typeof text === 'string' ? Buffer.from(text) : text,
          typeof text === 'string' ? 'text' : 'blob',
        ]),
        record.startedMs,
        'integer',
      ];
      if (expected.every((value, at) => isSameValue(row[at], value))) continue;
      if (claimedEntries(row[8]) > record.entries) {
        this.blame(this.size, 'The index knows of entries that are missing.', { run, seq: record.entries });
      } else {
        this.#blameRun(run, 'The index says something else than the entries of the run.');
      }
    }
    for (const run of missing) this.#blameRun(run, 'The run is missing in the index.');
  }

  /** Every blob must fit its digest, and every blob that an entry names must be there. */
  checkBlobs(database: Database): void {
    this.#readManifests(database);
    const missing = new Map(this.#blobUses);
    const rows = database
      .prepare('SELECT CAST(digest AS BLOB), typeof(digest), CAST(bytes AS BLOB), typeof(bytes) FROM blobs')
      .iterate();
    for (const [name, digestType, bytes, bytesType] of rows) {
      const digest = toText(name);
      const use = this.#blobUses.get(digest);
      missing.delete(digest);
      const isSound =
        digestType === 'text' && bytesType === 'blob' && Buffer.isBuffer(bytes) && digestBytes(bytes) === digest;
      if (!isSound) this.blame(use?.index ?? null, 'A blob does not fit its digest.', use);
    }
    for (const use of missing.values()) this.blame(use.index, 'A blob that the entry names is missing.', use);
  }

  /** A step that put many blobs names them in a blob of its own. */
  #readManifests(database: Database): void {
    const select = database.prepare('SELECT CAST(bytes AS BLOB) FROM blobs WHERE digest = ?');
    for (const [manifest, use] of this.#manifests) {
      const bytes = select.get(manifest)?.[0];
      if (!Buffer.isBuffer(bytes) || digestBytes(bytes) !== manifest) continue;
      for (const digest of JSON.parse(bytes.toString('utf8')) as string[]) this.#useBlob(digest, use);
    }
  }

  /** Every sealed run must have the key row that its entries name, and no other. */
  checkDataKeys(database: Database): void {
    if (this.#complaints.length > 0) return;
    const missing = new Map<string, AuditedRun>();
    for (const [run, audited] of this.#runs) if (audited.record.key !== undefined) missing.set(run, audited);
    const columns =
      'CAST(run AS BLOB), typeof(run), CAST(wrapper AS BLOB), typeof(wrapper), CAST(wrapped AS BLOB), typeof(wrapped)';
    for (const [name, nameType, wrapper, wrapperType, wrapped, wrappedType] of database
      .prepare(`SELECT ${columns} FROM data_keys`)
      .iterate()) {
      const run = toText(name);
      const audited = missing.get(run);
      missing.delete(run);
      const isTyped =
        nameType === 'text' && wrapperType === 'text' && wrappedType === 'blob' && Buffer.isBuffer(wrapped);
      const digest = isTyped ? digestWrappedKey(toText(wrapper), wrapped) : undefined;
      if (digest === undefined || digest !== audited?.record.key)
        this.#blameRun(run, 'The key row of the run is not the one that its entries name.');
    }
    for (const run of missing.keys()) this.#blameRun(run, 'The key row of the run is missing.');
  }

  #blameRun(run: string, reason: string): void {
    const audited = this.#runs.get(run);
    const line = { run, seq: audited === undefined ? null : audited.record.entries - 1 };
    this.blame(audited?.position ?? this.size, reason, line);
  }

  /** Finds pages and indexes that SQLite itself calls damaged. */
  checkIntegrity(database: Database): void {
    const verdict = toText(
      database.prepare('SELECT CAST(integrity_check AS BLOB) FROM pragma_integrity_check(1)').get()?.[0],
    );
    if (verdict !== 'ok') this.blame(this.size, 'The database file is damaged.');
  }

  /** Compares a checkpoint that was kept outside with the log. */
  checkWitness(checkpoint: Checkpoint | undefined): void {
    if (checkpoint === undefined) {
      this.blame(this.size, 'The witness file has a line that is no checkpoint of this key.');
      return;
    }
    const { lines, root, size } = checkpoint;
    const start = size - lines.length;
    for (const [at, line] of lines.entries()) {
      const index = start + at;
      if (index >= this.size) {
        this.blame(index, 'The witness has seen this entry, the journal does not have it.', line);
        return;
      }
      if (this.#hashAt(index).equals(line.hash)) continue;
      this.blame(index, 'The witness has seen another entry at this place.', line);
      return;
    }
    if (this.#roots.get(size)?.equals(root) !== true) {
      this.blame(start, 'The witness has seen another checkpoint over this entry.', lines[0]);
    }
  }

  #remember(index: number, head: Buffer): void {
    const end = (index + 1) * hashSizeBytes;
    if (end > this.#hashes.length) {
      const larger = Buffer.alloc(Math.max(64 * hashSizeBytes, 2 * this.#hashes.length));
      this.#hashes.copy(larger);
      this.#hashes = larger;
    }
    head.copy(this.#hashes, index * hashSizeBytes);
  }

  #hashAt(index: number): Buffer {
    return this.#hashes.subarray(index * hashSizeBytes, (index + 1) * hashSizeBytes);
  }
}

function claimedEntries(record: SqlRow[number] | undefined): number {
  try {
    return Number((JSON.parse(toText(record)) as Partial<RunRecord> | null)?.entries);
  } catch {
    return Number.NaN;
  }
}

function toOrder({ index }: BadEntry): number {
  return index ?? Number.POSITIVE_INFINITY;
}

function toLine(entry: JournalEntry | undefined): { run: string; seq: number } | undefined {
  return entry === undefined ? undefined : { run: entry.runId, seq: entry.seq };
}

function isSameValue(found: SqlRow[number] | undefined, expected: string | number | Buffer): boolean {
  return Buffer.isBuffer(expected) ? Buffer.isBuffer(found) && found.equals(expected) : found === expected;
}

function toText(value: SqlRow[number] | undefined): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : '';
}
