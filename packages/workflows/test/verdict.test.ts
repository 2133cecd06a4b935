import type { TestReport } from '@trocar/tools';
import { describe, expect, it } from 'vitest';
import { compareTests } from '../src/operate/verdict.js';

const ran = (passed: number, failures: string[] = []): TestReport => ({
  passed,
  failed: failures.length,
  skipped: 0,
  tier: 'wasm',
  fuelUnits: 1,
  failures: failures.map((name) => ({ file: 'a.test.js', name, message: 'no' })),
});
const notRun: TestReport = { ...ran(0), tier: 'none', reason: 'no guest' };

describe('compareTests', () => {
  it.each([
    ['the same tests pass', ran(3), ran(3), 'yes'],
    ['one that failed before passes now', ran(2, ['x']), ran(3), 'yes'],
    ['one that failed before still fails', ran(2, ['x']), ran(2, ['x']), 'yes'],
    ['another one fails now', ran(2, ['x']), ran(2, ['y']), 'no'],
    ['fewer tests pass because a file no longer loads', ran(3), ran(2), 'no'],
    ['nothing passed before', ran(0, ['x']), ran(1), 'unknown'],
    ['the tests were not run', notRun, notRun, 'unknown'],
    ['the tests were run before only', ran(3), notRun, 'unknown'],
  ])('%s: %#', (_, before, after, verdict) => {
    expect(compareTests(before, after)).toBe(verdict);
  });
});
