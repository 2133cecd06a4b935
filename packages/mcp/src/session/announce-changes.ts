import type { McpServer } from '@modelcontextprotocol/server';
import type { ResourceShelf } from '../catalog/catalog.js';

/**
 * Which changes of resources a server sends: those that its client subscribed to by method (revisions before 2026-07-28),
 * all of them (the stdio entry of the SDK picks what was asked for), or none (an event bus does it).
 */
export type Announcement = 'subscribed' | 'all' | 'none';

/** Serves subscriptions to resources until the server is closed. */
export function announceChanges({ server }: McpServer, { onChange }: ResourceShelf, announce: Announcement): void {
  if (onChange === undefined || announce === 'none') return;
  const subscribed = new Set<string>();
  if (announce === 'subscribed') {
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      subscribed.add(params.uri);
      return {};
    });
    server.setRequestHandler('resources/unsubscribe', ({ params }) => {
      subscribed.delete(params.uri);
      return {};
    });
  }
  const stop = onChange((uri) => {
    if (announce === 'subscribed' && !subscribed.has(uri)) return;
    // A client that has just gone away is told nothing more; its connection reports that itself.
    server.sendResourceUpdated({ uri }).catch(() => {});
  });
  const previous = server.onclose;
  server.onclose = () => {
    stop();
    previous?.();
  };
}
