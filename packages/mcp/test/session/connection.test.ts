import { describe, expect, it, vi } from 'vitest';
import { createDesk, pause } from '../desk.js';
import { connectTo, initialize, modern } from '../line-client.js';

describe('a client with a handshake', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])('is served in revision %s', async (version) => {
    const client = connectTo(createDesk().catalog);
    const { result } = await initialize(client, {}, version);
    expect(result).toMatchObject({
      protocolVersion: version,
      serverInfo: { name: 'test', version: '1.0.0' },
      instructions: 'Be kind.',
      capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, prompts: {}, completions: {} },
    });
    expect((await client.request('ping')).result).toEqual({});
    const { result: listed } = await client.request('tools/list');
    expect((listed as { tools: { name: string }[] }).tools.map(({ name }) => name)).toEqual(
      createDesk().catalog.tools.map(({ definition }) => definition.name),
    );
  });

  it('is offered a revision that is known instead of an unknown one', async () => {
    const { result } = await initialize(connectTo(createDesk().catalog), {}, '2031-01-01');
    expect(result?.protocolVersion).toBe('2025-11-25');
  });
});

describe('a client of revision 2026-07-28', () => {
  it('discovers the server and calls without a handshake', async () => {
    const client = connectTo(createDesk().catalog);
    const { result } = await client.request('server/discover', modern());
    expect(result).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    });
    const called = await client.request('tools/call', modern({ name: 'echo', arguments: { a: 1 } }));
    expect(called.result).toMatchObject({ resultType: 'complete', content: [{ type: 'text', text: '{"a":1}' }] });
    const listed = await client.request('tools/list', modern());
    expect(listed.result).toMatchObject({ ttlMs: 300_000, cacheScope: 'public' });
  });

  it('is told of changes that it listens to', async () => {
    const { catalog, changes } = createDesk();
    const client = connectTo(catalog);
    const filter = { toolsListChanged: true, resourceSubscriptions: ['desk://a'] };
    client.notify('notifications/initialized', modern());
    void client.request('subscriptions/listen', modern({ notifications: filter }));
    await client.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
    changes.publish({ kind: 'prompts' });
    changes.publish({ kind: 'resource', uri: 'desk://b' });
    changes.publish({ kind: 'resource', uri: 'desk://a' });
    changes.publish({ kind: 'tools' });
    const first = await client.next(({ method }) => method !== undefined);
    const second = await client.next(({ method }) => method !== undefined);
    expect(first).toMatchObject({ method: 'notifications/resources/updated', params: { uri: 'desk://a' } });
    expect(second.method).toBe('notifications/tools/list_changed');
    client.end();
    await client.closed;
  });
});

describe('what is wrong is answered, and the connection lives on', () => {
  const cases: [name: string, method: string, params: object | undefined, code: number][] = [
    ['an unknown method', 'tools/fly', {}, -32_601],
    ['an unknown tool', 'tools/call', { name: 'fly' }, -32_602],
    ['a call without a name', 'tools/call', {}, -32_602],
    ['arguments that are no object', 'tools/call', { name: 'echo', arguments: [1] }, -32_602],
    ['a name that is no string', 'tools/call', { name: 7 }, -32_602],
    ['a cursor of somebody else', 'tools/list', { cursor: 'x' }, -32_602],
    ['a cursor beyond the end', 'tools/list', { cursor: 'after-99' }, -32_602],
    ['an unknown resource', 'resources/read', { uri: 'other://a' }, -32_602],
    ['an unknown prompt', 'prompts/get', { name: 'fly' }, -32_602],
    ['a prompt without its argument', 'prompts/get', { name: 'ask' }, -32_602],
    ['a tool that throws', 'tools/call', { name: 'fail' }, -32_603],
  ];
  it.each(cases)('%s', async (_, method, params, code) => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    expect((await client.request(method, params)).error?.code).toBe(code);
    expect((await client.request('ping')).result).toEqual({});
  });
});

