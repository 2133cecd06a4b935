import type { Digest } from '@trocar/core';
import { toCanonicalJson } from '@trocar/core';
import { z } from 'zod';
import type { Blobs } from '../engines.js';
import { ToolError } from '../errors.js';
import { digestSchema, relativePathSchema } from '../result/change.js';

const manifestSchema = z.strictObject({
  version: z.literal(1),
  files: z.array(
    z.strictObject({
      path: relativePathSchema,
      sizeBytes: z.int().nonnegative(),
      /** Absent: the file was seen but its content was not kept; `reason` says why. */
      digest: digestSchema.optional(),
      reason: z.string().optional(),
    }),
  ),
  omissions: z.array(z.strictObject({ path: z.string(), code: z.string(), reason: z.string() })),
});

/** Names and digests of a tree's files: together with the blobs, the tree itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/** A tree of files kept in the blob store: cheap to copy, and the same however the user's folder changes. */
export interface Snapshot {
  readonly manifest: Manifest;
  /** The bytes of a file. Throws `file-too-large` where only its name was kept. */
  read(path: string): Uint8Array;
  has(path: string): boolean;
}

/** Stores a manifest and gives the digest that stands for the whole tree. */
export function saveManifest(blobs: Blobs, manifest: Manifest): Digest {
  return blobs.put(toCanonicalJson(manifest));
}

/** Opens a tree by the digest of its manifest. Throws what the blob store throws. */
export function openSnapshot(blobs: Blobs, digest: Digest): Snapshot {
  const manifest = manifestSchema.parse(JSON.parse(new TextDecoder().decode(blobs.get(digest))));
  const files = new Map(manifest.files.map((file) => [file.path, file]));
  return {
    manifest,
    has: (path) => files.get(path)?.digest !== undefined,
    read(path) {
      const file = files.get(path);
      if (file?.digest !== undefined) return blobs.get(file.digest);
      throw new ToolError('file-too-large', `The content of ${path} was not kept: ${file?.reason ?? 'no such file'}.`);
    },
  };
}

/** Replaces some files of a tree; gives the digest of the new tree. Paths that are new are added. */
export function replaceFiles(blobs: Blobs, base: Manifest, contents: ReadonlyMap<string, Uint8Array>): Digest {
  const files = new Map(base.files.map((file) => [file.path, file]));
  for (const [path, bytes] of contents) {
    files.set(path, { path, sizeBytes: bytes.byteLength, digest: blobs.put(bytes) });
  }
  const sorted = [...files.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
  return saveManifest(blobs, { ...base, files: sorted });
}
