import { digestJson } from '@trocar/core';
import type { GuestRun } from '../guests/guest-run.js';
import { resolveLimits } from '../limits.js';
import type { TestResult, TestRun } from '../outcome.js';
import type { Receipt } from '../receipt.js';
import { digestPolicy } from '../receipt.js';
import type { TestCall } from '../sandbox.js';
import { meterVersion } from '../wasm/version.js';
import { findTestFiles } from './find-test-files.js';
import { findObstacle } from './obstacle.js';

/**
 * Runs every test file of a project in a guest of its own, as `node --test` runs each in a process of its own.
 *
 * A file that fails because something is missing or denied makes the whole run `unsupported`: then the counts are what
 * could be found out, and no verdict.
 */
export async function runProjectTests(call: TestCall, runFile: (entry: string) => Promise<GuestRun>): Promise<TestRun> {
  const limits = resolveLimits(call.limits);
  const testFiles = call.testFiles ?? findTestFiles([...call.files.keys()]);
  const runs = await Promise.all(testFiles.map(async (file) => ({ file, run: await runFile(file) })));
  const tests: TestResult[] = [];
  let reason = testFiles.length === 0 ? 'There are no test files.' : undefined;
  for (const { file, run } of runs) {
    const { results, obstacle } = judge(file, run);
    tests.push(...results);
    reason ??= obstacle;
  }
  const count = (status: TestResult['status']) => tests.filter((test) => test.status === status).length;
  const fuelUnits = runs.reduce((sum, { run }) => sum + run.result.fuelUnits, 0);
  const peakMemoryBytes = Math.max(0, ...runs.map(({ run }) => run.result.peakMemoryBytes));
  const receipts = runs.map(({ run }) => run.outcome.receipt);
  return {
    status: reason === undefined ? 'ran' : 'unsupported',
    ...(reason !== undefined && { reason }),
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    tests,
    stdout: runs.map(({ run }) => run.result.stdout).join(''),
    stderr: runs.map(({ run }) => run.result.stderr).join(''),
    fuelUnits,
    peakMemoryBytes,
    receipt: {
      module: receipts[0]?.module ?? digestJson(null),
      policy: receipts[0]?.policy ?? digestPolicy(limits, []),
      input: digestJson(receipts.map(({ input }) => input)),
      output: digestJson(receipts.map(({ output }) => output)),
      fuelUnits,
      peakMemoryBytes,
      ...(receipts.some(({ isExact }) => isExact === false) && { isExact: false }),
      tier: 'wasm',
      hostCalls: addCalls(receipts),
      meterVersion,
    },
  };
}

function judge(
  file: string,
  run: GuestRun,
): { readonly results: readonly TestResult[]; readonly obstacle: string | undefined } {
  const { trap } = run.outcome;
  const results: TestResult[] = run.result.tests.map((test) => ({ file, ...test }));
  // A file that ends badly has failed even if each of its tests passed; one that has no tests is a test itself.
  if (trap !== undefined) results.push({ file, name: file, status: 'failed', message: trap.message });
  else if (results.length === 0) results.push({ file, name: file, status: 'passed' });
  const failed = results.some(({ status }) => status === 'failed');
  return { results, obstacle: failed ? findObstacle(file, run.result) : undefined };
}

function addCalls(receipts: readonly Receipt[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { hostCalls } of receipts) {
    for (const [name, count] of Object.entries(hostCalls)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}
