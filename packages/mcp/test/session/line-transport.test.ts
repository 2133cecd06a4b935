import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openLineTransport } from '../../src/session/line-transport.js';
import { createDesk, pause } from '../desk.js';
import { connectTo, initialize } from '../line-client.js';

describe('a line that is no message', () => {
  it.each([
    ['text', 'hello\n', -32_700],
    ['half an object', '{"jsonrpc":"2.0",\n', -32_700],
    ['a NUL byte', '\0\n', -32_700],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x0a]), -32_700],
    ['a number', '7\n', -32_600],
    ['a batch', '[]\n', -32_600],
    ['another protocol', '{"id":1,"method":"ping"}\n', -32_600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}\n', -32_600],
    ['an id that is null', '{"jsonrpc":"2.0","id":null,"method":"ping"}\n', -32_600],
    ['a method that is a number', '{"jsonrpc":"2.0","id":1,"method":7}\n', -32_600],
    ['parameters that are a list', '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}\n', -32_600],
    ['a response without content', '{"jsonrpc":"2.0","id":1}\n', -32_600],
  ])('%s is refused, and the next one is served', async (_, line, code) => {
    const client = connectTo(createDesk().catalog);
    client.raw(line);
    expect((await client.next(({ id }) => id === null)).error?.code).toBe(code);
    await initialize(client);
    expect((await client.request('ping')).result).toEqual({});
  });

  it('is passed over when it is empty', async () => {
    const client = connectTo(createDesk().catalog);
    client.raw('\n\r\n   \n');
    await initialize(client);
    expect(client.received).toEqual([]);
  });
});

describe('garbage', () => {
  it('never ends the connection', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const line = fc.oneof(
      fc.string().map((text) => `${text.replaceAll('\n', ' ')}\n`),
      fc.json().map((text) => `${text}\n`),
      fc
        .record({
          jsonrpc: fc.constantFrom('2.0', '1.0'),
          id: fc.oneof(fc.string(), fc.constant(null), fc.integer({ min: 1_000_000 })),
          method: fc.constantFrom('tools/call', 'tools/list', 'resources/read', 'prompts/get', 'logging/setLevel', 'x'),
          params: fc.jsonValue(),
        })
        .map((message) => `${JSON.stringify(message)}\n`),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
        for (const text of lines) client.raw(text);
        expect((await client.request('ping')).result).toEqual({});
      }),
      { numRuns: 60 },
    );
  });

  it('that is deeply nested is survived', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const depth = 200_000;
    const deep = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    client.raw(`{"jsonrpc":"2.0","id":"deep","method":"tools/call","params":{"name":"echo","arguments":${deep}}}\n`);
    expect((await client.next(({ id }) => id === 'deep' || id === null)).error).toBeDefined();
    expect((await client.request('ping')).result).toEqual({});
  });
});

describe('a line that is too long', () => {
  it('is refused without being kept, and the next one is served', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const { transport } = openLineTransport({ input, output, maxLineBytes: 100 });
    const methods: string[] = [];
    transport.onmessage = (message) => void methods.push('method' in message ? message.method : '');
    const errors: string[] = [];
    transport.onerror = ({ message }) => void errors.push(message);
    await transport.start();
    for (let part = 0; part < 50; part += 1) input.write('x'.repeat(1_000));
    input.write('\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    await pause(20);
    expect(methods).toEqual(['ping']);
    expect(errors).toEqual(['Invalid request: a line has more than 100 bytes.']);
    expect(String(output.read())).toContain('-32600');
  });
});

describe('a client that goes away', () => {
  it('still gets the answers to what it has asked', async () => {
    const client = connectTo(createDesk().catalog);
    await initialize(client);
    const answer = client.request('tools/call', { name: 'wait', arguments: { ms: 50 } });
    client.end();
    expect((await answer).result).toMatchObject({ content: [{ text: 'waited' }] });
    await client.closed;
  });

  it('is not waited for longer than the time for that', async () => {
    const input = new PassThrough();
    const { transport, closed } = openLineTransport({ input, output: new PassThrough(), drainMs: 20 });
    const methods: string[] = [];
    transport.onmessage = (message) => void methods.push('method' in message ? message.method : '');
    await transport.start();
    input.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    input.end();
    await closed;
    expect(methods).toEqual(['ping']);
    await expect(transport.send({ jsonrpc: '2.0', id: 1, result: {} })).rejects.toThrow(/closed/);
  });

  it('takes what runs for it along', async () => {
    const { catalog, cancelled } = createDesk();
    const stop = new AbortController();
    const client = connectTo(catalog, {}, stop.signal);
    await initialize(client);
    void client.request('tools/call', { name: 'wait', arguments: { ms: 60_000, name: 'left' } });
    await pause(20);
    stop.abort();
    await client.closed;
    await vi.waitFor(() => expect(cancelled).toEqual(['left']));
  });

  it('by closing its ears ends the connection', async () => {
    const input = new PassThrough();
    const output = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
      },
    });
    const { transport, closed } = openLineTransport({ input, output });
    const errors: string[] = [];
    transport.onerror = ({ message }) => void errors.push(message);
    await transport.start();
    await expect(transport.send({ jsonrpc: '2.0', id: 1, result: {} })).rejects.toThrow(/EPIPE/);
    await closed;
    expect(errors).toEqual(['EPIPE']);
  });

  it('before the start is noticed', async () => {
    const input = new PassThrough();
    input.end();
    input.resume();
    await pause(5);
    const { transport, closed } = openLineTransport({ input, output: new PassThrough() });
    await transport.start();
    await closed;
  });

  it('with an error of its stream ends the connection', async () => {
    const input = new PassThrough();
    const { transport, closed } = openLineTransport({ input, output: new PassThrough() });
    const errors: string[] = [];
    transport.onerror = ({ message }) => void errors.push(message);
    await transport.start();
    input.destroy(new Error('torn'));
    await closed;
    expect(errors).toEqual(['torn']);
  });
});

describe('an operator who stops the server', () => {
  it('ends the connection, also one that has not begun', async () => {
    const stop = new AbortController();
    const client = connectTo(createDesk().catalog, {}, stop.signal);
    await initialize(client);
    stop.abort();
    await client.closed;
    const late = connectTo(createDesk().catalog, {}, stop.signal);
    await late.closed;
  });
});
