import { z } from 'zod';

/** What running a project's tests gave. */
export const testReportSchema = z.object({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
  tier: z.enum(['wasm', 'none']).describe('the wall around the tests; none: they were not run'),
  fuelUnits: z.int().nonnegative(),
  reason: z.string().optional().describe('why the tests were not run, or not all of them'),
  failures: z.array(z.object({ file: z.string(), name: z.string(), message: z.string() })),
});

/** What running a project's tests gave. */
export type TestReport = z.infer<typeof testReportSchema>;
