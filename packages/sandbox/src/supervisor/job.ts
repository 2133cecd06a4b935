import type { GuestResult } from '../guests/guest-result.js';
import { type JavaScriptProgram, runJavaScriptGuest } from '../guests/quickjs/javascript-guest.js';
import { runWasmGuest, type WasmProgram } from '../guests/wasm-guest.js';
import type { GuestLimits } from '../limits.js';
import { type PreparedModule, prepareModule } from '../wasm/prepare.js';
import type { Refusal } from '../wasm/refusal.js';
import type { PreparedModules } from './prepared-modules.js';

/** The most table elements that a module may have, over all its tables. */
const mostTableElements = 1_000_000;

/** One guest to run. Plain data: it crosses a thread boundary. */
export interface Job {
  /** What tells this module under these caps from all others. */
  readonly moduleKey: string;
  /** The module's bytes, or the compiled module when some thread has prepared it before; neither when this one has. */
  readonly module: { readonly bytes: Uint8Array } | { readonly prepared: PreparedModule } | undefined;
  readonly limits: GuestLimits;
  readonly program:
    | { readonly kind: 'wasm'; readonly wasm: WasmProgram }
    | { readonly kind: 'javascript'; readonly javascript: JavaScriptProgram };
}

/** What came of it. */
export type JobResult =
  | {
      readonly kind: 'ran';
      readonly guest: GuestResult /** Only when this job prepared it. */;
      readonly prepared?: PreparedModule;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Runs one job on this thread. Called by the worker, and by tests in their own thread. */
export async function runJob(job: Job, modules: PreparedModules): Promise<JobResult> {
  let prepared =
    job.module !== undefined && 'prepared' in job.module ? job.module.prepared : modules.get(job.moduleKey);
  let fresh = false;
  if (prepared === undefined) {
    if (job.module === undefined || !('bytes' in job.module))
      throw new Error('The job names a module that this thread does not have.');
    const caps = { memoryPages: Math.floor(job.limits.memoryBytes / 65_536), tableElements: mostTableElements };
    const preparation = prepareModule(job.module.bytes, caps);
    if (!preparation.ok) return { kind: 'refused', refusal: preparation.refusal };
    prepared = preparation.module;
    fresh = true;
  }
  modules.set(job.moduleKey, prepared);
  const guest =
    job.program.kind === 'wasm'
      ? runWasmGuest(prepared, job.program.wasm, job.limits)
      : await runJavaScriptGuest(prepared.compiled, job.program.javascript, job.limits);
  return { kind: 'ran', guest, ...(fresh && { prepared }) };
}
