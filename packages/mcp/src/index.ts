export { McpError, type McpErrorCode } from './errors.js';
export type { Endpoint } from './http/endpoint.js';
export { type ServeHttpOptions, serveHttp } from './serve/serve-http.js';
export type { ServeOptions } from './serve/serve-options.js';
export { type ServeStdioOptions, serveStdio } from './serve/serve-stdio.js';
export type { ToolsetName } from './toolset/exposure.js';
