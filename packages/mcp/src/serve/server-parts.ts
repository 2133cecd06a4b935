import { createRequestStateCodec } from '@modelcontextprotocol/server';
import { systemClock, systemRandom } from '@trocar/core';
import { createProductCatalog } from '../product/product-catalog.js';
import type { ServerParts } from '../session/create-server.js';
import { createTaskStore } from '../tasks/task-store.js';
import type { ServeOptions } from './serve-options.js';

/** What all servers of one process share: one catalog, one set of tasks, one key for sealed state. */
export function createProductParts(options: ServeOptions): ServerParts {
  const { clock = systemClock, random = systemRandom, serverInfo } = options;
  return {
    info: { ...serverInfo },
    catalog: createProductCatalog(options, clock, random),
    states: createRequestStateCodec({ key: random.bytes(32) }),
    tasks: createTaskStore({ clock, random }),
  };
}
