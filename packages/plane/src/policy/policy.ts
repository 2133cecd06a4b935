import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { PlaneError } from '../errors.js';
import { defaultBudget } from '../usage.js';

const grantSchema = z.strictObject({
  id: z.string().min(1).max(100),
  /** An identity, or a prefix of identities that ends in `*`. */
  identity: z.string().min(2).max(300),
  /** Names of tools; a single `*` stands for every tool. */
  tools: z.array(z.string().min(1)).min(1),
  /** Absolute folders that the tools may touch, with everything below them. */
  roots: z.array(z.string().refine((path) => isAbsolute(path), 'has to be an absolute path')),
  access: z.array(z.enum(['read', 'write'])),
  /** Whether somebody has to agree to each call. */
  approval: z.enum(['none', 'required']),
  /** Until when the grant holds; absent: without end. */
  expiresAt: z.iso.datetime().optional(),
});

const policySchema = z.strictObject({
  version: z.literal(1),
  grants: z.array(grantSchema).max(1_000),
  /** Who may approve: identities, or prefixes that end in `*`. */
  approvers: z.array(z.string().min(2)),
  budget: z
    .strictObject({
      fuelUnits: z.int().nonnegative().default(defaultBudget.fuelUnits),
      wallMs: z.int().nonnegative().default(defaultBudget.wallMs),
      peakMemoryBytes: z.int().nonnegative().default(defaultBudget.peakMemoryBytes),
    })
    .prefault({}),
});

/** One permission that the operator gives. */
export type Grant = z.infer<typeof grantSchema>;

/** Everything the operator permits; what is not named is denied. */
export type Policy = z.infer<typeof policySchema>;

/**
 * Checks a policy that was read from a file.
 *
 * @throws {PlaneError} `invalid-policy`, with the place and the reason of the first defect.
 */
export function parsePolicy(value: unknown): Policy {
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') || 'the document';
  throw new PlaneError('invalid-policy', `The policy is not valid at ${place}: ${issue?.message ?? 'unknown defect'}.`);
}
