import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server';
import type { TaskStore } from '../tasks/task-store.js';
import {
  acknowledgeTasks,
  knownTasks,
  readTaskSubscription,
  refuseTaskSubscription,
  type TaskSubscription,
  watchTasks,
} from '../tasks/task-subscription.js';

/** Adds the states of tasks to the subscriptions of a connection on lines. */
export function withTaskMessages(lines: Transport, store: TaskStore): Transport {
  const subscriptions = new Map<TaskSubscription['id'], TaskSubscription>();
  const stops = new Map<TaskSubscription['id'], () => void>();
  // A client that has gone away is told nothing more.
  const write = (message: object) => void lines.send(message as JSONRPCMessage).catch(() => {});
  const forget = (id: unknown) => {
    subscriptions.delete(id as TaskSubscription['id']);
    stops.get(id as TaskSubscription['id'])?.();
    stops.delete(id as TaskSubscription['id']);
  };

  const transport: Transport = {
    async start() {
      lines.onmessage = (message, extra) => {
        const subscription = readTaskSubscription(message);
        if (subscription !== undefined && !subscription.isAllowed) return write(refuseTaskSubscription(subscription));
        if (subscription !== undefined) subscriptions.set(subscription.id, subscription);
        if ('method' in message && message.method === 'notifications/cancelled') forget(message.params?.requestId);
        transport.onmessage?.(message, extra);
      };
      lines.onerror = (error) => transport.onerror?.(error);
      lines.onclose = () => {
        for (const id of [...stops.keys()]) forget(id);
        transport.onclose?.();
      };
      await lines.start();
    },
    async send(message, options) {
      for (const subscription of subscriptions.values()) {
        const taskIds = knownTasks(subscription, store);
        const acknowledged = acknowledgeTasks(subscription, message, taskIds);
        if (acknowledged === undefined) continue;
        const sent = lines.send(acknowledged as JSONRPCMessage, options);
        // Before the client can answer: it may cancel as soon as it has read this.
        stops.set(subscription.id, watchTasks(subscription, taskIds, store, write).stop);
        subscriptions.delete(subscription.id);
        return sent;
      }
      await lines.send(message, options);
    },
    close: () => lines.close(),
  };
  return transport;
}
