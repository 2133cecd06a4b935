import { relative, sep } from 'node:path';
import { isIdentityCovered } from '../identity.js';
import type { Resource } from '../tool.js';
import type { Grant, Policy } from './policy.js';

/** What the policy says to one call. */
export type Decision =
  | { readonly allowed: true; readonly grants: readonly string[]; readonly approval: 'none' | 'required' }
  | { readonly allowed: false; readonly reason: string };

/** A call as the policy sees it. */
export interface PolicyRequest {
  readonly identity: string;
  readonly tool: string;
  readonly resources: readonly Resource[];
  readonly nowMs: number;
}

/**
 * Decides a call: denied unless a grant covers the identity and the tool, and every resource is covered by some grant
 * for them. Approval is needed for a resource when each grant that covers it asks for one.
 */
export function decide(policy: Policy, request: PolicyRequest): Decision {
  const grants = policy.grants.filter((grant) => isGrantFor(grant, request));
  const [first] = grants;
  if (first === undefined) return { allowed: false, reason: `No grant lets ${request.identity} use ${request.tool}.` };
  if (request.resources.length === 0) return summarise([preferWithoutApproval(grants) ?? first]);
  const chosen: Grant[] = [];
  for (const resource of request.resources) {
    const grant = preferWithoutApproval(grants.filter((candidate) => isCovered(resource, candidate)));
    if (grant === undefined) {
      return {
        allowed: false,
        // Without the canonical path: it would tell where a link leads to somebody who may not follow it.
        reason: `No grant lets ${request.identity} ${resource.access} that place with ${request.tool}.`,
      };
    }
    chosen.push(grant);
  }
  return summarise(chosen);
}

/** Whether `path` is `root` or lies below it; both canonical and absolute. */
export function isPathInside(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && way !== path);
}

function isGrantFor(grant: Grant, request: PolicyRequest): boolean {
  if (grant.expiresAt !== undefined && Date.parse(grant.expiresAt) <= request.nowMs) return false;
  if (!isIdentityCovered(request.identity, grant.identity)) return false;
  return grant.tools.includes('*') || grant.tools.includes(request.tool);
}

function isCovered(resource: Resource, grant: Grant): boolean {
  return grant.access.includes(resource.access) && grant.roots.some((root) => isPathInside(resource.path, root));
}

function preferWithoutApproval(grants: readonly Grant[]): Grant | undefined {
  return grants.find((grant) => grant.approval === 'none') ?? grants[0];
}

function summarise(grants: readonly Grant[]): Decision {
  return {
    allowed: true,
    grants: [...new Set(grants.map((grant) => grant.id))].sort(),
    approval: grants.some((grant) => grant.approval === 'required') ? 'required' : 'none',
  };
}
