import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Catalog } from '../src/catalog/catalog.js';
import { serveLines } from '../src/session/serve-lines.js';
import { createServerParts, type ServerPartsOptions } from '../src/session/server-parts.js';

/** A message as it went over the line. */
export interface Message {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A client that speaks bare lines, so that a test sees exactly what a server says. */
export interface LineClient {
  /** Sends one line as it is. */
  raw(line: string | Buffer): void;
  /** Sends a request and waits for its answer. */
  request(method: string, params?: object): Promise<Message>;
  notify(method: string, params?: object): void;
  /** Answers a request of the server. */
  respond(id: Message['id'], result: object): void;
  /** Waits for the next message that fits, also one that has come already. */
  next(fits: (message: Message) => boolean): Promise<Message>;
  readonly received: readonly Message[];
  /** Ends the client's side. */
  end(): void;
  /** Resolves when the server has closed. */
  readonly closed: Promise<void>;
  readonly lastId: number;
}

/** A client on two streams. */
export function createLineClient(
  toServer: NodeJS.WritableStream,
  fromServer: NodeJS.ReadableStream,
  closed: Promise<void>,
): LineClient {
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  let lastId = 0;
  createInterface({ input: fromServer, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    received.push(JSON.parse(line) as Message);
    for (const wake of [...waiting]) wake();
  });
  const send = (message: object) => toServer.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const next = (fits: (message: Message) => boolean) =>
    new Promise<Message>((resolve) => {
      const look = () => {
        const index = received.findIndex(fits);
        const [message] = index < 0 ? [] : received.splice(index, 1);
        if (message === undefined) return;
        waiting.delete(look);
        resolve(message);
      };
      waiting.add(look);
      look();
    });
  return {
    raw: (line) => void toServer.write(line),
    request(method, params) {
      lastId += 1;
      const id = lastId;
      send({ id, method, ...(params && { params }) });
      return next((message) => message.id === id && message.method === undefined);
    },
    notify: (method, params) => void send({ method, ...(params && { params }) }),
    respond: (id, result) => void send({ id, result }),
    next,
    received,
    end: () => void toServer.end(),
    closed,
    get lastId() {
      return lastId;
    },
  };
}

/** Serves a catalog to a new client in this process. */
export function connectTo(
  catalog: Catalog,
  options: Partial<ServerPartsOptions> = {},
  signal?: AbortSignal,
): LineClient {
  const parts = createServerParts({ info: { name: 'test', version: '1.0.0' }, catalog, ...options });
  const toServer = new PassThrough();
  const fromServer = new PassThrough();
  return createLineClient(
    toServer,
    fromServer,
    serveLines(parts, { input: toServer, output: fromServer, ...(signal && { signal }) }),
  );
}

/** The handshake of the revisions before 2026-07-28. */
export async function initialize(
  client: LineClient,
  capabilities: object = {},
  version = '2025-11-25',
): Promise<Message> {
  const clientInfo = { name: 'test', version: '1.0.0' };
  const answer = await client.request('initialize', { protocolVersion: version, capabilities, clientInfo });
  client.notify('notifications/initialized');
  return answer;
}

/** The parameters of a request of revision 2026-07-28. */
export function modern(params: object = {}, capabilities: object = {}): object {
  return {
    ...params,
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
      'io.modelcontextprotocol/clientCapabilities': capabilities,
      ...(params as { _meta?: object })._meta,
    },
  };
}

/** What a client declares that takes tasks. */
export const takesTasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
