import {
  acceptedContent,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { type Digest, digestJson, isDigest, type JsonObject, type JsonValue } from '@trocar/core';
import type { ChangeResult } from '@trocar/workflows';
import { z } from 'zod';
import { toAnswer, toFailure } from '../answer/answer.js';
import { answerToProblem } from '../answer/failure.js';
import { findHiddenText } from '../answer/hidden-text.js';
import type { CallContext } from '../catalog/call-context.js';
import { withHeartbeat } from './heartbeat.js';
import type { ExposedTool } from './toolset.js';

const question = 'approval';
const answerSchema = z.object({ apply: z.boolean().meta({ title: 'Apply this change' }) });

/** What is sealed between the question and its answer: which run was asked about, and for which call. */
const pendingSchema = z.object({ run: z.string(), call: z.custom<Digest>(isDigest) });

/**
 * Calls a tool that plans an edit: a run that changes nothing before it is approved. Where the client can ask its user,
 * the diff is shown to them and their answer decides; else the answer names the command that does.
 */
export async function callChange(
  exposed: ExposedTool,
  input: JsonObject,
  context: CallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { openPort, exposure, identity } = exposed;
  const { name } = exposure.contract;
  const call = digestJson({ tool: name, input });
  const pending = pendingSchema.safeParse(context.state);
  if (pending.success && pending.data.call === call) return decide(exposed, pending.data.run, context);

  const port = await openPort();
  const { run, settled } = await port.change(name, input, identity);
  await withHeartbeat(context, exposure.title, settled());
  if (context.signal.aborted) await port.engine.cancel(run, { identity, reason: 'The client cancelled the call.' });
  const report = await port.reportChange(run);
  const hidden = findHiddenText(input);
  if (report.status !== 'awaiting-approval' || !context.client.elicitation || exposed.approver === undefined) {
    return present(exposed, report, hidden.length > 0 ? { hidden_characters: hidden.map(({ field }) => field) } : {});
  }
  return inputRequired({
    inputRequests: {
      [question]: inputRequired.elicit({ message: describe(report, hidden.length > 0), requestedSchema: answerSchema }),
    },
    requestState: await context.seal({ run, call }),
  });
}

async function decide(exposed: ExposedTool, run: string, context: CallContext): Promise<CallToolResult> {
  const { approver } = exposed;
  const port = await exposed.openPort();
  const view = inputResponse(context.answers, question);
  const isAnswered = view.kind === 'elicit' && view.action !== 'cancel';
  if (approver !== undefined && isAnswered) {
    const isYes = acceptedContent(context.answers, question, answerSchema)?.apply === true;
    await port.decide(run, isYes ? 'approve' : 'reject', approver);
  }
  return present(exposed, await port.reportChange(run), {});
}

function present(exposed: ExposedTool, report: ChangeResult, more: Record<string, JsonValue>): CallToolResult {
  const { run, status, edits, problem } = report;
  const fields = { run, status, edits: edits.map((edit) => ({ ...edit })), from_files: ['edits'], ...more };
  switch (status) {
    case 'applied':
      exposed.onChanged(edits.map(({ file }) => file));
      return toAnswer(fields);
    case 'awaiting-approval':
      return toFailure({
        error: 'Nothing was changed yet: a person has to agree to this change.',
        code: 'approval-required',
        hint: `Show the user the diff and ask them to run: trocar approve ${run}. Do not repeat this call.`,
        ...fields,
      });
    case 'failed':
      return answerToProblem(problem ?? { code: 'internal', message: 'The change failed.' }, { run });
  }
}

const maximumDiffLength = 6_000;

function describe({ run, edits }: ChangeResult, hasHiddenText: boolean): string {
  const names = edits.map(({ file, added, removed }) => `${file} (+${added} -${removed})`).join(', ');
  const diff = edits.map((edit) => edit.diff).join('\n');
  const shown = diff.length > maximumDiffLength ? `${diff.slice(0, maximumDiffLength)}\n… (cut)` : diff;
  const warning = hasHiddenText ? '\nCareful: the new text contains characters that cannot be seen.\n' : '';
  return `Trocar: may this change be written? ${names}. Run ${run}.\n${warning}\n${shown}`;
}
