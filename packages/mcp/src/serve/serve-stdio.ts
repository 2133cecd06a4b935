import { type LineStreams, serveLines } from '../session/serve-lines.js';
import { createProductParts } from './product-parts.js';
import type { ServeOptions } from './serve-options.js';

/**
 * What {@link serveStdio} needs. `input` is usually `process.stdin` and `output` `process.stdout`; nothing else may be
 * written there.
 */
export interface ServeStdioOptions extends ServeOptions, Omit<LineStreams, 'logger'> {}

/**
 * Serves the Model Context Protocol on two streams: revision 2026-07-28, and with a handshake every one since
 * 2024-11-05. Resolves when the client has gone away: when the input has ended and what was under way is answered. The
 * port stays open; it is the caller's.
 */
export async function serveStdio(options: ServeStdioOptions): Promise<void> {
  await serveLines(createProductParts(options), options);
}
