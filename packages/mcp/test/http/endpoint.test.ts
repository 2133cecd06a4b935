import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, openEndpoint } from '../../src/http/endpoint.js';
import { createServerParts } from '../../src/session/server-parts.js';
import { createDesk, pause } from '../desk.js';
import { modern, takesTasks } from '../line-client.js';

const token = 'correct-horse-battery';
const desk = createDesk();
let endpoint: Endpoint;

beforeAll(async () => {
  const parts = createServerParts({ info: { name: 'test', version: '1.0.0' }, catalog: desk.catalog });
  endpoint = await openEndpoint(parts, { httpPort: 0, token });
});
afterAll(() => endpoint[Symbol.asyncDispose]());

const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const known = { ...json, authorization: `Bearer ${token}` };

function post(body: unknown, headers: Record<string, string> = known): Promise<Response> {
  return fetch(endpoint.url, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
}

function callModern(method: string, params: object, extra: Record<string, string> = {}): Promise<Response> {
  const { name, uri } = params as { name?: string; uri?: string };
  const target = name ?? uri;
  return post(
    { jsonrpc: '2.0', id: 1, method, params: modern(params) },
    {
      ...known,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(target !== undefined && { 'mcp-name': target }),
      ...extra,
    },
  );
}

/** The messages of an event stream, or of a JSON answer. */
async function messagesOf(response: Response): Promise<Record<string, unknown>[]> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.includes('event-stream')) return [JSON.parse(text)];
  return [...text.matchAll(/^data: (\{.*)$/gm)].map(([, data]) => JSON.parse(data ?? ''));
}

const clientInfo = { name: 'test', version: '1.0.0' };
const hello = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
};

async function openSession(): Promise<Record<string, string>> {
  const response = await post(hello);
  expect(response.status).toBe(200);
  await response.text();
  return {
    ...known,
    'mcp-session-id': response.headers.get('mcp-session-id') ?? '',
    'mcp-protocol-version': '2025-11-25',
  };
}

describe('who may come in', () => {
  /** fetch does not let a test choose the host header. */
  function statusWith(headers: Record<string, string>, address?: string): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const { hostname, port, pathname } = new URL(endpoint.url);
      const request = httpRequest(
        { hostname, port, path: address ?? pathname, method: 'POST', headers },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.on('error', reject);
      request.end(JSON.stringify(hello));
    });
  }

  it.each([
    ['this machine by name', { host: 'localhost:1' }, 200],
    ['another host: rebinding', { host: 'evil.example' }, 403],
    ['no host that there is', { host: 'a b' }, 400],
    ['a page of this machine', { origin: 'http://localhost:3000' }, 200],
    ['a page of somebody else', { origin: 'https://evil.example' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['no token', { authorization: '' }, 401],
    ['another token', { authorization: 'Bearer correct-horse-battery-staple' }, 401],
    ['another scheme', { authorization: `Basic ${token}` }, 401],
    ['a token with spaces', { authorization: 'Bearer a b' }, 401],
  ])('%s', async (_, headers, status) => {
    expect(await statusWith({ ...known, ...headers })).toBe(status);
  });

  it('needs an address', async () => {
    expect(await statusWith(known, '//')).toBe(400);
    expect(await statusWith(known, 'http://evil.example/mcp')).toBe(200);
  });

  it('is said to those who may not', async () => {
    const refused = await post(hello, json);
    const where = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '')?.[1] ?? '';
    const metadata = await (await fetch(where)).json();
    expect(metadata).toMatchObject({ resource: endpoint.url, bearer_methods_supported: ['header'] });
  });

  it('finds nothing elsewhere', async () => {
    expect((await fetch(new URL('/', endpoint.url), { headers: known })).status).toBe(404);
  });

  it('needs a token that cannot be guessed, and a free port', async () => {
    const parts = createServerParts({ info: { name: 'test', version: '1.0.0' }, catalog: desk.catalog });
    await expect(openEndpoint(parts, { httpPort: 0, token: 'short' })).rejects.toMatchObject({
      code: 'token-too-short',
    });
    const httpPort = Number(new URL(endpoint.url).port);
    await expect(openEndpoint(parts, { httpPort, token })).rejects.toMatchObject({ code: 'address-in-use' });
  });
});

