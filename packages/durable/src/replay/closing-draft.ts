import { type Problem, toCanonicalJson, toProblem } from '@trocar/core';
import { ChildFailedError, DurableError, StepFailedError } from '../errors.js';
import type { EntryDraft } from '../journal/entry.js';
import { joinMembers, type Payload, toPayload } from '../journal/payload.js';
import type { WorkflowDefinition } from '../workflow/definition.js';

/** How a workflow function has ended. */
export type BodyOutcome =
  | { readonly status: 'returned'; readonly value: unknown }
  | { readonly status: 'threw'; readonly error: unknown };

/** What writing a closing entry needs. */
export interface ClosingHost {
  readonly maxPayloadBytes: number;
  payloadMembers(name: 'output', payload: Payload): Readonly<Record<string, string>>;
}

/** The entry that closes a run: its output where that fits, else the problem. */
export function createClosingDraft(
  runId: string,
  definition: WorkflowDefinition,
  host: ClosingHost,
  outcome: BodyOutcome & { readonly isCancelled: boolean },
): EntryDraft {
  if (outcome.status === 'returned') {
    try {
      const parsed = definition.output.safeParse(outcome.value);
      if (!parsed.success) {
        throw new DurableError('output-invalid', `The workflow's output does not fit: ${parsed.error.message}`);
      }
      // A workflow that returns nothing has an output all the same: null.
      const payload = toPayload(parsed.data ?? null, host.maxPayloadBytes);
      return { runId, kind: 'run-completed', content: joinMembers(host.payloadMembers('output', payload)) };
    } catch (error) {
      return { runId, kind: 'run-failed', content: toContent(toProblem(error)) };
    }
  }
  const { error } = outcome;
  const isCancellation = outcome.isCancelled && error instanceof DurableError && error.code === 'run-cancelled';
  const isForeign = error instanceof StepFailedError || error instanceof ChildFailedError;
  const problem = isForeign ? error.problem : toProblem(error);
  return { runId, kind: isCancellation ? 'run-cancelled' : 'run-failed', content: toContent(problem) };
}

/** A problem that JSON cannot carry must not keep the run from being closed. */
function toContent(problem: Problem): string {
  const { code, message, retryable } = problem;
  try {
    return `{"problem":${toPayload(problem, Number.MAX_SAFE_INTEGER).text}}`;
  } catch {
    return `{"problem":${toCanonicalJson({ code, message: message.toWellFormed(), retryable })}}`;
  }
}
