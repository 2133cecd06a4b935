import type { TestReport } from '@trocar/tools';

/** Three-valued answer to: did the change keep the behaviour that the tests describe? */
export type Verdict = 'yes' | 'no' | 'unknown';

/**
 * Compares the tests before and after a change.
 *
 * `unknown` where they were not run, or not one of them passed before; `no` where fewer pass or more fail than before.
 */
export function compareTests(before: TestReport, after: TestReport): Verdict {
  if (before.tier === 'none' || after.tier === 'none' || before.passed === 0) return 'unknown';
  const failedBefore = new Set(before.failures.map(({ file, name }) => `${file}\n${name}`));
  const isNewFailure = after.failures.some(({ file, name }) => !failedBefore.has(`${file}\n${name}`));
  return isNewFailure || after.passed < before.passed ? 'no' : 'yes';
}
