import type { Readable, Writable } from 'node:stream';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import { createLineSplitter } from './line-splitter.js';

/** Where the lines of a {@link openLineTransport} come from and go to. */
export interface LineTransportOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** A longer line is refused without being kept. Default: 16 MiB. */
  readonly maxLineBytes?: number;
  /** How long requests may still be answered after the input has ended. Default: 10,000. */
  readonly drainMs?: number;
}

/** A transport for the SDK, and when it was closed. */
export interface LineTransport {
  readonly transport: Transport;
  /** Resolves once the connection is closed, by either side. */
  readonly closed: Promise<void>;
}

const parseError = -32_700;
const invalidRequest = -32_600;

/**
 * One JSON-RPC message a line (MCP, stdio transport), with the input treated as hostile: a line that is no JSON, no
 * message or too long is answered with an error, and the connection lives on. It closes when the input ends, after what
 * is under way has been answered, or when the output fails.
 */
export function openLineTransport(options: LineTransportOptions): LineTransport {
  const { input, output, maxLineBytes = 16 * 1024 * 1024, drainMs = 10_000 } = options;
  const unanswered = new Set<string | number>();
  let isClosed = false;
  let hasEnded = false;
  let deadline: NodeJS.Timeout | undefined;
  let resolveClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve;
  });

  const write = (message: object): Promise<void> =>
    new Promise((resolve, reject) => {
      if (isClosed) reject(new Error('The connection is closed.'));
      else output.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  const refuse = (code: number, message: string) => {
    write({ jsonrpc: '2.0', id: null, error: { code, message } }).catch(() => {});
    transport.onerror?.(new Error(message));
  };
  const closeWhenAnswered = () => {
    if (hasEnded && unanswered.size === 0) void transport.close();
  };
  const receive = (line: string) => {
    if (line.trim() === '') return;
    const message = parseMessage(line);
    if (message === 'not-json') return refuse(parseError, 'Parse error: the line is not valid JSON.');
    if (message === 'not-a-message')
      return refuse(invalidRequest, 'Invalid request: the line is no JSON-RPC 2.0 message.');
    // A subscription is answered only when it ends, so nobody waits for that.
    if ('method' in message && 'id' in message && message.method !== 'subscriptions/listen') unanswered.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled') {
      const { requestId } = (message.params ?? {}) as { requestId?: string | number };
      if (requestId !== undefined) unanswered.delete(requestId);
    }
    transport.onmessage?.(message);
  };

  const splitter = createLineSplitter(maxLineBytes, {
    line: receive,
    tooLong: () => refuse(invalidRequest, `Invalid request: a line has more than ${maxLineBytes} bytes.`),
  });
  const onData = (chunk: Buffer | string) => splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  const onEnd = () => {
    if (hasEnded) return;
    hasEnded = true;
    deadline = setTimeout(() => void transport.close(), drainMs);
    closeWhenAnswered();
  };
  const onInputError = (error: Error) => {
    transport.onerror?.(error);
    void transport.close();
  };
  const onOutputError = (error: Error) => {
    if (!isClosed) transport.onerror?.(error);
    void transport.close();
  };

  const transport: Transport = {
    async start() {
      output.on('error', onOutputError);
      input.on('error', onInputError);
      input.on('data', onData);
      input.on('end', onEnd);
      input.on('close', onEnd);
      if (input.readableEnded || input.destroyed) setImmediate(onEnd);
    },
    async send(message: JSONRPCMessage) {
      const answeredId = 'method' in message ? undefined : message.id;
      try {
        await write(message);
      } finally {
        if (answeredId !== undefined) unanswered.delete(answeredId);
        closeWhenAnswered();
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(deadline);
      input.off('data', onData);
      input.off('end', onEnd);
      input.off('close', onEnd);
      input.off('error', onInputError);
      // Errors of the output may still come; with a listener they end nothing any more.
      input.pause();
      transport.onclose?.();
      resolveClosed();
    },
  };
  return { transport, closed };
}

function parseMessage(line: string): JSONRPCMessage | 'not-json' | 'not-a-message' {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return 'not-json';
  }
  return isMessage(value) ? value : 'not-a-message';
}

function isMessage(value: unknown): value is JSONRPCMessage {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { jsonrpc, method, id, params } = value as Record<string, unknown>;
  if (jsonrpc !== '2.0') return false;
  const hasId = typeof id === 'string' || typeof id === 'number';
  if (typeof method !== 'string') return method === undefined && hasId && ('result' in value || 'error' in value);
  if (id !== undefined && !hasId) return false;
  return params === undefined || (typeof params === 'object' && params !== null && !Array.isArray(params));
}
