import { CLIENT_CAPABILITIES_META_KEY, SUBSCRIPTION_ID_META_KEY } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { tasksExtension } from './extension.js';
import { isEnded, type Task } from './task.js';
import type { TaskStore } from './task-store.js';

/** A request to be told of the states of tasks. */
export interface TaskSubscription {
  readonly id: string | number;
  readonly taskIds: readonly string[];
  /** Whether the client has declared the extension. */
  readonly isAllowed: boolean;
}

const requestSchema = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.literal('subscriptions/listen'),
  params: z.object({
    notifications: z.object({ taskIds: z.array(z.string()).max(100) }),
    _meta: z.looseObject({}).optional(),
  }),
});

const capabilitiesSchema = z.object({ extensions: z.record(z.string(), z.unknown()) });

/** Reads what the SDK does not know yet: `taskIds` of `subscriptions/listen`. Undefined for every other message. */
export function readTaskSubscription(message: unknown): TaskSubscription | undefined {
  const parsed = requestSchema.safeParse(message);
  if (!parsed.success) return undefined;
  const { id, params } = parsed.data;
  const declared = capabilitiesSchema.safeParse(params._meta?.[CLIENT_CAPABILITIES_META_KEY]);
  return {
    id,
    taskIds: [...new Set(params.notifications.taskIds)],
    isAllowed: declared.success && declared.data.extensions[tasksExtension] !== undefined,
  };
}

/** The answer to a client that wants to be told of tasks but takes none: -32021. */
export function refuseTaskSubscription({ id }: TaskSubscription): object {
  const data = { requiredCapabilities: { extensions: { [tasksExtension]: {} } } };
  return { jsonrpc: '2.0', id, error: { code: -32_021, message: 'Missing required client capability', data } };
}

const acknowledgementSchema = z.looseObject({
  method: z.literal('notifications/subscriptions/acknowledged'),
  params: z.looseObject({
    notifications: z.looseObject({}),
    _meta: z.looseObject({ [SUBSCRIPTION_ID_META_KEY]: z.union([z.string(), z.number()]) }),
  }),
});

/** Adds the tasks that are watched to the acknowledgement of their subscription. Undefined for every other message. */
export function acknowledgeTasks(
  { id }: TaskSubscription,
  message: unknown,
  taskIds: readonly string[],
): object | undefined {
  const parsed = acknowledgementSchema.safeParse(message);
  if (!parsed.success || parsed.data.params._meta[SUBSCRIPTION_ID_META_KEY] !== id) return undefined;
  const { params } = parsed.data;
  return { ...parsed.data, params: { ...params, notifications: { ...params.notifications, taskIds } } };
}

/** Which of the tasks there are. */
export function knownTasks({ taskIds }: TaskSubscription, store: TaskStore): string[] {
  return taskIds.filter((taskId) => store.get(taskId) !== undefined);
}

/** Sends every later state of the tasks; `ended` resolves once none of them will change any more. */
export function watchTasks(
  { id }: TaskSubscription,
  taskIds: readonly string[],
  store: TaskStore,
  send: (notification: object) => void,
): { readonly ended: Promise<void>; stop(): void } {
  const stops: (() => void)[] = [];
  const waits = taskIds.map(
    (taskId) =>
      new Promise<void>((resolve) => {
        const tell = (task: Task) => {
          const params = { ...task, _meta: { [SUBSCRIPTION_ID_META_KEY]: id } };
          send({ jsonrpc: '2.0', method: 'notifications/tasks', params });
          if (isEnded(task)) resolve();
        };
        stops.push(store.watch(taskId, tell));
        // A task that ended before anybody watched has one state to tell, and no later ones.
        const now = store.get(taskId);
        if (now !== undefined && isEnded(now)) tell(now);
      }),
  );
  return {
    ended: Promise.all(waits).then(() => {}),
    stop: () => {
      for (const stop of stops) stop();
    },
  };
}
