import { type Digest, digestJson, isEqualInConstantTime } from '@trocar/core';
import { PlaneError } from './errors.js';
import { isIdentityCovered } from './identity.js';

/** Somebody's consent to exactly one call. */
export interface Approval {
  /** What was approved: {@link digestCall} of the tool's definition and the input. */
  readonly call: Digest;
  /** The identity that agreed. */
  readonly by: string;
}

/** The digest that an approval is bound to: the definition of the tool and the complete input. */
export function digestCall(definition: Digest, input: unknown): Digest {
  return digestJson({ tool: definition, input });
}

/**
 * Checks that an approval covers this very call and was given by somebody who may.
 *
 * @throws {PlaneError} `approval-required` where there is none, `approval-mismatch` where it belongs to another call,
 * `denied` where the approver is not among `approvers`.
 */
export function assertApproved(approval: Approval | undefined, call: Digest, approvers: readonly string[]): void {
  if (approval === undefined) {
    throw new PlaneError('approval-required', 'This call changes files and needs an approval first.', {
      data: { call },
    });
  }
  if (!isEqualInConstantTime(approval.call, call)) {
    throw new PlaneError('approval-mismatch', 'The approval was given for another call; ask for a new one.', {
      data: { call, approved: approval.call },
    });
  }
  if (!approvers.some((pattern) => isIdentityCovered(approval.by, pattern))) {
    throw new PlaneError('denied', `The policy does not let ${approval.by} approve calls.`, { data: { call } });
  }
}
