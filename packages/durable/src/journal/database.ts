import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type Libsql from 'libsql';
import { DurableError } from '../errors.js';

/** A value that a statement takes or a row holds. Text is always read as bytes: see {@link Database}. */
export type SqlValue = null | number | string | Uint8Array;

/** A row: its columns in the order of the query. Strings come from functions such as `typeof` only. */
export type SqlRow = readonly (null | number | string | Buffer)[];

/** A prepared statement. */
export interface Statement {
  run(...values: SqlValue[]): void;
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  /** For many rows. To be used up, or the connection closed: a half-read query keeps its snapshot of the file. */
  iterate(...values: SqlValue[]): IterableIterator<SqlRow>;
}

/**
 * The few operations that the journal needs of SQLite.
 *
 * Queries must cast every text column to a blob: the binding ends the process when a text value is not UTF-8, which a
 * damaged file may well hold.
 */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** Runs `body` between BEGIN IMMEDIATE and COMMIT; rolls back when it throws. */
  transaction<Result>(body: () => Result): Result;
  /** Runs queries of `body` on one state of the file, whatever other processes commit meanwhile. */
  snapshot<Result>(body: () => Result): Result;
  close(): void;
}

/** How a database file is opened. */
export interface DatabaseOptions {
  readonly path: string;
  readonly readOnly: boolean;
  /** How long a statement waits for another process's lock. */
  readonly busyTimeoutMs: number;
}

/**
 * Opens a SQLite file.
 *
 * @throws {DurableError} `store-unwritable`, `store-locked`, `store-corrupt`, `disk-full`, `io-failed`, here and from
 * every operation.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // Loaded when a store is opened: the native binding costs about 20 ms, which `--help` need not pay.
  const { default: Binding } = await import('libsql');
  const path = resolve(options.path);
  const name = options.readOnly ? `${pathToFileURL(path).href}?mode=ro` : path;
  return guarded(() => {
    if (!options.readOnly) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return wrap(new Binding(name, { timeout: options.busyTimeoutMs }));
  });
}

function wrap(connection: Libsql.Database): Database {
  return {
    prepare: (sql) => guarded(() => wrapStatement(connection.prepare(sql))),
    exec: (sql) => guarded(() => void connection.exec(sql)),
    transaction: (body) => within(connection, 'BEGIN IMMEDIATE', body),
    snapshot: (body) => within(connection, 'BEGIN', body),
    close() {
      // The binding keeps the connection until its statements are collected: an open snapshot would outlive it.
      if (connection.inTransaction) guarded(() => connection.exec('ROLLBACK'));
      connection.close();
    },
  };
}

function within<Result>(connection: Libsql.Database, begin: string, body: () => Result): Result {
  guarded(() => connection.exec(begin));
  try {
    const result = body();
    guarded(() => connection.exec('COMMIT'));
    return result;
  } catch (error) {
    if (connection.inTransaction) guarded(() => connection.exec('ROLLBACK'));
    throw error;
  }
}

function wrapStatement(statement: Libsql.Statement): Statement {
  let isRaw = false;
  const raw = (): Libsql.Statement => {
    if (!isRaw) statement.raw(true);
    isRaw = true;
    return statement;
  };
  return {
    run: (...values) => guarded(() => void statement.run(...values)),
    get: (...values) => guarded(() => raw().get(...values) as SqlRow | undefined),
    all: (...values) => [...iterateGuarded(raw(), values)],
    iterate: (...values) => iterateGuarded(raw(), values),
  };
}

function* iterateGuarded(statement: Libsql.Statement, values: readonly SqlValue[]): IterableIterator<SqlRow> {
  const rows = guarded(() => statement.iterate(...values) as IterableIterator<SqlRow>);
  for (;;) {
    const next = guarded(() => rows.next());
    if (next.done === true) return;
    yield next.value;
  }
}

function guarded<Result>(body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    throw toStoreError(error);
  }
}

function toStoreError(error: unknown): unknown {
  if (error instanceof DurableError || !(error instanceof Error)) return error;
  const code = String((error as Error & { code?: unknown }).code ?? '');
  const options = { cause: error, data: { reason: code === '' ? error.name : code } };
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || /IOERR_WRITE|IOERR_FSYNC/.test(code)) {
    const advice = 'Free some space or raise the limit, then resume: nothing that was committed is lost.';
    return new DurableError('disk-full', `The store cannot grow. ${advice}`, { ...options, retryable: true });
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    const advice = 'Try again when the other process has finished.';
    return new DurableError('store-locked', `Another process holds the store. ${advice}`, {
      ...options,
      retryable: true,
    });
  }
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
    const advice = 'Run the verification, then restore a backup or choose another path.';
    return new DurableError('store-corrupt', `The file is no intact store. ${advice}`, options);
  }
  if (
    /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code) ||
    /^E[A-Z]+$/.test(code) ||
    /ConnectionFailed/.test(error.message)
  ) {
    const advice = 'Make its folder writable for this user or choose another path.';
    return new DurableError('store-unwritable', `The store cannot be opened or written. ${advice}`, options);
  }
  return new DurableError('io-failed', 'The store failed. Run the verification before it is used again.', options);
}
