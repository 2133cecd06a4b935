import { type Digest, digestBytes } from '@trocar/core';
import { DurableError } from '../errors.js';
import type { Database } from './database.js';

/** Content-addressed bytes in the journal's own file. */
export interface BlobStore {
  /** Keeps `bytes` and gives their digest. Committed with the next entry, or when 8 MiB have gathered. */
  put(bytes: Uint8Array | string): Digest;
  /** The bytes, checked against the digest. Codes: `blob-missing`, `blob-corrupt`. */
  get(digest: Digest): Uint8Array;
  has(digest: Digest): boolean;
  /** Commits what was put so far, in one transaction. */
  flush(): void;
}

/** A {@link BlobStore} whose pending bytes can be written inside somebody else's transaction. */
export interface JournalBlobs extends BlobStore {
  /** How many bytes wait to be written. */
  readonly pendingSizeBytes: number;
  /** Writes the pending bytes; to be called inside a transaction. */
  write(): void;
  /** Forgets the pending bytes; to be called when that transaction is committed. */
  written(): void;
}

const pendingLimitBytes = 8 * 1_048_576;

/** The blobs of a store. */
export function createBlobStore(database: Database): JournalBlobs {
  const insert = database.prepare('INSERT OR IGNORE INTO blobs VALUES (?, ?)');
  const select = database.prepare('SELECT CAST(bytes AS BLOB) FROM blobs WHERE digest = ?');
  const find = database.prepare('SELECT 1 FROM blobs WHERE digest = ?');
  const pending = new Map<Digest, Buffer>();
  let pendingSizeBytes = 0;
  const blobs: JournalBlobs = {
    get pendingSizeBytes() {
      return pendingSizeBytes;
    },
    put(bytes) {
      // Copied: the caller may go on using its array before the bytes are written.
      const copy = Buffer.from(bytes as Uint8Array);
      const digest = digestBytes(copy);
      if (pending.has(digest)) return digest;
      pending.set(digest, copy);
      pendingSizeBytes += copy.length;
      if (pendingSizeBytes >= pendingLimitBytes) blobs.flush();
      return digest;
    },
    get(digest) {
      const waiting = pending.get(digest);
      if (waiting !== undefined) return Buffer.from(waiting);
      const bytes = select.get(digest)?.[0];
      if (!Buffer.isBuffer(bytes)) {
        throw new DurableError('blob-missing', 'The store has no such blob.', { data: { digest } });
      }
      if (digestBytes(bytes) !== digest) {
        const message = 'A blob does not fit its digest. Run the verification and restore a backup.';
        throw new DurableError('blob-corrupt', message, { data: { digest } });
      }
      return bytes;
    },
    has: (digest) => pending.has(digest) || find.get(digest) !== undefined,
    flush() {
      if (pending.size === 0) return;
      database.transaction(() => blobs.write());
      blobs.written();
    },
    write() {
      for (const [digest, bytes] of pending) insert.run(digest, bytes);
    },
    written() {
      pending.clear();
      pendingSizeBytes = 0;
    },
  };
  return blobs;
}
