import { defineContract, implementTool, type Tool } from '@trocar/plane';
import { z } from 'zod';
import type { Engines } from './engines.js';
import { toJudgedPath } from './path/canonical-path.js';
import { digestSchema } from './result/change.js';
import { type TestReport, testReportSchema } from './result/test-report.js';
import { openSnapshot } from './snapshot/snapshot.js';

const inputSchema = z.strictObject({ root: z.string().min(1), snapshot: digestSchema });

const maximumFailures = 50;
const fuelPerFile = 2_000_000_000;
const memoryPerFile = 128 * 1024 * 1024;

/** Runs a snapshot's own tests in the sandbox. */
export const testSnapshot = defineContract({
  name: 'test_snapshot',
  description: "Runs the project's own tests in the sandbox. Tests that cannot run there are never counted as passed.",
  input: inputSchema,
  output: testReportSchema,
});

/** Implements {@link testSnapshot}. */
export function createTestSnapshot({ blobs, sandbox }: Engines): Tool<z.infer<typeof inputSchema>, TestReport> {
  return implementTool(testSnapshot, {
    resources: async ({ root }) => [{ path: await toJudgedPath(root, root), access: 'read' }],
    async execute({ snapshot: digest }, { remaining }) {
      const snapshot = openSnapshot(blobs, digest);
      const kept = snapshot.manifest.files.filter(({ path }) => snapshot.has(path));
      const isPython = kept.some(({ path }) => path.endsWith('.py'));
      const hasJavaScript = kept.some(({ path }) => /\.[cm]?[jt]sx?$/.test(path));
      if (!hasJavaScript) {
        const reason = isPython ? 'the sandbox has no Python guest yet' : 'there is no code that the sandbox can run';
        return { output: notExecuted(reason) };
      }
      const files = new Map(kept.map(({ path }) => [path, snapshot.read(path)]));
      const run = await (await sandbox()).runTests({
        files,
        limits: {
          fuelUnits: Math.min(remaining.fuelUnits, fuelPerFile),
          wallMs: Math.min(remaining.wallMs, 120_000),
          memoryBytes: Math.min(remaining.peakMemoryBytes, memoryPerFile),
        },
      });
      if (run.status === 'unsupported')
        return { output: notExecuted(run.reason ?? 'the sandbox cannot run these tests') };
      const { passed, failed, skipped, fuelUnits, peakMemoryBytes } = run;
      const failures = run.tests
        .filter(({ status }) => status === 'failed')
        .slice(0, maximumFailures)
        .map(({ file, name, message = '' }) => ({ file, name, message }));
      const reason = isPython ? { reason: 'Python tests were not executed' } : {};
      return {
        output: { passed, failed, skipped, tier: 'wasm', fuelUnits, failures, ...reason },
        used: { fuelUnits, peakMemoryBytes },
        evidence: { sandbox: { ...run.receipt } },
      };
    },
  });
}

function notExecuted(reason: string): TestReport {
  return { passed: 0, failed: 0, skipped: 0, tier: 'none', fuelUnits: 0, reason, failures: [] };
}
