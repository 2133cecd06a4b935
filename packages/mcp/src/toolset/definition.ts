import type { Tool as Definition } from '@modelcontextprotocol/server';
import type { JsonObject } from '@trocar/core';
import { describeTool } from '@trocar/plane';
import { fileDiffSchema } from '@trocar/tools';
import { z } from 'zod';
import { compactInputSchema, outlineOutputSchema } from './compact-schema.js';
import type { Exposure } from './exposure.js';

/** The bounds of `max_tokens`; without it an answer has at most the default. */
export const tokenBounds = { minimum: 200, default: 6_000, maximum: 100_000 } as const;

/** What the answer about a change has, besides what every answer has. */
const changeAnswerSchema = z.object({
  run: z.string(),
  status: z.enum(['applied', 'awaiting-approval', 'failed']),
  edits: z.array(fileDiffSchema),
});

const pagingProperties = {
  max_tokens: { type: 'integer', minimum: tokenBounds.minimum, maximum: tokenBounds.maximum },
  cursor: { type: 'string' },
};

/** What clients are told about a tool: the plane's own description, in few tokens, with the protocol's hints. */
export function defineTool(exposure: Exposure): Definition {
  const { name, description, input, output } = describeTool(exposure.contract);
  const given = compactInputSchema(input);
  const properties = { ...(given.properties as JsonObject), ...(exposure.cut && pagingProperties) };
  const isChange = exposure.effect === 'change';
  return {
    name,
    title: exposure.title,
    description,
    inputSchema: { ...given, type: 'object', properties } as Definition['inputSchema'],
    outputSchema: outlineOutputSchema(isChange ? changeOutput() : output) as NonNullable<Definition['outputSchema']>,
    annotations: isChange
      ? { readOnlyHint: false, destructiveHint: true, openWorldHint: false }
      : { readOnlyHint: true, openWorldHint: false },
  };
}

function changeOutput(): JsonObject {
  return z.toJSONSchema(changeAnswerSchema, { io: 'output' }) as JsonObject;
}
