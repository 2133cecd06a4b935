import type { JsonValue } from '@trocar/core';
import type { Engine, RunEvent, Settlement } from '@trocar/durable';
import type { Identity, Plane } from '@trocar/plane';
import type { ChangeResult } from '../change/result.js';
import type { OperateResult } from '../operate/result.js';

/** A run that was started or continued. */
export interface PortRun {
  readonly run: string;
  /** Resolves when the run has ended, or waits for a decision. */
  settled(): Promise<Settlement>;
}

/**
 * Trocar as its faces see it: the plane and its tools on a durable engine. Every method is recorded in the journal.
 * Close it to stop driving runs; they stay in the journal and can be continued.
 */
export interface Port extends AsyncDisposable {
  readonly plane: Plane;
  readonly engine: Engine;
  /** Calls one tool: a run of one step. Throws the problem of a call that was refused or failed. */
  call(tool: string, input: JsonValue, identity: Identity): Promise<JsonValue>;
  /** Starts a change: a tool that plans an edit, then approval and writing. */
  change(tool: string, input: JsonValue, identity: Identity): Promise<PortRun>;
  /**
   * Starts the main job on a folder (absolute, canonical path). `approvedBy` approves beforehand whatever it will
   * propose.
   */
  operate(root: string, identity: Identity, approvedBy?: Identity): Promise<PortRun>;
  /**
   * Sends a decision on what a run proposes, and sees the run to its end. Codes: `run-unknown`, `run-closed`,
   * `nothing-to-decide`, `run-stuck`.
   */
  decide(run: string, verdict: 'approve' | 'reject', by: Identity): Promise<void>;
  /** Continues a run, or all open runs that no other process drives. */
  resume(run?: string): Promise<readonly PortRun[]>;
  /** The answer of a run of `operate`, read from its entries; also while it waits. */
  reportOperate(run: string): Promise<OperateResult>;
  /** The answer of a run of `change`, read from its entries. */
  reportChange(run: string): Promise<ChangeResult>;
  /** Calls `listener` for every event of the runs that this port drives. */
  onEvent(listener: (event: RunEvent) => void): () => void;
}
