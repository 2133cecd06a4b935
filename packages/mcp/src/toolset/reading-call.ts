import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import { type JsonObject, TrocarError } from '@trocar/core';
import { z } from 'zod';
import { type AnswerFields, toAnswer } from '../answer/answer.js';
import { boundField, boundSkipped } from '../answer/bounded.js';
import { findHiddenText } from '../answer/hidden-text.js';
import { estimateTokens } from '../answer/token-estimate.js';
import type { CallContext } from '../catalog/call-context.js';
import { tokenBounds } from './definition.js';
import { withHeartbeat } from './heartbeat.js';
import type { ExposedTool } from './toolset.js';

const pagingSchema = z.object({
  max_tokens: z.int().min(tokenBounds.minimum).max(tokenBounds.maximum).default(tokenBounds.default),
  cursor: z.string().max(200).optional(),
});

/** Calls a tool that changes nothing, and cuts its answer to what the caller wants to read. */
export async function callReading(
  exposed: ExposedTool,
  input: JsonObject,
  context: CallContext,
): Promise<CallToolResult | InputRequiredResult> {
  const { openPort, exposure, identity, rests } = exposed;
  const { contract, cut } = exposure;
  const { name } = contract;
  const { max_tokens, cursor, ...rest } = input;
  const paging = readPaging(name, { max_tokens, cursor });
  const bound = { tool: name, maxTokens: paging.max_tokens, rests };
  if (paging.cursor !== undefined) {
    const left = rests.get(paging.cursor);
    if (left === undefined || left.tool !== name) {
      throw new TrocarError('cursor-unknown', 'This cursor was not given by this tool, or it is too old.');
    }
    return finish(exposed, {}, boundField({ [left.field]: left.value }, left.field, bound));
  }
  const port = await openPort();
  const output = await withHeartbeat(context, exposure.title, port.call(name, rest, identity));
  const fields = boundSkipped(output as AnswerFields, paging.max_tokens);
  return finish(exposed, rest, cut === undefined ? fields : boundField(fields, cut, bound));
}

function readPaging(tool: string, value: unknown): z.infer<typeof pagingSchema> {
  const parsed = pagingSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new TrocarError('invalid-input', `The input of ${tool} is not valid. ${issues.join('. ')}`, {
    data: { issues },
  });
}

function finish({ exposure }: ExposedTool, input: JsonObject, fields: AnswerFields): CallToolResult {
  const hidden = findHiddenText({ input, ...fields }).map(
    ({ field, characters }) => `${field}: ${characters.join(' ')}`,
  );
  return toAnswer({
    ...fields,
    ...(hidden.length > 0 && { hidden_characters: hidden }),
    from_files: exposure.foreign.filter((field) => fields[field] !== undefined),
    tokens: estimateTokens(JSON.stringify(fields)),
  });
}
