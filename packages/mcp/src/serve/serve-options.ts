import type { Clock, Logger, RandomSource } from '@trocar/core';
import type { Identity } from '@trocar/plane';
import type { Port } from '@trocar/workflows';
import type { ToolsetName } from '../toolset/exposure.js';

/** What a server serves, and in whose name; however it is reached. */
export interface ServeOptions {
  /** The port, or what opens it at the first call: the handshake and the list of tools need none. */
  readonly port: Port | (() => Promise<Port>);
  /** The folder that is served: absolute and canonical, the port's working folder. */
  readonly root: string;
  /** The agent in whose name every call is made. */
  readonly identity: Identity;
  /**
   * Who approves a change when the client shows it to its user and they agree. Absent: clients are not asked, and every
   * change waits for `trocar approve RUN`.
   */
  readonly approver?: Identity;
  /** How the server introduces itself: the product's name and version. */
  readonly serverInfo: { readonly name: string; readonly version: string; readonly title?: string };
  /** Which tools are listed. Default: `default`. */
  readonly toolset?: ToolsetName;
  readonly logger?: Logger;
  readonly clock?: Clock;
  readonly random?: RandomSource;
}
