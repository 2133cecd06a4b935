import type { TaskStore } from '../tasks/task-store.js';
import { acknowledgeTasks, knownTasks, type TaskSubscription, watchTasks } from '../tasks/task-subscription.js';

/**
 * Adds the states of tasks to the event stream with which the SDK answers a subscription. The SDK ends a stream on which
 * it has nothing to say; this one stays open until the last of the tasks has ended.
 */
export function addTaskEvents(response: Response, subscription: TaskSubscription, store: TaskStore): Response {
  const isStream = response.headers.get('content-type')?.includes('text/event-stream') ?? false;
  if (!isStream || response.body === null) return response;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const encoder = new TextEncoder();
  const taskIds = knownTasks(subscription, store);
  let watch: ReturnType<typeof watchTasks> | undefined;

  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (frame: string) => controller.enqueue(encoder.encode(frame));
      const send = (message: object) => write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
      let last = '';
      for await (const frame of framesOf(reader)) {
        const message = messageOf(frame);
        const acknowledged = acknowledgeTasks(subscription, message, taskIds);
        if (acknowledged !== undefined) {
          send(acknowledged);
          watch = watchTasks(subscription, taskIds, store, send);
        } else if (typeof message === 'object' && message !== null && 'result' in message) last = frame;
        else write(frame);
      }
      await watch?.ended;
      write(last);
      controller.close();
    },
    async cancel() {
      watch?.stop();
      await reader.cancel();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

async function* framesOf(reader: ReadableStreamDefaultReader<string>): AsyncGenerator<string> {
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield `${part}\n\n`;
  }
}

function messageOf(frame: string): unknown {
  const data = /^data: (.*)$/m.exec(frame)?.[1];
  return data === undefined ? undefined : JSON.parse(data);
}
