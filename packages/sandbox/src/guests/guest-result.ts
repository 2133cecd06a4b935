import type { JsonValue } from '@trocar/core';
import type { TestResult, Trap } from '../outcome.js';

/** What running one guest gave, before the receipt is written. Plain data: it crosses a thread boundary. */
export interface GuestResult {
  readonly values: readonly JsonValue[];
  readonly stdout: string;
  readonly stderr: string;
  readonly trap?: Trap;
  readonly fuelUnits: number;
  readonly peakMemoryBytes: number;
  readonly hostCalls: Readonly<Record<string, number>>;
  /** JavaScript tests that came to a verdict. */
  readonly tests: readonly Omit<TestResult, 'file'>[];
  /** What the guest asked for and no grant names. */
  readonly denied: readonly string[];
  /** Modules and packages that are not there. */
  readonly missing: readonly string[];
}
