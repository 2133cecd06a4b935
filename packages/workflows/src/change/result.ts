import { fileDiffSchema } from '@trocar/tools';
import { z } from 'zod';

/** The answer of a change: what it did to the tree, or what it would do once approved. */
export const changeResultSchema = z.object({
  run: z.string(),
  status: z.enum(['applied', 'awaiting-approval', 'failed']),
  edits: z.array(fileDiffSchema),
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** The answer of a change. */
export type ChangeResult = z.infer<typeof changeResultSchema>;
