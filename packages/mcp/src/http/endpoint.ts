import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { type Logger, silentLogger } from '@trocar/core';
import { McpError } from '../errors.js';
import { createServer } from '../session/create-server.js';
import type { ServerParts } from '../session/server-parts.js';
import { readTaskSubscription, refuseTaskSubscription } from '../tasks/task-subscription.js';
import { describeResource, metadataPath, refuseAccess } from './access.js';
import { readRequest, writeResponse } from './node-exchange.js';
import { openSessions } from './sessions.js';
import { addTaskEvents } from './task-stream.js';

/** How an endpoint is reached. */
export interface EndpointOptions {
  /** The TCP port; 0 takes a free one. */
  readonly httpPort: number;
  /** What clients have to send as their bearer token, at least 16 characters; absent: none is needed. */
  readonly token?: string;
  readonly logger?: Logger;
}

/** An endpoint that is open until it is disposed of. */
export interface Endpoint extends AsyncDisposable {
  /** For example `http://127.0.0.1:8765/mcp`. */
  readonly url: string;
}

const host = '127.0.0.1';
const maximumBodyBytes = 4 * 1024 * 1024;
const minimumTokenLength = 16;

/**
 * Opens Streamable HTTP at `/mcp`, on the loopback interface only: revision 2026-07-28 without sessions, and with a
 * handshake the revisions before it with sessions. Codes: `token-too-short`, `address-in-use`, `listen-failed`.
 */
export async function openEndpoint(parts: ServerParts, options: EndpointOptions): Promise<Endpoint> {
  const { httpPort, token, logger = silentLogger } = options;
  if (token !== undefined && token.length < minimumTokenLength) {
    throw new McpError('token-too-short', `A bearer token has at least ${minimumTokenLength} characters.`);
  }
  const onerror = (error: Error) => logger.warn('protocol', { message: error.message });
  const modern = createMcpHandler(() => createServer(parts, { era: 'modern', transport: 'http' }), {
    legacy: 'reject',
    onerror,
  });
  const sessions = openSessions(() => createServer(parts, { era: 'legacy', transport: 'http' }));
  const stopAnnouncing = parts.catalog.changes?.listen((change) => {
    if (change.kind === 'tools') modern.notify.toolsChanged();
    else if (change.kind === 'prompts') modern.notify.promptsChanged();
    else modern.notify.resourceUpdated(change.uri);
  });

  const answer = async (request: Request, json: unknown): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname === metadataPath || pathname === `${metadataPath}/mcp`) return describeResource(request);
    const refusal = refuseAccess(request, token);
    if (refusal !== undefined) return refusal;
    if (pathname !== '/mcp') return refuse(404, 'The endpoint is /mcp.');
    const parsed = json === undefined ? {} : { parsedBody: json };
    // What is no JSON belongs to no revision; the newer side answers it as the protocol wants.
    const isLegacy = (json !== undefined || request.method !== 'POST') && (await isLegacyRequest(request, json));
    if (isLegacy) return sessions.handle(request, json);
    const subscription = readTaskSubscription(json);
    if (subscription === undefined) return modern.fetch(request, parsed);
    if (!subscription.isAllowed) return Response.json(refuseTaskSubscription(subscription), { status: 400 });
    return addTaskEvents(await modern.fetch(request, parsed), subscription, parts.tasks);
  };
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const closed = new AbortController();
    outgoing.on('close', () => closed.abort());
    const origin = `http://${incoming.headers.host ?? host}`;
    if (!URL.canParse(incoming.url ?? '/', origin)) return writeResponse(outgoing, refuse(400, 'That is no address.'));
    const read = await readRequest(incoming, origin, closed.signal, maximumBodyBytes);
    const response = read ? await answer(read.request, read.json) : refuse(413, 'The body is too large.');
    await writeResponse(outgoing, response);
  };

  const http = createHttpServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch((error: Error) => {
      onerror(error);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'address-in-use' : 'listen-failed';
      reject(
        new McpError(code, `The port ${httpPort} of ${host} cannot be opened (${cause.code ?? 'unknown'}).`, { cause }),
      );
    });
    http.listen(httpPort, host, resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://${host}:${port}/mcp`,
    async [Symbol.asyncDispose]() {
      stopAnnouncing?.();
      await modern.close();
      await sessions[Symbol.asyncDispose]();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function refuse(status: number, message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } }, { status });
}
