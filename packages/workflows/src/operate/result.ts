import { coverageSchema, fileDiffSchema, findingSchema, testReportSchema } from '@trocar/tools';
import { z } from 'zod';

/** Where a run of `operate` stands. */
const operateStatusSchema = z
  .enum(['applied', 'awaiting-approval', 'nothing-to-do', 'incomplete', 'failed'])
  .describe(
    'applied: the changes are in the tree. awaiting-approval: nothing was changed yet. nothing-to-do: clean and complete. ' +
      'incomplete: nothing to apply, and something was not analysed or not fixable. failed: nothing was changed, see problem.',
  );

/** Where a run of `operate` stands. */
export type OperateStatus = z.infer<typeof operateStatusSchema>;

/** The answer of `operate`: what was found, fixed, proven and recorded. */
export const operateResultSchema = z.object({
  run: z.string(),
  status: operateStatusSchema,
  findings: z.array(findingSchema).describe('before the change'),
  fixed: z.array(findingSchema).describe('findings that the change removes, by a new scan; none where it was dropped'),
  remaining: z.array(findingSchema).describe('findings after the change'),
  refused: z.array(z.object({ finding: z.string(), reason: z.string() })).describe('findings without a fix, and why'),
  edits: z.array(fileDiffSchema.extend({ findings: z.array(z.string()) })),
  tests: z.object({
    before: testReportSchema,
    after: testReportSchema,
    verdict: z.enum(['yes', 'no', 'unknown']).describe('whether the tests show that behaviour was kept'),
  }),
  coverage: coverageSchema,
  complete: z.boolean(),
  record: z.object({
    entries: z.int().nonnegative().describe('entries of this run in the journal'),
    verified: z.boolean().describe('whether the journal was checked from its first entry and found as it was written'),
  }),
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** The answer of `operate`. */
export type OperateResult = z.infer<typeof operateResultSchema>;
