/**
 * A server with the tools, resources and prompts that the official conformance suite asks for, put together from the
 * same parts as the product's. Prints its URL. `node benchmarks/mcp/conformance/fixture-server.mjs [PORT]`
 */
import process from 'node:process';
import { createChangeFeed, createServerParts, openEndpoint } from '@trocar/mcp/protocol';
import { askingTools } from './asking-tools.mjs';
import { contentTools } from './content-tools.mjs';
import { prompts, shelf } from './shelf.mjs';
import { taskTools } from './task-tools.mjs';

const changes = createChangeFeed(['tools', 'prompts', 'resource']);
const parts = createServerParts({
  info: { name: 'trocar-conformance-fixture', version: '1.0.0' },
  catalog: {
    tools: [...contentTools(changes), ...askingTools, ...taskTools],
    resources: shelf,
    prompts,
    changes,
    complete: async () => ['first', 'second'],
  },
  taskPatienceMs: 150,
});
const endpoint = await openEndpoint(parts, { httpPort: Number(process.argv[2] ?? 0) });
process.stdout.write(`${endpoint.url}\n`);
