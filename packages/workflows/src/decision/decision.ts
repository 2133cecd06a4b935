import { z } from 'zod';
import { proposalSchema } from '../port/plane-steps.js';

/** The signal that carries somebody's decision on a proposed call. */
export const decisionSignal = 'decision';

/** The payload of {@link decisionSignal}: the verdict, the call it was made on, and who made it. */
export const decisionSchema = z.strictObject({
  verdict: z.enum(['approve', 'reject']),
  call: proposalSchema.shape.call,
  by: z.string(),
});
