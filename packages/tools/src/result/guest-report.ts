import { z } from 'zod';

/** What one guest in the sandbox gave back. */
export const guestReportSchema = z.object({
  ok: z.boolean(),
  values: z.array(z.json()).describe('64-bit integers beyond 2^53 are decimal strings'),
  stdout: z.string(),
  stderr: z.string(),
  trap: z
    .object({ kind: z.enum(['fuel', 'depth', 'memory', 'wall', 'guest', 'host', 'denied']), message: z.string() })
    .optional(),
  receipt: z.object({
    module: z.string(),
    policy: z.string(),
    input: z.string(),
    output: z.string(),
    fuelUnits: z.int().nonnegative(),
    peakMemoryBytes: z.int().nonnegative(),
    tier: z.literal('wasm'),
    hostCalls: z.record(z.string(), z.int().nonnegative()),
    meterVersion: z.int(),
    isExact: z
      .literal(false)
      .optional()
      .describe('false: the guest was ended from outside, so fuel and memory are not known exactly'),
  }),
});

/** What one guest in the sandbox gave back. */
export type GuestReport = z.infer<typeof guestReportSchema>;
