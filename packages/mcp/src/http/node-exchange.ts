import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request that was read whole. */
export interface ReadRequest {
  /** A web request whose signal is aborted when the client goes away. */
  readonly request: Request;
  /** The body, where it is JSON. */
  readonly json: unknown;
}

/** Turns Node's request into a web request. Undefined where the body has more than `maxBytes`. */
export async function readRequest(
  incoming: IncomingMessage,
  origin: string,
  closed: AbortSignal,
  maxBytes: number,
): Promise<ReadRequest | undefined> {
  const body = await readBody(incoming, maxBytes);
  if (body === undefined) return undefined;
  const headers = new Headers();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index] ?? '', incoming.rawHeaders[index + 1] ?? '');
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  // Only the path counts: a client may also send a whole address, with a host that nobody has checked.
  const { pathname, search } = new URL(incoming.url ?? '/', origin);
  const address = new URL(origin);
  address.pathname = pathname;
  address.search = search;
  const request = new Request(address, {
    method,
    headers,
    signal: closed,
    ...(hasBody && { body }),
  });
  return { request, json: hasBody ? parseJson(body) : undefined };
}

/** Sends a web response through Node's. Resolves when it is sent, or its receiver is gone. */
export async function writeResponse(outgoing: ServerResponse, response: Response): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) {
    outgoing.end();
    return;
  }
  outgoing.flushHeaders();
  try {
    await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), outgoing);
  } catch {
    // The client went away in the middle of an answer; there is nobody to tell.
    outgoing.destroy();
  }
}

async function readBody(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    sizeBytes += part.length;
    if (sizeBytes > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
