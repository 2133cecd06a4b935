import { createManualClock, createSeededRandom } from '@trocar/core';
import { describe, expect, it, vi } from 'vitest';
import type { Task } from '../../src/tasks/task.js';
import { createTaskStore } from '../../src/tasks/task-store.js';
import { createDesk, pause } from '../desk.js';
import { connectTo, initialize, type LineClient, modern, takesTasks } from '../line-client.js';

const able = { elicitation: {}, ...takesTasks };

async function call(client: LineClient, name: string, input: object = {}): Promise<Record<string, unknown>> {
  const { result, error } = await client.request('tools/call', modern({ name, arguments: input }, able));
  expect(error).toBeUndefined();
  return result ?? {};
}

async function get(client: LineClient, taskId: unknown): Promise<Record<string, unknown>> {
  return (await client.request('tasks/get', modern({ taskId }, able))).result ?? {};
}

function settle(client: LineClient, taskId: unknown, status: string): Promise<Record<string, unknown>> {
  return vi.waitFor(async () => {
    const task = await get(client, taskId);
    expect(task).toMatchObject({ status });
    return task;
  });
}

describe('a call that may become a task', () => {
  it('does so only when it is slow', async () => {
    const client = connectTo(createDesk().catalog, { taskPatienceMs: 30 });
    expect(await call(client, 'wait_or_task')).toMatchObject({ resultType: 'complete', content: [{ text: 'waited' }] });
    const task = await call(client, 'wait_or_task', { ms: 120 });
    expect(task).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 3_600_000, pollIntervalMs: 500 });
    expect(await get(client, task.taskId)).toMatchObject({ resultType: 'complete', status: 'working' });
    const done = await settle(client, task.taskId, 'completed');
    expect(done).toMatchObject({ statusMessage: 'done', result: { content: [{ text: 'waited' }] } });
    expect(client.received).toEqual([]);
  });

  it('is a plain call for clients that take no tasks', async () => {
    const client = connectTo(createDesk().catalog, { taskPatienceMs: 1 });
    const answer = await client.request('tools/call', modern({ name: 'wait_or_task', arguments: { ms: 20 } }));
    expect(answer.result).toMatchObject({ resultType: 'complete', content: [{ text: 'waited' }] });
    const older = connectTo(createDesk().catalog, { taskPatienceMs: 1 });
    await initialize(older, takesTasks);
    const plain = await older.request('tools/call', { name: 'wait_or_task', arguments: { ms: 20 } });
    expect(plain.result).toEqual({ content: [{ type: 'text', text: 'waited' }] });
  });

  it('can be cancelled, and is stopped', async () => {
    const { catalog, cancelled } = createDesk();
    const client = connectTo(catalog, { taskPatienceMs: 10 });
    const { taskId } = await call(client, 'wait_or_task', { ms: 60_000, name: 'task' });
    const ack = await client.request('tasks/cancel', modern({ taskId }, able));
    expect(Object.keys(ack.result ?? {}).sort()).toEqual(['_meta', 'resultType']);
    await settle(client, taskId, 'cancelled');
    await vi.waitFor(() => expect(cancelled).toEqual(['task']));
    expect((await client.request('tasks/cancel', modern({ taskId }, able))).error).toBeUndefined();
  });

  it('is stopped with its request as long as it is none', async () => {
    const { catalog, cancelled } = createDesk();
    const client = connectTo(catalog, { taskPatienceMs: 5_000 });
    void client.request('tools/call', modern({ name: 'wait_or_task', arguments: { ms: 60_000, name: 'call' } }, able));
    await pause(30);
    client.notify('notifications/cancelled', modern({ requestId: client.lastId }));
    await vi.waitFor(() => expect(cancelled).toEqual(['call']));
  });
});

describe('a task that asks', () => {
  it('waits for the answers and goes on with them', async () => {
    const client = connectTo(createDesk().catalog);
    const { taskId } = await call(client, 'greet_task');
    const asking = await settle(client, taskId, 'input_required');
    expect(asking.inputRequests).toMatchObject({ '1-name': { method: 'elicitation/create' } });
    const answer = (inputResponses: unknown) =>
      client.request('tasks/update', modern({ taskId, inputResponses }, able));
    await answer({ other: { action: 'accept' } });
    expect(await get(client, taskId)).toMatchObject({ status: 'input_required' });
    await answer({ '1-name': { action: 'decline' } });
    const again = await settle(client, taskId, 'input_required');
    expect(Object.keys(again.inputRequests as object)).toEqual(['2-name']);
    await answer({ '2-name': { action: 'accept', content: { name: 'Ada' } } });
    const done = await settle(client, taskId, 'completed');
    expect(done.result).toMatchObject({ content: [{ text: 'Hello, Ada (asked)' }] });
    expect((await answer(undefined)).error?.code).toBe(-32_602);
  });
});

