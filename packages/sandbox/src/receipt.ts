import { type Digest, digestJson } from '@trocar/core';
import type { GuestLimits } from './limits.js';
import { meterVersion } from './wasm/version.js';

/** What a call used and what it was: equal for equal calls, on every machine. */
export interface Receipt {
  /** Digest of the WebAssembly module that ran, before metering (for JavaScript: the engine). */
  readonly module: Digest;
  /** Digest of the limits and grants that held. */
  readonly policy: Digest;
  /** Digest of everything the guest was given: function, arguments, files, standard input. */
  readonly input: Digest;
  /** Digest of everything it gave back: values, output, trap. */
  readonly output: Digest;
  readonly fuelUnits: number;
  readonly peakMemoryBytes: number;
  /**
   * False when the guest's thread had to be ended from outside (the wall deadline, a crash): then fuel, memory and host
   * calls are what is known, which may be zero, and the receipt cannot be verified. Absent otherwise.
   */
  readonly isExact?: false;
  /** The wall around the guest: `wasm` is WebAssembly under the meter, in a thread of this process. */
  readonly tier: 'wasm';
  /** How often the guest called each function of the host. */
  readonly hostCalls: Readonly<Record<string, number>>;
  /** Version of cost model and rewriting; receipts compare only within one version. */
  readonly meterVersion: number;
}

/** The digest of what a guest is held to. */
export function digestPolicy(limits: GuestLimits, grants: readonly string[]): Digest {
  return digestJson({ limits: { ...limits }, grants, meterVersion });
}
