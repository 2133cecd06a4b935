import { DurableError } from '../errors.js';
import type { Database } from './database.js';

/** The version of the tables below, kept in SQLite's `user_version`. */
export const schemaVersion = 1;

/**
 * Everything a store consists of, as SQLite keeps it. Verification compares these texts, so that no table, index or
 * trigger can be slipped in.
 *
 * `entries.body` and `heads.note` are what is signed; `frontier` and `runs` can be computed from them, and the
 * digest of every row of `data_keys` stands in an entry.
 */
export const schemaObjects: Readonly<Record<string, string>> = {
  entries:
    'CREATE TABLE entries (position INTEGER PRIMARY KEY, run TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL) STRICT',
  entries_by_run: 'CREATE UNIQUE INDEX entries_by_run ON entries (run, seq)',
  heads: 'CREATE TABLE heads (size INTEGER PRIMARY KEY, note TEXT NOT NULL, frontier BLOB NOT NULL) STRICT',
  runs: 'CREATE TABLE runs (run TEXT PRIMARY KEY, workflow TEXT NOT NULL, status TEXT NOT NULL, started INTEGER NOT NULL, head BLOB NOT NULL, record TEXT NOT NULL) STRICT, WITHOUT ROWID',
  runs_by_start: 'CREATE INDEX runs_by_start ON runs (started, run)',
  runs_by_status: 'CREATE INDEX runs_by_status ON runs (status, started, run)',
  data_keys:
    'CREATE TABLE data_keys (run TEXT PRIMARY KEY, wrapper TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID',
  blobs: 'CREATE TABLE blobs (digest TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT',
};

/**
 * Makes the tables in an empty file, or checks that an existing file has a version that this code understands.
 *
 * @throws {DurableError} `schema-newer`, or `store-corrupt` when the file belongs to something else.
 */
export function prepareSchema(database: Database): void {
  const version = readVersion(database);
  if (version === schemaVersion) return;
  database.transaction(() => {
    const current = readVersion(database);
    if (current === schemaVersion) return;
    if (current > schemaVersion) {
      const message = `The store has schema ${current}, this version understands ${schemaVersion}. Use a newer version of Trocar.`;
      throw new DurableError('schema-newer', message, { data: { found: current, understood: schemaVersion } });
    }
    if (database.prepare('SELECT count(*) FROM sqlite_schema').get()?.[0] !== 0) {
      throw new DurableError('store-corrupt', 'The file is a database of something else. Choose another path.');
    }
    for (const sql of Object.values(schemaObjects)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
  });
}

/** The schema version that the file states. */
export function readVersion(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.[0]);
}
