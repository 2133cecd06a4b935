import type { Digest } from '@trocar/core';
import type { BlobStore } from '../journal/blob-store.js';
import type { RunKeys } from '../journal/run-keys.js';

/** The blobs as a step of one run sees them. */
export interface RunBlobs extends BlobStore {
  /** What the step has put. */
  readonly digests: ReadonlySet<Digest>;
}

/** What a {@link RunBlobs} is made of. */
export interface RunBlobsOptions {
  readonly runId: string;
  readonly blobs: BlobStore;
  readonly keys: Pick<RunKeys, 'sealBlob' | 'openBlob'>;
  readonly key: Uint8Array | undefined;
  /** Looks at the bytes before they are kept, and throws where they must not be. */
  inspect(bytes: Uint8Array | string): void;
}

/** A view of the store's blobs that seals with the run's key, where it has one, and remembers what was put. */
export function createRunBlobs({ runId, blobs, keys, key, inspect }: RunBlobsOptions): RunBlobs {
  const digests = new Set<Digest>();
  return {
    digests,
    put(bytes) {
      inspect(bytes);
      const digest = blobs.put(key === undefined ? bytes : keys.sealBlob(key, runId, bytes));
      digests.add(digest);
      return digest;
    },
    get: (digest) => keys.openBlob(runId, blobs.get(digest)),
    has: (digest) => blobs.has(digest),
    flush: () => blobs.flush(),
  };
}
