import { type Problem, TrocarError } from '@trocar/core';

/** The stable codes of everything that this package throws. */
export type DurableErrorCode =
  | 'blob-corrupt'
  | 'blob-missing'
  | 'child-failed'
  | 'disk-full'
  | 'engine-closed'
  | 'input-invalid'
  | 'io-failed'
  | 'key-exposed'
  | 'key-invalid'
  | 'key-missing'
  | 'key-wrong'
  | 'name-invalid'
  | 'not-json'
  | 'output-invalid'
  | 'payload-too-large'
  | 'replay-diverged'
  | 'run-cancelled'
  | 'run-closed'
  | 'run-exists'
  | 'run-held'
  | 'run-open'
  | 'run-shredded'
  | 'run-unknown'
  | 'schema-newer'
  | 'secret-exposed'
  | 'secret-unknown'
  | 'signal-invalid'
  | 'signal-timeout'
  | 'step-failed'
  | 'step-timeout'
  | 'step-unknown'
  | 'store-corrupt'
  | 'store-locked'
  | 'store-tampered'
  | 'store-unwritable'
  | 'workflow-escaped'
  | 'workflow-unknown';

/** What this package throws: `code` says what happened, the message also what to do about it. */
export class DurableError extends TrocarError<DurableErrorCode> {}

/** A step failed for good; `problem` is the step's own. Thrown into the workflow by `ctx.run`. */
export class StepFailedError extends DurableError {
  readonly step: string;
  readonly problem: Problem;

  constructor(step: string, problem: Problem) {
    super('step-failed', `The step "${step}" failed: ${problem.message}`, { data: { step, code: problem.code } });
    this.step = step;
    this.problem = problem;
  }
}

/** A child run failed or was cancelled; `problem` is the child's own. Thrown into the workflow by `ctx.child`. */
export class ChildFailedError extends DurableError {
  readonly childId: string;
  readonly problem: Problem;

  constructor(childId: string, problem: Problem) {
    super('child-failed', `The child run failed: ${problem.message}`, { data: { runId: childId, code: problem.code } });
    this.childId = childId;
    this.problem = problem;
  }
}
