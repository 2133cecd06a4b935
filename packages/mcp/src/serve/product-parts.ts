import { systemClock, systemRandom } from '@trocar/core';
import { createProductCatalog } from '../product/product-catalog.js';
import { createServerParts, type ServerParts } from '../session/server-parts.js';
import type { ServeOptions } from './serve-options.js';

/** What all servers of one process share, for the product. */
export function createProductParts(options: ServeOptions): ServerParts {
  const { clock = systemClock, random = systemRandom, serverInfo } = options;
  const catalog = createProductCatalog(options, clock, random);
  return createServerParts({ info: { ...serverInfo }, catalog, clock, random });
}
