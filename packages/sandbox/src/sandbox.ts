import type { JsonValue } from '@trocar/core';
import type { GuestLimits } from './limits.js';
import type { GuestOutcome, TestRun } from './outcome.js';

/** An argument for a WebAssembly function; integers of 64 bits fit as bigint or as a decimal string. */
export type GuestArgument = string | number | bigint;

/** One WebAssembly module to run. */
export interface WasmCall {
  readonly bytes: Uint8Array;
  /** The exported function to call; without it `_start`, else nothing but the start function runs. */
  readonly invoke?: string;
  readonly args?: readonly GuestArgument[];
  readonly limits?: Partial<GuestLimits>;
}

/** One JavaScript program to run. Its whole world is `files`. */
export interface JavaScriptCall {
  /** Path (relative, forward slashes) to content. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The path in `files` to start from. */
  readonly entry: string;
  /** A function that the entry exports, to be called with `args`; its awaited result is the outcome's only value. */
  readonly invoke?: string;
  readonly args?: readonly JsonValue[];
  readonly limits?: Partial<GuestLimits>;
}

/** The tests of one JavaScript project. */
export interface TestCall {
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Which files are test files; without it those that `node --test` would find. */
  readonly testFiles?: readonly string[];
  /** Limits of each test file. */
  readonly limits?: Partial<GuestLimits>;
}

/** How the sandbox is set up. */
export interface SandboxOptions {
  /** Most worker threads; each runs one guest at a time. They start on demand. Default: 2. */
  readonly maxWorkers?: number;
  /** Calls that may wait for a worker; one more is refused as `overloaded`. Default: 1,000. */
  readonly maxQueued?: number;
  /** Workers that may be replaced within a minute before calls fail with `worker-failed`. Default: 60. */
  readonly maxRestartsPerMinute?: number;
}

/** Runs guests, each in a fresh instance. Close it to end its threads. */
export interface Sandbox extends AsyncDisposable {
  runWasm(call: WasmCall): Promise<GuestOutcome>;
  runJavaScript(call: JavaScriptCall): Promise<GuestOutcome>;
  runTests(call: TestCall): Promise<TestRun>;
  /** Ends all threads; calls that have not finished fail with `sandbox-closed`. */
  close(): Promise<void>;
}
