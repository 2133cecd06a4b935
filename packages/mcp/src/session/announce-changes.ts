import type { Server } from '@modelcontextprotocol/server';
import type { Change, ChangeSource } from '../catalog/change-feed.js';

/**
 * Which changes a server sends itself: those that its client subscribed to by method (revisions before 2026-07-28), all
 * of them (the stdio entry of the SDK picks what was asked for), or none (an event bus does it).
 */
export type Announcement = 'subscribed' | 'all' | 'none';

/** Tells the client of changes until the server is closed. */
export function announceChanges(server: Server, changes: ChangeSource, announce: Announcement): void {
  if (announce === 'none') return;
  const subscribed = new Set<string>();
  if (announce === 'subscribed' && changes.kinds.has('resource')) {
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
    if (announce === 'all' || subscribed.has(change.uri)) return server.sendResourceUpdated({ uri: change.uri });
  };
  // A client that has just gone away is told nothing more; its connection reports that itself.
  const stop = changes.listen((change) => void send(change).catch(() => {}));
  const previous = server.onclose;
  server.onclose = () => {
    stop();
    previous?.();
  };
}
