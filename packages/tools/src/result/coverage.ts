import { z } from 'zod';

/** What was looked at and what was not. */
export const coverageSchema = z.object({
  files: z.int().nonnegative().describe('regular files found'),
  analysed: z.int().nonnegative().describe('files whose code was analysed'),
  skipped: z
    .array(z.object({ file: z.string(), reason: z.string(), code: z.string() }))
    .describe('what was not analysed, and why'),
});

/** What was looked at and what was not. */
export type Coverage = z.infer<typeof coverageSchema>;
