import type { JournalEntry, RunSummary } from '@trocar/durable';
import { plannedChangeSchema } from '@trocar/tools';
import { applyOutcomeSchema } from '../decision/guarded-apply.js';
import { PortError } from '../port/errors.js';
import type { ChangeResult } from './result.js';

/** Reads the answer of a `change` from its run. Code: `not-this-workflow`. */
export function reportChange({
  summary,
  entries,
}: {
  summary: RunSummary;
  entries: readonly JournalEntry[];
}): ChangeResult {
  if (summary.workflow !== 'change') {
    throw new PortError(
      'not-this-workflow',
      `The run ${summary.runId} is a run of ${summary.workflow}, not of change.`,
    );
  }
  const planned = entries.find(({ kind }) => kind === 'step-completed');
  const plan = plannedChangeSchema.safeParse(planned?.content['output']);
  const outcome = applyOutcomeSchema.safeParse(summary.output);
  const problem = summary.problem ?? (outcome.success ? outcome.data.problem : undefined);
  return {
    run: summary.runId,
    status: statusOf(summary, outcome.success ? outcome.data.status : undefined),
    edits: plan.success ? plan.data.edits : [],
    ...(problem && { problem: { code: problem.code, message: problem.message } }),
  };
}

function statusOf(summary: RunSummary, outcome: 'applied' | 'failed' | undefined): ChangeResult['status'] {
  if (outcome !== undefined) return outcome;
  return summary.status === 'failed' || summary.status === 'cancelled' ? 'failed' : 'awaiting-approval';
}
