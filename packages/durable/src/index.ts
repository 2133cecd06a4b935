export { ChildFailedError, DurableError, type DurableErrorCode, StepFailedError } from './errors.js';
export type { BlobStore } from './journal/blob-store.js';
export type { EntryKind, JournalEntry } from './journal/entry.js';
export type { BadEntry } from './journal/journal-audit.js';
export {
  type ConsistencyProof,
  type ExportedEntry,
  type RunExport,
  verifyConsistency,
  verifyRunExport,
} from './journal/run-export.js';
export type { RunStatus, RunSummary, WaitingFor } from './journal/run-summary.js';
export {
  createSealingKey,
  parseSealingKey,
  readSealingKey,
  type SealingKey,
  type SealingKeys,
  toSealingKeyText,
} from './journal/sealing.js';
export { type JournalVerdict, type VerifyOptions, verifyJournal } from './journal/verify.js';
export type {
  Engine,
  EngineOptions,
  ReplayVerdict,
  RunEvent,
  RunFilter,
  RunHandle,
  SecretUse,
  Settlement,
} from './worker/engine.js';
export { openEngine } from './worker/open-engine.js';
export type { RetryPolicy, RunOptions, SignalOptions, WorkflowContext } from './workflow/context.js';
export { defineWorkflow, type WorkflowDefinition, type WorkflowOptions } from './workflow/definition.js';
export type { SecretHandle } from './workflow/secret.js';
export type { StepContext, StepFunction, StepRegistry, StepResult } from './workflow/step.js';
