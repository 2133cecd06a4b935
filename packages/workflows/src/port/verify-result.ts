import { z } from 'zod';

/** The answer of `trocar verify`. */
export const verifyResultSchema = z.object({
  ok: z.boolean().describe('whether the record is as it was written'),
  entries: z.int().nonnegative().describe('entries that were checked'),
  firstBad: z
    .object({
      run: z.string().nullable(),
      seq: z.int().nullable().describe('its place in the run, from 0'),
      index: z.int().nullable().describe('its place in the journal, from 0'),
      reason: z.string(),
    })
    .nullable()
    .describe('the first entry that cannot be trusted; null where all can'),
});

/** The answer of `trocar verify`. */
export type VerifyResult = z.infer<typeof verifyResultSchema>;