describe('lists', () => {
  it('are given in pages', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const first = await client.request('resources/list');
    expect(first.result).toMatchObject({ resources: [{ name: 'a' }, { name: 'b' }], nextCursor: 'after-2' });
    const second = await client.request('resources/list', { cursor: 'after-2' });
    expect(second.result).toEqual({ resources: [{ uri: 'desk://c', name: 'c' }] });
    expect((await client.request('resources/templates/list')).result).toMatchObject({
      resourceTemplates: [{ uriTemplate: 'desk://{name}' }],
    });
    expect((await client.request('prompts/list')).result).toMatchObject({ prompts: [{ name: 'ask' }] });
  });

  it('of suggestions say how many there are', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const params = { ref: { type: 'ref/prompt', name: 'ask' }, argument: { name: 'what', value: 'w' } };
    const { result } = await client.request('completion/complete', params);
    expect(result).toMatchObject({ completion: { total: 120, hasMore: true } });
    expect((result as { completion: { values: string[] } }).completion.values).toHaveLength(100);
  });
});

describe('during a call', () => {
  it('progress and log messages go to the client that asked for them', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    await client.request('logging/setLevel', { level: 'info' });
    const done = await client.request('tools/call', { name: 'wait', _meta: { progressToken: 'p' } });
    expect(done.result).toMatchObject({ content: [{ text: 'waited' }] });
    const notes = client.received.filter(({ method }) => method !== undefined);
    expect(notes.map(({ method, params }) => [method, params?.message ?? params?.data])).toEqual([
      ['notifications/progress', 'waiting'],
      ['notifications/message', 'waiting'],
      ['notifications/progress', 'done'],
    ]);
  });

  it('a cancelled request is stopped and not answered', async () => {
    const { catalog, cancelled } = createDesk();
    const client = connectTo(catalog);
    await initialize(client);
    void client.request('tools/call', { name: 'wait', arguments: { ms: 60_000, name: 'first' } });
    await pause(20);
    client.notify('notifications/cancelled', { requestId: client.lastId });
    expect((await client.request('tools/call', { name: 'echo' })).result).toBeDefined();
    await vi.waitFor(() => expect(cancelled).toEqual(['first']));
    expect(client.received.filter(({ id }) => id === client.lastId - 1)).toEqual([]);
  });

  it('a hundred others are answered', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const calls = Array.from({ length: 100 }, (_, index) =>
      client.request('tools/call', { name: 'echo', arguments: { index } }),
    );
    const answers = await Promise.all(calls);
    expect(answers.map(({ result }) => result)).toEqual(
      calls.map((_, index) => ({ content: [{ type: 'text', text: JSON.stringify({ index }) }] })),
    );
  });
});

describe('a tool that asks', () => {
  it('asks a client with a handshake through its own request', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client, { elicitation: {} });
    const call = client.request('tools/call', { name: 'greet' });
    const asked = await client.next(({ method }) => method === 'elicitation/create');
    expect(asked.params).toMatchObject({ message: 'Who are you?' });
    client.respond(asked.id, { action: 'accept', content: { name: 'Ada' } });
    expect((await call).result).toMatchObject({ content: [{ text: 'Hello, Ada (asked)' }] });
  });

  it('asks a client of 2026-07-28 over two rounds, and refuses a state that was changed', async () => {
    const client = connectTo(createDesk().catalog);
    const able = { elicitation: {} };
    const { result } = await client.request('tools/call', modern({ name: 'greet' }, able));
    expect(result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { name: { method: 'elicitation/create' } },
    });
    const inputResponses = { name: { action: 'accept', content: { name: 'Ada' } } };
    const requestState = String(result?.requestState);
    const round = (state: string) =>
      client.request('tools/call', modern({ name: 'greet', inputResponses, requestState: state }, able));
    expect((await round(requestState)).result).toMatchObject({ content: [{ text: 'Hello, Ada (asked)' }] });
    expect((await round(`${requestState.slice(0, -4)}AAAA`)).error?.code).toBe(-32_602);
  });
});

describe('subscriptions of older clients', () => {
  it('announce only what was subscribed to', async () => {
    const { catalog, changes } = createDesk();
    const client = connectTo(catalog);
    await initialize(client);
    await client.request('resources/subscribe', { uri: 'desk://a' });
    await client.request('resources/subscribe', { uri: 'desk://b' });
    await client.request('resources/unsubscribe', { uri: 'desk://b' });
    for (const uri of ['desk://b', 'desk://a']) changes.publish({ kind: 'resource', uri });
    changes.publish({ kind: 'tools' });
    changes.publish({ kind: 'prompts' });
    await client.request('ping');
    expect(client.received.map(({ method }) => method)).toEqual([
      'notifications/resources/updated',
      'notifications/tools/list_changed',
      'notifications/prompts/list_changed',
    ]);
    client.end();
    await client.closed;
    changes.publish({ kind: 'tools' });
  });
});
