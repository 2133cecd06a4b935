import { z } from 'zod';
import { coverageSchema } from './coverage.js';
import { findingSchema } from './finding.js';

/** The answer of a scan: findings, coverage, and whether everything asked for was looked at. */
export const scanReportSchema = z.object({
  findings: z.array(findingSchema),
  coverage: coverageSchema,
  complete: z.boolean().describe('false: something that was asked for was not analysed; see coverage.skipped'),
});

/** The answer of a scan. */
export type ScanResult = z.infer<typeof scanReportSchema>;
