import type { Sandbox } from '../sandbox.js';

/** One attempt to get out of the sandbox or to wear it down. */
export interface Attack {
  /** Short and stable, for tables. */
  readonly name: string;
  /** What is tried, in a few words. */
  readonly what: string;
  /** What has to come of it. */
  readonly expected: string;
  /** Tries it and says what came of it, in the words of `expected` if all is well. */
  readonly attempt: (sandbox: Sandbox) => Promise<string>;
}

/** What came of one attack. */
export interface AttackVerdict {
  readonly name: string;
  readonly what: string;
  readonly expected: string;
  readonly observed: string;
  readonly ok: boolean;
}
