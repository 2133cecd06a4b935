import type { Server } from '@modelcontextprotocol/server';
import type { Change, ChangeSource } from '../catalog/change-feed.js';

/** How a server is reached. */
export interface Connection {
  /** `legacy`: with a handshake, before revision 2026-07-28; `modern`: since then. */
  readonly era: 'legacy' | 'modern';
  readonly transport: 'lines' | 'http';
}

/**
 * Tells the client of changes until the server is closed. A legacy client is sent those of resources that it subscribed
 * to; a modern one on lines all of them, of which the SDK picks what was asked for. A modern client on HTTP is told by an
 * event bus, since a server lives only as long as one request.
 */
export function announceChanges(server: Server, changes: ChangeSource, { era, transport }: Connection): void {
  if (era === 'modern' && transport === 'http') return;
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
