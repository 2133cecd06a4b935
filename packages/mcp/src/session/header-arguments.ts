import type { McpServer, StandardSchemaWithJSON, Tool } from '@modelcontextprotocol/server';
import type { ToolEntry } from '../catalog/catalog.js';

/**
 * Tells the SDK the input schemas of the tools that mirror arguments in HTTP headers (`x-mcp-header`): it compares the
 * two before a call, but only for tools that are registered with it. Listing and calling stay with the catalog.
 */
export function declareHeaderArguments(mcp: McpServer, tools: readonly ToolEntry[]): void {
  for (const { definition } of tools) {
    const { properties } = definition.inputSchema;
    const hasHeader = Object.values(properties ?? {}).some(
      (property) => typeof property === 'object' && property !== null && 'x-mcp-header' in property,
    );
    if (hasHeader) {
      mcp.registerTool(definition.name, { inputSchema: passOn(definition.inputSchema) }, () => {
        throw new Error('Calls are dispatched by the catalog.');
      });
    }
  }
}

function passOn(inputSchema: Tool['inputSchema']): StandardSchemaWithJSON {
  return {
    '~standard': {
      version: 1,
      vendor: 'trocar',
      validate: (value) => ({ value }),
      jsonSchema: { input: () => inputSchema, output: () => inputSchema },
    },
  };
}
