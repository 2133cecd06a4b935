import type { Clock, JsonValue, Logger, Problem, RandomSource } from '@trocar/core';
import type { ZodType, z } from 'zod';
import type { BlobStore } from '../journal/blob-store.js';
import type { JournalEntry } from '../journal/entry.js';
import type { ConsistencyProof } from '../journal/run-export.js';
import type { RunStatus, RunSummary, WaitingFor } from '../journal/run-summary.js';
import type { SealingKeys } from '../journal/sealing.js';
import type { WorkflowDefinition } from '../workflow/definition.js';
import type { StepRegistry } from '../workflow/step.js';

/** What {@link openEngine} needs. */
export interface EngineOptions {
  /** The SQLite file; its folder is made when it is missing. */
  readonly path: string;
  readonly workflows: readonly WorkflowDefinition[];
  readonly steps: StepRegistry;
  /** Where the signing key `journal-key.pem` (mode 0600) lies. Default: the folder of `path`. */
  readonly keyFolder?: string;
  /** A file, best on another disk, that gets a copy of every signed checkpoint. */
  readonly witnessPath?: string;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly logger?: Logger;
  /** The largest input, output or signal payload, in bytes of canonical JSON. Default: 16 MiB. */
  readonly maxPayloadBytes?: number;
  /** The database may not grow beyond this. Default: no limit but the disk's. */
  readonly maxStoreBytes?: number;
  /** How long a commit waits for that of another process before it fails with `store-locked`. Default: 5 s. */
  readonly lockTimeoutMs?: number;
  /** Seals the content of every run that is started from now on; needed to read and resume sealed runs. */
  readonly sealing?: SealingKeys;
  /** Finds the value behind a reference, of at least 8 characters, for one step; undefined where it may not have it. */
  readonly secrets?: (reference: string, use: SecretUse) => Promise<string | undefined>;
}

/** For whom a secret is resolved. */
export interface SecretUse {
  readonly runId: string;
  readonly step: string;
}

/** How a run stands when it cannot go on by itself. */
export type Settlement<Output = JsonValue> =
  | { readonly status: 'completed'; readonly output: Output }
  | { readonly status: 'failed'; readonly problem: Problem }
  | { readonly status: 'cancelled'; readonly problem: Problem }
  | { readonly status: 'waiting'; readonly waitingFor: readonly WaitingFor[] };

/** A run that this engine drives. */
export interface RunHandle<Output = JsonValue> {
  readonly runId: string;
  /**
   * Resolves once the run is closed, parked (`waiting` for signals or timers only), or stopped without being closed
   * (`failed` with `replay-diverged`, `disk-full`, …: the journal keeps the run open, and `resume` can try again).
   */
  settled(): Promise<Settlement<Output>>;
  /** As {@link settled}, but goes on waiting while the run is parked. */
  closed(): Promise<Exclude<Settlement<Output>, { status: 'waiting' }>>;
}

/** What happens in the runs that this engine drives, for progress displays. */
export type RunEvent =
  | { readonly type: 'entry'; readonly runId: string; readonly entry: JournalEntry }
  | {
      readonly type: 'step-started';
      readonly runId: string;
      readonly stepId: string;
      readonly step: string;
      readonly attempt: number;
    };

/** What a replay of a recorded run has shown. */
export type ReplayVerdict =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly entries: number; readonly problem: Problem };

/** Which runs {@link Engine.runs} lists. */
export interface RunFilter {
  readonly status?: RunStatus;
  readonly workflow?: string;
  /** Default: 100. */
  readonly limit?: number;
}

/** Drives runs on one store. Several engines, also in several processes, may share a store. */
export interface Engine extends AsyncDisposable {
  /** The public key of the journal in C2SP verifier form, for `verifyJournal`. */
  readonly publicKey: string;
  readonly blobs: BlobStore;
  /** Starts a run; resolves when its first entry is committed. Codes: `workflow-unknown`, `input-invalid`, `run-exists`. */
  start<Input extends ZodType, Output extends ZodType>(
    workflow: WorkflowDefinition<Input, Output>,
    input: z.input<Input>,
    options?: { readonly runId?: string; readonly identity?: string },
  ): Promise<RunHandle<z.output<Output>>>;
  /** Takes over one run. Codes: `run-unknown`, `run-held` (another live engine drives it), `workflow-unknown`. */
  resume(runId: string): Promise<RunHandle>;
  /**
   * Takes over all open runs that no live engine holds and whose workflow is registered here. Those that are parked cost
   * nothing until a signal or their time comes: only then is their workflow run again.
   */
  resume(): Promise<readonly RunHandle[]>;
  /** Records a signal for an open run, whoever drives it. Codes: `run-unknown`, `run-closed`, `signal-invalid`. */
  signal(runId: string, name: string, payload: JsonValue, options?: { readonly identity?: string }): Promise<void>;
  /** Asks for cancellation of an open run, whoever drives it. Codes: `run-unknown`, `run-closed`. */
  cancel(runId: string, options?: { readonly identity?: string; readonly reason?: string }): Promise<void>;
  /** Calls `listener` for every event until the returned function is called. */
  onEvent(listener: (event: RunEvent) => void): () => void;
  /** The newest runs first. */
  runs(filter?: RunFilter): readonly RunSummary[];
  /** One run with its entries. Code: `run-unknown`. */
  run(runId: string): { readonly summary: RunSummary; readonly entries: readonly JournalEntry[] };
  /** Wraps the keys of all sealed runs with the current sealing key; resolves with how many there were. */
  rotateKeys(): Promise<number>;
  /**
   * Destroys the key of a closed, sealed run: its content can never be read again, while the journal still verifies.
   * Codes: `run-unknown`, `run-open`, `run-shredded` when it is not sealed.
   */
  shred(runId: string, options?: { readonly identity?: string }): Promise<void>;
  /**
   * Runs the workflow again on its record, without any effect: finds where changed code would part from it. Codes:
   * `run-unknown`, `workflow-unknown`.
   */
  replay(runId: string): Promise<ReplayVerdict>;
  /** A run as the text of one file, verifiable with the public key alone. Code: `run-unknown`. */
  exportRun(runId: string): string;
  /**
   * Takes a closed run over from another store, its entries unchanged, after verifying it against that store's public
   * key. Codes: `store-tampered`, `run-open`, `run-exists`, `key-invalid`.
   */
  importRun(text: string, publicKey: string): Promise<RunSummary>;
  /** The newest signed checkpoint, to be kept or shown elsewhere; undefined in an empty store. */
  checkpoint(): string | undefined;
  /** Proves that a checkpoint of this journal, kept anywhere, is the beginning of what it says now. */
  proveConsistency(oldCheckpoint: string): ConsistencyProof;
  /** Aborts running steps, stops driving, commits what is done and releases every run. */
  close(): Promise<void>;
}
