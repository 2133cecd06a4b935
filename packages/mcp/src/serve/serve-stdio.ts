import type { Readable, Writable } from 'node:stream';
import { serveStdio as serveConnection } from '@modelcontextprotocol/server/stdio';
import { silentLogger } from '@trocar/core';
import { createServer } from '../session/create-server.js';
import { openLineTransport } from '../session/line-transport.js';
import { createProductParts } from './product-parts.js';
import type { ServeOptions } from './serve-options.js';

/** What {@link serveStdio} needs. */
export interface ServeStdioOptions extends ServeOptions {
  /** Where the client's lines come from, usually `process.stdin`. */
  readonly input: Readable;
  /** Where the answers go, usually `process.stdout`; nothing else may be written there. */
  readonly output: Writable;
  /** Ends the connection when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Serves the Model Context Protocol on two streams: revision 2026-07-28, and with a handshake every one since
 * 2024-11-05. Resolves when the client has gone away: when the input has ended and what was under way is answered. The
 * port stays open; it is the caller's.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<void> {
  const { input, output, signal, logger = silentLogger } = options;
  const parts = createProductParts(options);
  const { transport, closed } = openLineTransport({ input, output });
  const connection = serveConnection(({ era }) => createServer(parts, era === 'modern' ? 'all' : 'subscribed'), {
    transport,
    onerror: (error) => logger.warn('protocol', { message: error.message }),
  });
  const stop = () => void connection.close();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  await closed;
  signal?.removeEventListener('abort', stop);
}
