import type { Digest } from '@trocar/core';

/** Content-addressed bytes in the journal's own file. */
export interface BlobStore {
  /** Keeps `bytes` and gives their digest. Committed with the next entry, or when enough has gathered. */
  put(bytes: Uint8Array | string): Digest;
  /** The bytes, checked against the digest. Codes: `blob-missing`, `blob-corrupt`. */
  get(digest: Digest): Uint8Array;
  has(digest: Digest): boolean;
  /** Commits what was put so far. */
  flush(): void;
}
