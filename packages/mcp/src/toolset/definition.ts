import type { Tool as Definition } from '@modelcontextprotocol/server';
import type { JsonObject } from '@trocar/core';
import { describeTool, type ToolContract } from '@trocar/plane';
import { changeResultSchema } from '@trocar/workflows';
import { z } from 'zod';
import { compactInputSchema, outlineOutputSchema } from './compact-schema.js';
import type { Exposure } from './exposure.js';

/** The bounds of `max_tokens`; without it an answer has at most the default. */
export const tokenBounds = { minimum: 200, default: 6_000, maximum: 100_000 } as const;

const pagingProperties = {
  max_tokens: { type: 'integer', minimum: tokenBounds.minimum, maximum: tokenBounds.maximum },
  cursor: { type: 'string', description: 'of the previous answer' },
};

/** What clients are told about a tool: the plane's own description, in few tokens, with the protocol's hints. */
export function defineTool(contract: ToolContract, exposure: Exposure): Definition {
  const { name, description, input, output } = describeTool(contract);
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
  return z.toJSONSchema(changeResultSchema, { io: 'output' }) as JsonObject;
}
