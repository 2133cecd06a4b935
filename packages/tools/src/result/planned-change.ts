import { z } from 'zod';
import { changeSetSchema, digestSchema, fileDiffSchema } from './change.js';

/** What every tool gives that plans an edit of the user's tree: enough to show it, to approve it and to write it. */
export const plannedChangeSchema = z.object({
  root: z.string().describe('absolute, canonical path'),
  snapshot: digestSchema.describe('the changed files'),
  changes: changeSetSchema,
  edits: z.array(fileDiffSchema),
});

/** A planned edit of the user's tree. */
export type PlannedChange = z.infer<typeof plannedChangeSchema>;
