import type { Server } from '@modelcontextprotocol/server';
import type { Change, ChangeSource } from '../catalog/change-feed.js';

/** How a server is reached. */
export interface Connection {
  /** `legacy`: with a handshake, before revision 2026-07-28; `modern`: since then. */
  readonly era: 'legacy' | 'modern';
  /**
   * Whether it sends changes itself. To a legacy client it sends those of resources that were subscribed to; to a modern
   * one all of them, of which the SDK's stdio entry picks what was asked for.
   */
  readonly announces: boolean;
}

/** Tells the client of changes until the server is closed. */
export function announceChanges(server: Server, changes: ChangeSource, { era, announces }: Connection): void {
  if (!announces) return;
  const subscribed = new Set<string>();
  if (era === 'legacy' && changes.kinds.has('resource')) {
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      subscribed.add(params.uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      subscribed.delete(params.uri);
      return {};
    });
  }
  const send = async (change: Change): Promise<void> => {
    if (change.kind === 'tools') return server.sendToolListChanged();
    if (change.kind === 'prompts') return server.sendPromptListChanged();
    if (era === 'modern' || subscribed.has(change.uri)) return server.sendResourceUpdated({ uri: change.uri });
  };
  // A client that has just gone away is told nothing more; its connection reports that itself.
  const stop = changes.listen((change) => void send(change).catch(() => {}));
  const previous = server.onclose;
  server.onclose = () => {
    stop();
    previous?.();
  };
}
