import {
  type CallToolResult,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { ToolEntry } from '../catalog/catalog.js';
import { readPage } from '../catalog/page.js';
import { callAsTask } from '../tasks/task-call.js';
import { missingTasks, serveTasks } from '../tasks/task-methods.js';
import { announceChanges, type Connection } from './announce-changes.js';
import { createCallContext } from './call-context.js';
import { declareHeaderArguments } from './header-arguments.js';
import type { ServerParts } from './server-parts.js';

const pageSize = 50;
const listTtlMs = 300_000;

/** Creates the protocol server of one connection, or of one request, over shared parts. Connect it to a transport. */
export function createServer(parts: ServerParts, connection: Connection): McpServer {
  const { info, catalog, states, tasks } = parts;
  const kinds = catalog.changes?.kinds ?? new Set();
  const mcp = new McpServer(info, {
    capabilities: {
      tools: { listChanged: kinds.has('tools') },
      logging: {},
      ...(catalog.resources && { resources: { subscribe: kinds.has('resource'), listChanged: false } }),
      ...(catalog.prompts && { prompts: { listChanged: kinds.has('prompts') } }),
      ...(catalog.complete && { completions: {} }),
    },
    ...(catalog.instructions !== undefined && { instructions: catalog.instructions }),
    requestState: { verify: states.verify },
    cacheHints: {
      'tools/list': { ttlMs: listTtlMs, cacheScope: 'public' },
      'prompts/list': { ttlMs: listTtlMs, cacheScope: 'public' },
      'resources/templates/list': { ttlMs: listTtlMs, cacheScope: 'public' },
    },
  });
  if (connection.transport === 'http') declareHeaderArguments(mcp, catalog.tools);
  const { server } = mcp;
  serveTasks(server, tasks);
  if (catalog.changes) announceChanges(server, catalog.changes, connection);
  const contextOf = (sdk: ServerContext) => createCallContext(server, sdk, states);

  const toolsByName = new Map(catalog.tools.map((entry) => [entry.name, entry]));
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, nextCursor } = readPage(catalog.tools, params?.cursor, pageSize);
    return { tools: items.map(({ definition }) => definition), ...(nextCursor !== undefined && { nextCursor }) };
  });
  server.setRequestHandler('tools/call', async ({ params }, sdk) => {
    const entry = toolsByName.get(params.name);
    if (entry === undefined) throw invalid(`There is no tool named ${JSON.stringify(params.name)}. See tools/list.`);
    return callTool(parts, entry, params.arguments ?? {}, sdk, contextOf(sdk));
  });

  const { resources, prompts, complete } = catalog;
  if (resources) {
    server.setRequestHandler('resources/list', async ({ params }, sdk) => {
      const { items, nextCursor } = await resources.list(params?.cursor, contextOf(sdk));
      return { resources: [...items], ...(nextCursor !== undefined && { nextCursor }) };
    });
    server.setRequestHandler('resources/templates/list', ({ params }) => {
      const { items, nextCursor } = readPage(resources.templates, params?.cursor, pageSize);
      return { resourceTemplates: [...items], ...(nextCursor !== undefined && { nextCursor }) };
    });
    server.setRequestHandler('resources/read', async ({ params }, sdk) => {
      const found = await resources.read(params.uri, contextOf(sdk));
      if (found === undefined) throw new ResourceNotFoundError(params.uri);
      return found;
    });
  }
  if (prompts) {
    const byName = new Map(prompts.map((entry) => [entry.definition.name, entry]));
    server.setRequestHandler('prompts/list', ({ params }) => {
      const { items, nextCursor } = readPage(prompts, params?.cursor, pageSize);
      return { prompts: items.map(({ definition }) => definition), ...(nextCursor !== undefined && { nextCursor }) };
    });
    server.setRequestHandler('prompts/get', async ({ params }, sdk) => {
      const entry = byName.get(params.name);
      if (entry === undefined) throw invalid(`There is no prompt named ${JSON.stringify(params.name)}.`);
      const input = params.arguments ?? {};
      for (const { name, required } of entry.definition.arguments ?? []) {
        if (required && input[name] === undefined) throw invalid(`The prompt ${params.name} needs ${name}.`);
      }
      return entry.render(input, contextOf(sdk));
    });
  }
  if (complete) {
    server.setRequestHandler('completion/complete', async ({ params }) => {
      const values = await complete(params);
      return { completion: { values: values.slice(0, 100), total: values.length, hasMore: values.length > 100 } };
    });
  }
  return mcp;
}

async function callTool(
  parts: ServerParts,
  entry: ToolEntry,
  input: Readonly<Record<string, unknown>>,
  sdk: ServerContext,
  context: ReturnType<typeof createCallContext>,
) {
  const { task } = entry;
  if (task?.required && !context.client.tasks) throw missingTasks();
  if (task === undefined || !context.client.tasks) return entry.call(input, context);
  const outcome = await callAsTask({
    entry: { ...entry, task },
    input,
    context,
    store: parts.tasks,
    patienceMs: parts.taskPatienceMs,
    unseal: (state) => parts.states.verify(state, sdk),
  });
  if (outcome.kind === 'result') return outcome.result;
  // The SDK has no type for this result yet; it passes an unknown resultType on.
  return { ...outcome.task, resultType: 'task' } as unknown as CallToolResult;
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
