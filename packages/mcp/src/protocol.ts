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
export { type Change, type ChangeFeed, type ChangeSource, createChangeFeed } from './catalog/change-feed.js';
export { readPage } from './catalog/page.js';
export { type Endpoint, type EndpointOptions, openEndpoint } from './http/endpoint.js';
export { createServerParts, type ServerParts, type ServerPartsOptions } from './session/server-parts.js';
