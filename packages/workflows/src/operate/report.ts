import { editSnapshot, planFixes, scanSnapshot, snapshotTree, type TestReport, testSnapshot } from '@trocar/tools';
import { PortError } from '../port/errors.js';
import { outcomeOf, type RecordedRun } from '../port/run-outcome.js';
import { outputsOf } from '../port/step-outputs.js';
import { operateOutcomeSchema } from './operate.js';
import type { OperateResult } from './result.js';
import { compareTests } from './verdict.js';

const notRun: TestReport = {
  passed: 0,
  failed: 0,
  skipped: 0,
  tier: 'none',
  fuelUnits: 0,
  reason: 'there was no fix to prove',
  failures: [],
};

/**
 * Reads the answer of an `operate` from its run, whatever state that is in.
 *
 * `verify` checks the record; it is called last, when nothing of this run is written any more.
 *
 * @throws {PortError} `not-this-workflow`.
 */
export async function reportOperate(
  run: RecordedRun,
  verify: () => Promise<OperateResult['record']>,
): Promise<OperateResult> {
  const { summary, entries } = run;
  if (summary.workflow !== 'operate') {
    throw new PortError(
      'not-this-workflow',
      `The run ${summary.runId} is a run of ${summary.workflow}, not of operate.`,
    );
  }
  const [snapshot] = outputsOf(entries, snapshotTree);
  const [before, after = before] = outputsOf(entries, scanSnapshot);
  const [plan] = outputsOf(entries, planFixes);
  const [edited] = outputsOf(entries, editSnapshot);
  const [testsBefore = notRun, testsAfter = notRun] = outputsOf(entries, testSnapshot);
  const findings = before?.findings ?? [];
  const found = outcomeOf(run, operateOutcomeSchema);
  const status = found.standing === 'ended' ? found.outcome.status : found.standing;
  // Of changes that were dropped nothing is fixed, whatever the scan of the edited copy said.
  const remaining = (status === 'failed' ? before?.findings : after?.findings) ?? [];
  const remainingIds = new Set(remaining.map(({ id }) => id));
  const problem = found.standing === 'ended' ? found.outcome.problem : found.standing === 'failed' && found.problem;
  return {
    run: summary.runId,
    status,
    findings,
    fixed: findings.filter(({ id }) => !remainingIds.has(id)),
    remaining,
    refused: plan?.refused ?? [],
    edits: (edited?.edits ?? []).map((edit) => ({
      ...edit,
      findings: (plan?.fixes ?? []).filter(({ files }) => files.includes(edit.file)).map(({ finding }) => finding),
    })),
    tests: { before: testsBefore, after: testsAfter, verdict: compareTests(testsBefore, testsAfter) },
    coverage: before?.coverage ?? { files: snapshot?.files ?? 0, analysed: 0, skipped: [] },
    complete: before?.complete ?? false,
    record: await verify(),
    ...(problem && { problem: { code: problem.code, message: problem.message } }),
  };
}
