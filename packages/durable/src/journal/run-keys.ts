import { randomBytes } from 'node:crypto';
import { type Digest, digestBytes } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { Database } from './database.js';
import type { EntryKind } from './entry.js';
import { openBytes, type SealingKey, type SealingKeys, sealBytes } from './sealing.js';

/** The key that seals one run, itself sealed by a {@link SealingKey}. */
export interface DataKey {
  readonly bytes: Buffer;
  readonly wrapperId: string;
  readonly wrapped: Buffer;
  /** Stands in the run's entries, so that the stored row can be checked without any key. */
  readonly digest: Digest;
}

/** What is bound to the sealed content of an entry: it opens only at its own place. */
export interface SealedPlace {
  readonly runId: string;
  readonly seq: number;
  readonly kind: EntryKind;
}

const maximumCachedKeys = 10_000;
// Sealed blobs stand beside plain ones in the same store: this tells them apart.
const sealedBlobMark = Buffer.from('trocar sealed 1\n');

/** The data keys of a store's runs. */
export class RunKeys {
  readonly #keys: SealingKeys | undefined;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #cache = new Map<string, Buffer>();

  constructor(database: Database, keys: SealingKeys | undefined) {
    this.#keys = keys;
    for (const key of keys === undefined ? [] : [keys.current, ...(keys.older ?? [])]) assertKey(key);
    this.#statements = prepareStatements(database);
  }

  /** A key for a new run; undefined where runs are not sealed. */
  create(runId: string): DataKey | undefined {
    return this.#keys === undefined ? undefined : wrap(this.#keys.current, runId, randomBytes(32));
  }

  /** The same data key wrapped by the current sealing key; undefined when it is already. */
  rewrap(runId: string): DataKey | undefined {
    const bytes = this.get(runId);
    const current = this.#keys?.current;
    const wrapperId = this.#statements.get.get(runId)?.[0];
    if (current === undefined || String(wrapperId) === current.id) return undefined;
    return wrap(current, runId, bytes);
  }

  /** Writes a key's row; inside a transaction. */
  put(runId: string, key: DataKey): void {
    this.#statements.put.run(runId, key.wrapperId, key.wrapped);
    this.#remember(runId, key.bytes);
  }

  /** Writes a row that came with an imported run; inside a transaction. */
  putWrapped(runId: string, wrapper: string, wrapped: Uint8Array): void {
    this.#statements.put.run(runId, wrapper, wrapped);
  }

  /** A key's row as an export carries it. */
  wrappedKey(runId: string): { readonly wrapper: string; readonly wrapped: string } | undefined {
    const row = this.#statements.get.get(runId);
    return row && { wrapper: String(row[0]), wrapped: (row[1] as Buffer).toString('base64') };
  }

  /** Removes a key's row, which makes the run unreadable for ever; inside a transaction. */
  remove(runId: string): void {
    this.#statements.remove.run(runId);
    this.#cache.delete(runId);
  }

  /** Forgets what is cached: after a transaction that failed, or when another process has written. */
  forget(): void {
    this.#cache.clear();
  }

