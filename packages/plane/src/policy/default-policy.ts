import { defaultBudget } from '../usage.js';
import type { Policy } from './policy.js';

/** For whom and where the built-in policy speaks. */
export interface DefaultPolicyOptions {
  /** The identity that calls. */
  readonly identity: string;
  /** Absolute folders that the operator named. */
  readonly roots: readonly string[];
  /** Whether the operator has agreed beforehand to changes below the roots. */
  readonly allowWrites?: boolean;
}

/**
 * The policy that holds while the operator has written none: the caller may look at the folders that the operator
 * named, and change them after an approval by a local user. What an agent proposed may be written after an approval,
 * too, so that another process than the agent's own can carry it out.
 */
export function createDefaultPolicy({ identity, roots, allowWrites = false }: DefaultPolicyOptions): Policy {
  return {
    version: 1,
    grants: [
      { id: 'default-read', identity, tools: ['*'], roots: [...roots], access: ['read'], approval: 'none' },
      {
        id: 'default-write',
        identity,
        tools: ['*'],
        roots: [...roots],
        access: ['write'],
        approval: allowWrites ? 'none' : 'required',
      },
      {
        id: 'default-agent-write',
        identity: 'agent:*',
        tools: ['*'],
        roots: [...roots],
        access: ['write'],
        approval: 'required',
      },
    ],
    approvers: ['local:*'],
    budget: defaultBudget,
  };
}