describe('revision 2026-07-28', () => {
  it('is served without a session', async () => {
    const [message] = await messagesOf(await callModern('tools/call', { name: 'echo', arguments: { a: 1 } }));
    expect(message).toMatchObject({ id: 1, result: { resultType: 'complete', content: [{ text: '{"a":1}' }] } });
  });

  it('streams what happens before the answer', async () => {
    const response = await callModern('tools/call', { name: 'wait', _meta: { progressToken: 'p' } });
    expect((await messagesOf(response)).map(({ method }) => method)).toEqual([
      'notifications/progress',
      'notifications/progress',
      undefined,
    ]);
  });

  it('refuses headers that say something else than the body', async () => {
    const response = await callModern('tools/call', { name: 'echo' }, { 'mcp-name': 'wait' });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: -32_020 } }]);
  });

  it('refuses a header that says something else than the argument which it mirrors', async () => {
    const call = (region: string) =>
      callModern('tools/call', { name: 'echo_region', arguments: { region: 'north' } }, { 'mcp-param-region': region });
    expect((await call('north')).status).toBe(200);
    const response = await call('south');
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: -32_020 } }]);
  });

  it.each([
    ['no JSON', '{', known, 400],
    ['nothing', '', known, 400],
    ['another media type', '{}', { ...known, 'content-type': 'text/plain' }, 415],
    ['too much', 'x'.repeat(5 * 1024 * 1024), known, 413],
  ])('a body that is %s', async (_, body, headers, status) => {
    expect((await post(body, headers)).status).toBe(status);
  });

  it('tells listeners of changes', async () => {
    const notifications = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['desk://a'] };
    const response = await callModern('subscriptions/listen', { notifications });
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader?.read())?.value);
    expect(text).toContain('notifications/subscriptions/acknowledged');
    desk.changes.publish({ kind: 'tools' });
    desk.changes.publish({ kind: 'prompts' });
    desk.changes.publish({ kind: 'resource', uri: 'desk://a' });
    while (!text.includes('resources/updated')) text += decoder.decode((await reader?.read())?.value);
    expect(text).toContain('tools/list_changed');
    await reader?.cancel();
  });

  it('tells listeners of tasks, and ends when the tasks have', async () => {
    const able = { _meta: { 'io.modelcontextprotocol/clientCapabilities': takesTasks } };
    const params = { name: 'wait_or_task', arguments: { ms: 2_300 }, ...able };
    const [created] = await messagesOf(await callModern('tools/call', params));
    const { taskId } = (created as { result: { taskId: string } }).result;
    const notifications = { taskIds: [taskId] };
    const refused = await callModern('subscriptions/listen', { notifications });
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: -32_021 } }]);
    const heard = await messagesOf(await callModern('subscriptions/listen', { notifications, ...able }));
    expect(heard).toMatchObject([
      { method: 'notifications/subscriptions/acknowledged', params: { notifications: { taskIds: [taskId] } } },
      { method: 'notifications/tasks', params: { taskId, status: 'completed' } },
      { id: 1, result: { resultType: 'complete' } },
    ]);
  });

  it('stops telling a listener that hangs up', async () => {
    const able = { _meta: { 'io.modelcontextprotocol/clientCapabilities': takesTasks } };
    const notifications = { taskIds: ['task-unknown'], toolsListChanged: true };
    const response = await callModern('subscriptions/listen', { notifications, ...able });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"taskIds":[]');
    desk.changes.publish({ kind: 'tools' });
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('tools/list_changed');
    await reader?.cancel();
    const headers = { 'mcp-method': 'tools/list' };
    const mismatch = await callModern('subscriptions/listen', { notifications, ...able }, headers);
    expect(mismatch.status).toBe(400);
  });

  it('stops what a client that hangs up was waiting for', async () => {
    const hangUp = new AbortController();
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: modern({ name: 'wait', arguments: { ms: 60_000, name: 'hung up' }, _meta: { progressToken: 'p' } }),
    });
    const headers = { ...known, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'wait' };
    const response = await fetch(endpoint.url, { method: 'POST', headers, body, signal: hangUp.signal });
    await response.body?.getReader().read();
    hangUp.abort();
    for (let tries = 0; tries < 100 && !desk.cancelled.includes('hung up'); tries += 1) await pause(10);
    expect(desk.cancelled).toContain('hung up');
  });
});

describe('clients with sessions', () => {
  it('are served, and forgotten when they say so', async () => {
    const headers = await openSession();
    await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, headers);
    const [listed] = await messagesOf(await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers));
    expect(listed).toMatchObject({ result: { tools: desk.catalog.tools.map(({ definition }) => definition) } });
    expect((await fetch(endpoint.url, { method: 'DELETE', headers })).status).toBe(200);
    expect((await post({ jsonrpc: '2.0', id: 2, method: 'ping' }, headers)).status).toBe(404);
  });

  it('need one', async () => {
    const response = await post({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: -32_000 } }]);
  });

  it('go on where their stream broke', async () => {
    const headers = await openSession();
    const call = { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'wait', arguments: { ms: 80 } } };
    const hangUp = new AbortController();
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers,
      body: JSON.stringify(call),
      signal: hangUp.signal,
    });
    const first = new TextDecoder().decode((await response.body?.getReader().read())?.value);
    const lastId = /^id: (.+)$/m.exec(first)?.[1] ?? '';
    hangUp.abort();
    await pause(150);
    const resumed = await fetch(endpoint.url, {
      headers: { ...headers, accept: 'text/event-stream', 'last-event-id': lastId },
    });
    const reader = resumed.body?.getReader();
    const text = new TextDecoder().decode((await reader?.read())?.value);
    expect(text).toContain('"waited"');
    await reader?.cancel();
    const unknown = await fetch(endpoint.url, {
      headers: { ...headers, accept: 'text/event-stream', 'last-event-id': 'x' },
    });
    expect(unknown.status).toBe(400);
    await unknown.text();
  });

  it('are at most 64; the one that was unused for the longest goes first', async () => {
    const first = await openSession();
    const second = await openSession();
    for (let count = 0; count < 63; count += 1) {
      if (count === 62) await (await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, first)).text();
      await openSession();
    }
    await pause(20);
    expect((await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, first)).status).toBe(200);
    expect((await post({ jsonrpc: '2.0', id: 1, method: 'ping' }, second)).status).toBe(404);
  });
});
