import { DurableError } from '../errors.js';
import { openCheckpoint } from './checkpoint.js';
import { type Database, openDatabase } from './database.js';
import { type BadEntry, JournalAudit } from './journal-audit.js';
import { parseVerifierKey } from './signed-note.js';
import { readWitness } from './witness-file.js';

/** The verdict on a journal. `ok: false` always comes with `firstBad`. */
export type JournalVerdict =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly entries: number; readonly firstBad: BadEntry };

/** What to verify, and against which key. */
export interface VerifyOptions {
  readonly path: string;
  /** The journal's public key in C2SP verifier form, as `Engine.publicKey` gives it. */
  readonly publicKey: string;
  /** Checkpoints kept outside the database: shows a cut tail, and a rewrite by the key's own holder. */
  readonly witnessPath?: string;
  /** Judge only this run; `entries` then counts its entries. Damage that belongs to no run still counts. */
  readonly run?: string;
}

/**
 * Checks every column of every row of a store against the public key: the chain of each run, the log over all runs,
 * the signed checkpoints, the payload digests, the blobs, and that the index says what the entries say.
 *
 * Reads only, and never throws for what it finds in the file: damage is a verdict, also when the file is no database
 * or is missing. Cost: about 15 µs an entry and 100 µs a checkpoint.
 *
 * @throws {DurableError} `key-invalid` when `publicKey` is malformed.
 */
export async function verifyJournal(options: VerifyOptions): Promise<JournalVerdict> {
  const verifier = parseVerifierKey(options.publicKey);
  const audit = new JournalAudit(verifier);
  let database: Database | undefined;
  try {
    database = await openDatabase({ path: options.path, readOnly: true, busyTimeoutMs: 5_000 });
    // One snapshot: a process that goes on writing meanwhile does not disturb.
    database.exec('PRAGMA trusted_schema = OFF; BEGIN');
    if (audit.checkSchema(database)) {
      audit.checkLog(database);
      audit.checkRuns(database);
      audit.checkDataKeys(database);
      audit.checkBlobs(database);
      audit.checkIntegrity(database);
    }
  } catch (error) {
    if (!(error instanceof DurableError)) throw error;
    audit.blame(audit.size, `The file cannot be read further: ${error.message}`);
  } finally {
    database?.close();
  }
  if (options.witnessPath !== undefined) {
    const notes = readWitness(options.witnessPath);
    // A journal without an entry has handed out no checkpoint yet.
    if (notes === undefined && audit.size > 0) audit.blame(0, 'The witness file cannot be read.');
    for (const note of notes ?? []) audit.checkWitness(note === null ? undefined : openCheckpoint(note, verifier));
  }
  return audit.verdict(options.run);
}
