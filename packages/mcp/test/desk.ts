import { acceptedContent, inputRequired } from '@modelcontextprotocol/server';
import type { CallContext } from '../src/catalog/call-context.js';
import type { Catalog, TaskUse, ToolEntry } from '../src/catalog/catalog.js';
import { type ChangeFeed, createChangeFeed } from '../src/catalog/change-feed.js';
import { readPage } from '../src/catalog/page.js';

/** Waits, or gives up when the signal says so. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const say = (text: string) => ({ content: [{ type: 'text' as const, text }] });

function tool(name: string, call: ToolEntry['call'], task?: TaskUse): ToolEntry {
  const definition = { name, description: `The tool ${name}.`, inputSchema: { type: 'object' as const } };
  return { name, definition, call, ...(task && { task }) };
}

const askName = inputRequired.elicit({
  message: 'Who are you?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
});

/** Greets by name, which it asks for; the state proves that the two rounds belong together. */
async function greet(_: unknown, { answers, seal, state }: CallContext) {
  const name = acceptedContent(answers, 'name')?.name;
  if (typeof name !== 'string')
    return inputRequired({ inputRequests: { name: askName }, requestState: await seal('asked') });
  return say(`Hello, ${name} (${String(state)})`);
}

/** A small catalog with one tool, resource and prompt of every kind that the protocol layer has to carry. */
export function createDesk(): { catalog: Catalog; changes: ChangeFeed; cancelled: string[] } {
  const changes = createChangeFeed(['tools', 'prompts', 'resource']);
  const cancelled: string[] = [];
  const wait: ToolEntry['call'] = async ({ ms = 0, name = 'wait' }, { signal, progress, log }) => {
    await progress(0, { total: 1, message: 'waiting' });
    await log('info', 'waiting');
    await pause(Number(ms), signal);
    await progress(1, { total: 1, message: 'done' });
    await log('debug', 'done');
    if (signal.aborted) cancelled.push(String(name));
    return say('waited');
  };
  const tools: ToolEntry[] = [
    {
      name: 'echo_region',
      definition: {
        name: 'echo_region',
        inputSchema: { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } },
      },
      call: async ({ region }) => say(String(region)),
    },
    tool('echo', async (input) => say(JSON.stringify(input))),
    tool('fail', async () => {
      throw new Error('The tool broke.');
    }),
    tool('wait', wait),
    tool('wait_or_task', wait, { start: 'when-slow' }),
    tool('greet', greet),
    tool('greet_task', greet, { start: 'always', required: true }),
    tool('break_task', async () => Promise.reject(new Error('secret detail')), { start: 'always' }),
    tool('abort_task', async () => Promise.reject(undefined), { start: 'always' }),
  ];
  const catalog: Catalog = {
    instructions: 'Be kind.',
    tools,
    resources: {
      templates: [{ uriTemplate: 'desk://{name}', name: 'desk' }],
      list: async (cursor) =>
        readPage(
          ['a', 'b', 'c'].map((name) => ({ uri: `desk://${name}`, name })),
          cursor,
          2,
        ),
      read: async (uri) => (uri.startsWith('desk://') ? { contents: [{ uri, text: uri.slice(7) }] } : undefined),
    },
    prompts: [
      {
        definition: { name: 'ask', arguments: [{ name: 'what', required: true }] },
        render: async ({ what }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `${what}?` } }] }),
      },
    ],
    changes,
    complete: async ({ argument }) => Array.from({ length: 120 }, (_, index) => `${argument.value}${index}`),
  };
  return { catalog, changes, cancelled };
}