describe('a client that listens to tasks', () => {
  it('is told every state until they have ended, on lines', async () => {
    const client = connectTo(createDesk().catalog, { taskPatienceMs: 10 });
    const { taskId } = await call(client, 'wait_or_task', { ms: 60 });
    const notifications = { taskIds: [taskId, 'task-unknown'], toolsListChanged: true };
    void client.request('subscriptions/listen', modern({ notifications }, able));
    const listenId = client.lastId;
    const ack = await client.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
    expect(ack.params).toMatchObject({ notifications: { taskIds: [taskId], toolsListChanged: true } });
    const told = await client.next(({ method }) => method === 'notifications/tasks');
    expect(told.params).toMatchObject({
      taskId,
      status: 'completed',
      result: { content: [{ text: 'waited' }] },
      _meta: { 'io.modelcontextprotocol/subscriptionId': listenId },
    });
    client.notify('notifications/cancelled', modern({ requestId: listenId }));
    void client.request('subscriptions/listen', modern({ notifications: { taskIds: [taskId] } }, able));
    const late = await client.next(({ method }) => method === 'notifications/tasks');
    expect(late.params).toMatchObject({ taskId, status: 'completed' });
    client.end();
    await client.closed;
  });

  it('is told no more once it does not listen any more', async () => {
    const client = connectTo(createDesk().catalog, { taskPatienceMs: 10 });
    const { taskId } = await call(client, 'wait_or_task', { ms: 80 });
    void client.request('subscriptions/listen', modern({ notifications: { taskIds: [taskId] } }, able));
    const listenId = client.lastId;
    await client.next(({ method }) => method === 'notifications/subscriptions/acknowledged');
    client.notify('notifications/cancelled', modern({ requestId: listenId }));
    await settle(client, taskId, 'completed');
    expect(client.received).toEqual([]);
  });

  it('has to take tasks', async () => {
    const client = connectTo(createDesk().catalog);
    await client.request('tools/list', modern());
    const { error } = await client.request('subscriptions/listen', modern({ notifications: { taskIds: ['task-1'] } }));
    expect(error).toMatchObject({ code: -32_021, data: { requiredCapabilities: takesTasks } });
  });
});

describe('what is refused', () => {
  it.each(['tasks/get', 'tasks/update', 'tasks/cancel'])(
    '%s without the extension, or for an unknown task',
    async (method) => {
      const client = connectTo(createDesk().catalog);
      const params = { taskId: 'task-unknown', inputResponses: {} };
      const { error } = await client.request(method, modern(params));
      expect(error).toMatchObject({ code: -32_021, data: { requiredCapabilities: takesTasks } });
      expect((await client.request(method, modern(params, able))).error?.code).toBe(-32_602);
      expect((await client.request(method, modern({ taskId: 7 }, able))).error?.code).toBe(-32_602);
    },
  );

  it('a tool that is always a task, for a client that takes none', async () => {
    const client = connectTo(createDesk().catalog);
    expect((await client.request('tools/call', modern({ name: 'greet_task' }))).error?.code).toBe(-32_021);
  });

  it.each(['break_task', 'abort_task'])('%s: a failure says no more than that it happened', async (name) => {
    const client = connectTo(createDesk().catalog);
    const { taskId } = await call(client, name);
    const failed = await settle(client, taskId, 'failed');
    expect(failed.error).toEqual({ code: -32_603, message: 'The tool failed.' });
    expect(failed).not.toHaveProperty('result');
  });
});

describe('the store', () => {
  const done = { content: [] };
  const createStore = (capacity = 100) => {
    const clock = createManualClock(1_700_000_000_000);
    return { clock, store: createTaskStore({ clock, random: createSeededRandom('tasks'), ttlMs: 1_000, capacity }) };
  };
  const forever = () => new Promise<never>(() => {});

  it('forgets a task after its time, and stops it', () => {
    const { clock, store } = createStore();
    const controller = new AbortController();
    const task = store.start(controller, forever);
    clock.advance(999);
    expect(store.get(task?.taskId ?? '')).toMatchObject({ status: 'working' });
    clock.advance(1);
    expect(store.get(task?.taskId ?? '')).toBeUndefined();
    expect(controller.signal.aborted).toBe(true);
  });

  it('keeps so many at most: ended ones make room, running ones do not', async () => {
    const { store } = createStore(2);
    const first = store.start(new AbortController(), async () => done);
    store.start(new AbortController(), forever);
    await pause(0);
    expect(store.start(new AbortController(), forever)).toBeDefined();
    expect(store.get(first?.taskId ?? '')).toBeUndefined();
    expect(store.start(new AbortController(), forever)).toBeUndefined();
  });

  it('tells those who watch every later state, until they do not want to know', async () => {
    const { store } = createStore();
    let note = (_: string) => {};
    let finish = () => {};
    const task = store.start(new AbortController(), async (work) => {
      note = work.note;
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return done;
    });
    const seen: Task[] = [];
    const taskId = task?.taskId ?? '';
    const stop = store.watch(taskId, (state) => void seen.push(state));
    store.watch(taskId, () => {});
    note('half');
    finish();
    await pause(0);
    note('too late');
    expect(seen).toMatchObject([{ status: 'completed', statusMessage: 'half' }]);
    stop();
    store.cancel(taskId);
    expect(store.get(taskId)).toMatchObject({ status: 'completed', statusMessage: 'half' });
  });

  it('reports a protocol error as it is', async () => {
    const { store } = createStore();
    const task = store.start(new AbortController(), async () => {
      throw Object.assign(new Error('Not like that.'), { code: -32_602, data: { why: 1 } });
    });
    await pause(0);
    expect(store.get(task?.taskId ?? '')).toMatchObject({
      status: 'failed',
      error: { code: -32_602, message: 'Not like that.', data: { why: 1 } },
    });
  });

  it('ends the questions of a cancelled task', async () => {
    const { store } = createStore();
    let asked: Promise<unknown> = Promise.resolve();
    const task = store.start(new AbortController(), async ({ ask }) => {
      asked = ask({ a: { method: 'roots/list' } });
      await asked;
      return done;
    });
    const taskId = task?.taskId ?? '';
    expect(store.get(taskId)).toMatchObject({ status: 'input_required' });
    store.cancel(taskId);
    await expect(asked).rejects.toThrow(/cancelled/);
    expect(store.answer(taskId, { '1-a': {} })).toBe(true);
    expect(store.get(taskId)).toMatchObject({ status: 'cancelled' });
  });
});