  /**
   * The data key of a sealed run.
   *
   * @throws {DurableError} `key-missing`, `key-wrong`, `run-shredded`.
   */
  get(runId: string): Buffer {
    const cached = this.#cache.get(runId);
    if (cached !== undefined) return cached;
    const row = this.#statements.get.get(runId);
    const data = { runId };
    if (row === undefined) {
      throw new DurableError('run-shredded', 'The key of this run was destroyed: its content cannot be read.', {
        data,
      });
    }
    const wrapperId = (row[0] as Buffer).toString('utf8');
    const key = [this.#keys?.current, ...(this.#keys?.older ?? [])].find((candidate) => candidate?.id === wrapperId);
    if (key === undefined) {
      const message = 'The run is sealed with a key that this engine was not given. Open the store with that key.';
      throw new DurableError('key-missing', message, { data: { ...data, keyId: wrapperId } });
    }
    const bytes = openBytes(key.bytes, row[1] as Buffer, wrapContext(runId, wrapperId));
    if (bytes === undefined) {
      const message = 'The sealing key has the right id but does not open the run. Give the right key.';
      throw new DurableError('key-wrong', message, { data: { ...data, keyId: wrapperId } });
    }
    this.#remember(runId, bytes);
    return bytes;
  }

  /** Seals an entry's content, given and returned as canonical JSON. */
  sealContent(key: Uint8Array, place: SealedPlace, content: string): string {
    return `{"sealed":"${sealBytes(key, content, placeContext(place)).toString('base64')}"}`;
  }

  /** Opens what {@link sealContent} made. */
  openContent(key: Uint8Array, place: SealedPlace, sealed: string): string {
    const plain = openBytes(key, Buffer.from(sealed, 'base64'), placeContext(place));
    if (plain !== undefined) return plain.toString('utf8');
    const message = 'The content of an entry does not open with the key of its run. Run the verification.';
    throw new DurableError('store-tampered', message, { data: { runId: place.runId, seq: place.seq } });
  }

  /** Seals bytes that a run keeps as a blob. */
  sealBlob(key: Uint8Array, runId: string, bytes: Uint8Array | string): Buffer {
    return Buffer.concat([sealedBlobMark, sealBytes(key, bytes, blobContext(runId))]);
  }

  /** Opens a blob of a sealed run; plain blobs, put outside of it, are given as they are. */
  openBlob(runId: string, bytes: Uint8Array): Uint8Array {
    if (!sealedBlobMark.equals(bytes.subarray(0, sealedBlobMark.length))) return bytes;
    const plain = openBytes(this.get(runId), bytes.subarray(sealedBlobMark.length), blobContext(runId));
    if (plain !== undefined) return plain;
    throw new DurableError('blob-corrupt', 'A sealed blob belongs to another run, or was damaged.', {
      data: { runId },
    });
  }

  #remember(runId: string, bytes: Buffer): void {
    if (this.#cache.size >= maximumCachedKeys) this.#cache.clear();
    this.#cache.set(runId, bytes);
  }
}

/** What an entry says about a wrapped key. */
export function digestWrappedKey(wrapperId: string, wrapped: Uint8Array): Digest {
  return digestBytes(Buffer.concat([Buffer.from(`${wrapperId}\n`), wrapped]));
}

function prepareStatements(database: Database) {
  return {
    get: database.prepare('SELECT CAST(wrapper AS BLOB), CAST(wrapped AS BLOB) FROM data_keys WHERE run = ?'),
    put: database.prepare(
      'INSERT INTO data_keys VALUES (?, ?, ?) ON CONFLICT (run) DO UPDATE SET wrapper = excluded.wrapper, wrapped = excluded.wrapped',
    ),
    remove: database.prepare('DELETE FROM data_keys WHERE run = ?'),
  };
}

function wrap(key: SealingKey, runId: string, bytes: Buffer): DataKey {
  const wrapped = sealBytes(key.bytes, bytes, wrapContext(runId, key.id));
  return { bytes, wrapperId: key.id, wrapped, digest: digestWrappedKey(key.id, wrapped) };
}

function wrapContext(runId: string, wrapperId: string): string {
  return `trocar data key 1\n${runId}\n${wrapperId}`;
}

function placeContext({ runId, seq, kind }: SealedPlace): string {
  return `trocar entry 1\n${runId}\n${seq}\n${kind}`;
}

function blobContext(runId: string): string {
  return `trocar blob 1\n${runId}`;
}

function assertKey({ id, bytes }: SealingKey): void {
  if (bytes.length === 32 && /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(id)) return;
  throw new DurableError(
    'key-invalid',
    'A sealing key needs an id of letters, digits, dots, underscores or hyphens, and 32 bytes.',
  );
}
