import type { JsonValue } from '@trocar/core';
import type { Receipt } from './receipt.js';

/**
 * Why a guest stopped before its end.
 *
 * `fuel`, `depth`, `memory`, `wall`: a limit was reached. `guest`: it failed by its own doing (a WebAssembly trap, an
 * uncaught JavaScript exception). `host`: the sandbox failed, not the guest. `denied`: the module was refused, or it
 * asked for something that no grant names.
 */
export type TrapKind = 'fuel' | 'depth' | 'memory' | 'wall' | 'guest' | 'host' | 'denied';

/** A stop before the end, as data. The message contains guest paths only, never paths of the host. */
export interface Trap {
  readonly kind: TrapKind;
  readonly message: string;
}

/** What one guest gave back. */
export interface GuestOutcome {
  /** Whether the guest came to its end; then there is no `trap`. */
  readonly ok: boolean;
  /** Results of the invoked function. 64-bit integers beyond 2^53 are decimal strings; NaN and infinities too. */
  readonly values: readonly JsonValue[];
  readonly stdout: string;
  readonly stderr: string;
  readonly trap?: Trap;
  readonly receipt: Receipt;
}

/** The verdict on one test. */
export interface TestResult {
  /** Path inside the virtual file system. */
  readonly file: string;
  /** Names of the enclosing suites and of the test, joined by ` > `. */
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

/** What running a project's tests gave. */
export interface TestRun {
  /** `unsupported` when something that the project's tests need is not there; then `reason` says what. */
  readonly status: 'ran' | 'unsupported';
  readonly reason?: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly tests: readonly TestResult[];
  readonly stdout: string;
  readonly stderr: string;
  /** Fuel of all test files together. */
  readonly fuelUnits: number;
  /** The largest memory that one test file needed. */
  readonly peakMemoryBytes: number;
  readonly receipt: Receipt;
}
