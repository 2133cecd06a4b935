export type { CallContext, ClientAbilities } from './catalog/call-context.js';
export type {
  CallArguments,
  Catalog,
  Page,
  PromptEntry,
  ResourceShelf,
  TaskUse,
  ToolEntry,
} from './catalog/catalog.js';
export { McpError, type McpErrorCode } from './errors.js';
export type { ServeOptions } from './serve/serve-options.js';
export { type ServeStdioOptions, serveStdio } from './serve/serve-stdio.js';
export { createServer, type ServerParts } from './session/create-server.js';
export { createTaskStore, type TaskStore, type TaskStoreOptions } from './tasks/task-store.js';
export type { ToolsetName } from './toolset/exposure.js';
