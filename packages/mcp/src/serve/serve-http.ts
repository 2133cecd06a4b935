import type { Endpoint } from '../http/endpoint.js';
import { createProductParts } from './product-parts.js';
import type { ServeOptions } from './serve-options.js';

/** What {@link serveHttp} needs. */
export interface ServeHttpOptions extends ServeOptions {
  /** The TCP port on the loopback interface; 0 takes a free one. */
  readonly httpPort: number;
  /** The bearer token that every client has to send: at least 16 characters, best random. */
  readonly token: string;
}

/**
 * Serves the Model Context Protocol over Streamable HTTP on this machine, until the endpoint is disposed of. The port
 * stays open; it is the caller's. Codes: `token-too-short`, `address-in-use`, `listen-failed`.
 */
export async function serveHttp(options: ServeHttpOptions): Promise<Endpoint> {
  const { httpPort, token, logger } = options;
  // Loaded here, so that a server on standard input and output starts without Node's HTTP.
  const { openEndpoint } = await import('../http/endpoint.js');
  return openEndpoint(createProductParts(options), { httpPort, token, ...(logger && { logger }) });
}
