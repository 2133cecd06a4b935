import type { Database } from './database.js';

const runColumns = 'CAST(run AS BLOB), CAST(record AS BLOB)';
// Every version of a workflow: names end with the at sign, and A is the letter after it.
const ofWorkflow = "(?1 = '' OR (workflow > ?1 || '@' AND workflow < ?1 || 'A'))";

/** The prepared statements of a journal. */
export type Statements = ReturnType<typeof prepareStatements>;

/** The journal's own statements. Text is read as bytes: see `Database`. */
export function prepareStatements(database: Database) {
  return {
    dataVersion: database.prepare('PRAGMA data_version'),
    lastHead: database.prepare(
      'SELECT size, CAST(note AS BLOB), CAST(frontier AS BLOB) FROM heads ORDER BY size DESC LIMIT 1',
    ),
    headsAfter: database.prepare('SELECT CAST(note AS BLOB) FROM heads WHERE size > ? ORDER BY size'),
    state: database.prepare('SELECT CAST(record AS BLOB), CAST(head AS BLOB) FROM runs WHERE run = ?'),
    run: database.prepare('SELECT CAST(record AS BLOB) FROM runs WHERE run = ?'),
    runs: database.prepare(
      `SELECT ${runColumns} FROM runs WHERE ${ofWorkflow} ORDER BY started DESC, run DESC LIMIT ?2`,
    ),
    runsByStatus: database.prepare(
      `SELECT ${runColumns} FROM runs WHERE status = ?3 AND ${ofWorkflow} ORDER BY started DESC, run DESC LIMIT ?2`,
    ),
    sealedRuns: database.prepare(
      'SELECT CAST(runs.run AS BLOB), CAST(record AS BLOB) FROM data_keys JOIN runs ON runs.run = data_keys.run ORDER BY runs.run',
    ),
    entries: database.prepare('SELECT CAST(body AS BLOB) FROM entries WHERE run = ? ORDER BY seq'),
    exported: database.prepare('SELECT position, CAST(body AS BLOB) FROM entries WHERE run = ? ORDER BY seq'),
    entry: database.prepare('SELECT CAST(body AS BLOB) FROM entries WHERE run = ? AND seq = ?'),
    log: database.prepare(
      'SELECT CAST(body AS BLOB) FROM entries WHERE position >= ? AND position < ? ORDER BY position',
    ),
    putEntry: database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)'),
    putHead: database.prepare('INSERT INTO heads VALUES (?, ?, ?)'),
    putRun: database.prepare(
      'INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run) DO UPDATE SET status = excluded.status, head = excluded.head, record = excluded.record',
    ),
  };
}
