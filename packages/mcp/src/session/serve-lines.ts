import type { Readable, Writable } from 'node:stream';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { type Logger, silentLogger } from '@trocar/core';
import { createServer } from './create-server.js';
import { openLineTransport } from './line-transport.js';
import type { ServerParts } from './server-parts.js';
import { withTaskMessages } from './task-messages.js';

/** The two streams of a connection. */
export interface LineStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Ends the connection when aborted. */
  readonly signal?: AbortSignal;
  readonly logger?: Logger;
}

/** Serves one connection on two streams, in the era that its first message belongs to. Resolves once it is closed. */
export async function serveLines(parts: ServerParts, streams: LineStreams): Promise<void> {
  const { input, output, signal, logger = silentLogger } = streams;
  const { transport: lines, closed } = openLineTransport({ input, output });
  const connection = serveStdio(({ era }) => createServer(parts, { era, transport: 'lines' }), {
    transport: withTaskMessages(lines, parts.tasks),
    onerror: (error) => logger.warn('protocol', { message: error.message }),
  });
  const stop = () => void connection.close();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  await closed;
  signal?.removeEventListener('abort', stop);
}
