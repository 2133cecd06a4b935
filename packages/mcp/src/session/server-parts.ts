import { createRequestStateCodec, type Implementation, type RequestStateCodec } from '@modelcontextprotocol/server';
import { type Clock, type RandomSource, systemClock, systemRandom } from '@trocar/core';
import type { Catalog } from '../catalog/catalog.js';
import { createTaskStore, type TaskStore } from '../tasks/task-store.js';

/** What every server of one process shares: one catalog, one set of tasks, one key for sealed state. */
export interface ServerParts {
  readonly info: Implementation;
  readonly catalog: Catalog;
  readonly states: RequestStateCodec;
  readonly tasks: TaskStore;
  /** How long a call may take before it becomes a task, where it may. */
  readonly taskPatienceMs: number;
}

/** What {@link createServerParts} needs. */
export interface ServerPartsOptions {
  /** How the server introduces itself. */
  readonly info: Implementation;
  readonly catalog: Catalog;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  /** Default: 2,000. */
  readonly taskPatienceMs?: number;
}

/** Puts together what the servers of one process share. */
export function createServerParts(options: ServerPartsOptions): ServerParts {
  const { info, catalog, clock = systemClock, random = systemRandom, taskPatienceMs = 2_000 } = options;
  return {
    info,
    catalog,
    states: createRequestStateCodec({ key: random.bytes(32) }),
    tasks: createTaskStore({ clock, random }),
    taskPatienceMs,
  };
}
