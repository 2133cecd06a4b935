import { z } from 'zod';

/** One line on the way of a value from its source to its sink. */
const witnessStepSchema = z.object({
  file: z.string().describe('relative to the scanned folder, with forward slashes'),
  line: z.int().positive(),
  note: z.string(),
});

const sinkSchema = z.object({
  file: z.string(),
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  argument: z.object({ start: z.int().nonnegative(), end: z.int().nonnegative() }).optional(),
  api: z.string(),
});

/** One vulnerability with the evidence for it. */
export const findingSchema = z.object({
  id: z.string().describe('stable while the code around the finding does not change'),
  rule: z.string(),
  cwe: z.string().regex(/^CWE-\d+$/),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  confidence: z.enum(['low', 'medium', 'high']),
  file: z.string(),
  line: z.int().positive(),
  message: z.string(),
  witness: z.array(witnessStepSchema).describe('the path from source to sink, line by line'),
  sink: sinkSchema.describe('the dangerous expression: UTF-16 offsets in the text of the file'),
});

/** One vulnerability with the evidence for it. */
export type FindingResult = z.infer<typeof findingSchema>;
