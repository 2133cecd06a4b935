import { plannedChangeSchema } from '@trocar/tools';
import { applyOutcomeSchema } from '../decision/guarded-apply.js';
import { PortError } from '../port/errors.js';
import { outcomeOf, type RecordedRun } from '../port/run-outcome.js';
import type { ChangeResult } from './result.js';

/** Reads the answer of a `change` from its run. Code: `not-this-workflow`. */
export function reportChange(run: RecordedRun): ChangeResult {
  const { summary, entries } = run;
  if (summary.workflow !== 'change') {
    throw new PortError(
      'not-this-workflow',
      `The run ${summary.runId} is a run of ${summary.workflow}, not of change.`,
    );
  }
  const planned = entries.find(({ kind }) => kind === 'step-completed');
  const plan = plannedChangeSchema.safeParse(planned?.content.output);
  const found = outcomeOf(run, applyOutcomeSchema);
  const problem = found.standing === 'ended' ? found.outcome.problem : found.standing === 'failed' && found.problem;
  return {
    run: summary.runId,
    status: found.standing === 'ended' ? found.outcome.status : found.standing,
    edits: plan.success ? plan.data.edits : [],
    ...(problem && { problem: { code: problem.code, message: problem.message } }),
  };
}
