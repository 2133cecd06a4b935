import { StepFailedError, type WorkflowContext } from '@trocar/durable';
import type { Approval } from '@trocar/plane';
import { type ApplyChangesInput, applyChanges } from '@trocar/tools';
import { z } from 'zod';
import { callTool } from '../port/call-tool.js';
import { proposalSchema, proposeCallStep } from '../port/plane-steps.js';
import { decisionSchema, decisionSignal } from './decision.js';

/** What became of changes that were proposed. */
export const applyOutcomeSchema = z.object({
  status: z.enum(['applied', 'failed']),
  problem: z.object({ code: z.string(), message: z.string() }).optional(),
});

/** What became of changes that were proposed. */
export type ApplyOutcome = z.infer<typeof applyOutcomeSchema>;

/**
 * Writes changes to the user's tree: proposes the call, waits for the decision that the policy asks for, applies.
 *
 * @param approvedBy who approved beforehand; recorded with the run's input, so that it holds after a crash as well.
 */
export async function applyGuarded(
  context: WorkflowContext,
  changes: ApplyChangesInput,
  approvedBy?: string,
): Promise<ApplyOutcome> {
  const proposal = await context.run(
    proposeCallStep,
    { tool: applyChanges.name, input: changes },
    { output: proposalSchema },
  );
  let approval: Approval | undefined;
  if (proposal.approval === 'required') {
    const decision =
      approvedBy === undefined
        ? await context.signal(decisionSignal, { schema: decisionSchema })
        : { verdict: 'approve', call: proposal.call, by: approvedBy };
    if (decision.verdict === 'reject') return failed('rejected', `${decision.by} rejected the changes.`);
    approval = { call: decision.call, by: decision.by };
  }
  try {
    await callTool(context, applyChanges, changes, approval);
    return { status: 'applied' };
  } catch (error) {
    // A file that changed meanwhile, or an approval of something else, is an outcome; the tree is as it was.
    if (error instanceof StepFailedError) return failed(error.problem.code, error.problem.message);
    throw error;
  }
}

/** An outcome that changed nothing. */
export function failed(code: string, message: string): ApplyOutcome & { status: 'failed' } {
  return { status: 'failed', problem: { code, message } };
}
