export { DurableError, type DurableErrorCode, StepFailedError } from './errors.js';
export type { BlobStore } from './journal/blob-store.js';
export type { EntryKind, JournalEntry } from './journal/entry.js';
export type { RunStatus, RunSummary, WaitingFor } from './journal/run-summary.js';
export type { BadEntry, JournalVerdict, VerifyOptions } from './journal/verify.js';
export type { Engine, EngineOptions, RunEvent, RunFilter, RunHandle, Settlement } from './worker/engine.js';
export type { RetryPolicy, RunOptions, SignalOptions, WorkflowContext } from './workflow/context.js';
export { defineWorkflow, type WorkflowDefinition, type WorkflowOptions } from './workflow/definition.js';
export type { StepContext, StepFunction, StepRegistry, StepResult } from './workflow/step.js';
