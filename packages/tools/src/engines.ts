import type { Digest } from '@trocar/core';
import type { Sandbox } from '@trocar/sandbox';

/** Content-addressed bytes that survive the process. */
export interface Blobs {
  put(bytes: Uint8Array | string): Digest;
  /** Throws where the bytes are missing or damaged. */
  get(digest: Digest): Uint8Array;
}

/** What the tools work with. Everything heavy is opened on first use. */
export interface Engines {
  readonly blobs: Blobs;
  sandbox(): Promise<Sandbox>;
  /** The folder for undo copies of one run, outside of every user's tree. */
  undoFolder(runId: string): string;
  /** Where Trocar keeps its own state; never part of a snapshot. */
  readonly stateFolder: string;
  /** What relative paths in inputs are relative to. */
  readonly workingFolder: string;
}
