import { z } from 'zod';

/** What one attack on this installation tried, and what came of it. */
export const attackReportSchema = z.object({
  target: z.enum(['sandbox', 'overlay']),
  name: z.string(),
  what: z.string(),
  expected: z.string(),
  observed: z.string(),
  ok: z.boolean().describe('whether the wall held'),
});

/** What one attack on this installation tried, and what came of it. */
export type AttackReport = z.infer<typeof attackReportSchema>;
