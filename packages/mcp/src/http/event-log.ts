import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

const capacity = 1_000;

/**
 * Keeps the newest 1,000 messages of one session, so that a client whose event stream broke can go on where it was.
 * Event ids are the stream's name and a number that grows.
 */
export function createEventLog(): EventStore {
  const events = new Map<string, { readonly stream: string; readonly message: JSONRPCMessage }>();
  let count = 0;
  return {
    async storeEvent(stream, message) {
      count += 1;
      const id = `${stream}.${count}`;
      events.set(id, { stream, message });
      const [oldest] = events.keys();
      if (events.size > capacity && oldest !== undefined) events.delete(oldest);
      return id;
    },
    async getStreamIdForEventId(id) {
      return events.get(id)?.stream;
    },
    async replayEventsAfter(lastId, { send }) {
      const stream = events.get(lastId)?.stream;
      if (stream === undefined) throw new Error('The event is not kept any more.');
      const missed = [...events].slice([...events.keys()].indexOf(lastId) + 1);
      for (const [id, event] of missed) {
        // The first event of a stream is an empty one, which only names the stream.
        if (event.stream === stream && 'jsonrpc' in event.message) await send(id, event.message);
      }
      return stream;
    },
  };
}
