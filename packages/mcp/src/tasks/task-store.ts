import type { CallToolResult, InputRequests, InputResponses } from '@modelcontextprotocol/server';
import { type Clock, createId, type RandomSource } from '@trocar/core';
import { createInputExchange, type InputExchange } from './input-exchange.js';
import { isEnded, type RpcError, type Task } from './task.js';

/** What a task's work is given. */
export interface TaskWork {
  /** Shows a message beside the status. */
  note(message: string): void;
  /** Asks the client, and waits until every question is answered. Rejects when the task is cancelled. */
  ask(requests: InputRequests): Promise<InputResponses>;
}

/** Tasks of one server process. They live in memory: a task belongs to the process that runs its work. */
export interface TaskStore {
  /** Starts a task for work that `controller` can stop; undefined when as many tasks run as may. */
  start(controller: AbortController, work: (task: TaskWork) => Promise<CallToolResult>): Task | undefined;
  get(taskId: string): Task | undefined;
  /** Delivers answers; those to unknown or answered questions are ignored. False: there is no such task. */
  answer(taskId: string, responses: Readonly<Record<string, unknown>>): boolean;
  /** Stops a task that runs; one that has ended stays as it is. False: there is no such task. */
  cancel(taskId: string): boolean;
  /** Calls `listener` with every later state of one task until the returned function is called. */
  watch(taskId: string, listener: (task: Task) => void): () => void;
}

/** What a {@link TaskStore} is made of. */
export interface TaskStoreOptions {
  readonly clock: Clock;
  readonly random: RandomSource;
  /** How long a task can be asked for, from its creation. Default: one hour. */
  readonly ttlMs?: number;
  /** Default: 500. */
  readonly pollIntervalMs?: number;
  /** How many tasks are kept; the oldest ended ones make room. Default: 100. */
  readonly capacity?: number;
}

interface Entry {
  task: Task;
  readonly expiresAtMs: number;
  readonly controller: AbortController;
  readonly inputs: InputExchange;
}

/** Creates an empty store. */
export function createTaskStore(options: TaskStoreOptions): TaskStore {
  const { clock, random, ttlMs = 3_600_000, pollIntervalMs = 500, capacity = 100 } = options;
  const records = new Map<string, Entry>();
  const watchers = new Map<string, Set<(task: Task) => void>>();

  const nowIso = () => new Date(clock.nowMs()).toISOString();
  const find = (taskId: string): Entry | undefined => {
    const record = records.get(taskId);
    if (record === undefined || clock.nowMs() < record.expiresAtMs) return record;
    forget(record);
    return undefined;
  };
  const forget = (record: Entry) => {
    records.delete(record.task.taskId);
    watchers.delete(record.task.taskId);
    record.controller.abort();
    record.inputs.abandon();
  };
  const makeRoom = (): boolean => {
    for (const record of [...records.values()]) find(record.task.taskId);
    if (records.size < capacity) return true;
    const ended = [...records.values()].find(({ task }) => isEnded(task));
    if (ended) forget(ended);
    return ended !== undefined;
  };
  const move = (record: Entry, state: TaskState) => {
    if (isEnded(record.task)) return;
    const { taskId, statusMessage, createdAt } = record.task;
    const head = { taskId, ...(statusMessage !== undefined && { statusMessage }), createdAt, ttlMs, pollIntervalMs };
    record.task = { ...head, lastUpdatedAt: nowIso(), ...state };
    for (const listener of watchers.get(taskId) ?? []) listener(record.task);
  };

  return {
    start(controller, work) {
      if (!makeRoom()) return undefined;
      const createdAt = nowIso();
      const taskId = createId('task', clock, random);
      const inputs = createInputExchange((inputRequests) => {
        move(record, inputRequests ? { status: 'input_required', inputRequests } : { status: 'working' });
      });
      const record: Entry = {
        task: { taskId, createdAt, lastUpdatedAt: createdAt, ttlMs, pollIntervalMs, status: 'working' },
        expiresAtMs: clock.nowMs() + ttlMs,
        controller,
        inputs,
      };
      records.set(taskId, record);
      const running = work({
        note(message) {
          if (!isEnded(record.task)) record.task = { ...record.task, statusMessage: message };
        },
        ask: inputs.ask,
      });
      running.then(
        (result) => move(record, { status: 'completed', result }),
        (error: unknown) => move(record, { status: 'failed', error: toRpcError(error) }),
      );
      return record.task;
    },
    get: (taskId) => find(taskId)?.task,
    answer(taskId, responses) {
      const record = find(taskId);
      record?.inputs.deliver(responses);
      return record !== undefined;
    },
    cancel(taskId) {
      const record = find(taskId);
      if (record === undefined) return false;
      move(record, { status: 'cancelled' });
      record.controller.abort();
      record.inputs.abandon();
      return true;
    },
    watch(taskId, listener) {
      const listeners = watchers.get(taskId) ?? new Set();
      watchers.set(taskId, listeners.add(listener));
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0 && watchers.get(taskId) === listeners) watchers.delete(taskId);
      };
    },
  };
}

type TaskState =
  | { status: 'working' | 'cancelled' }
  | { status: 'input_required'; inputRequests: InputRequests }
  | { status: 'completed'; result: CallToolResult }
  | { status: 'failed'; error: RpcError };

const internalError = -32_603;

/** A thrown protocol error as it would have been answered; anything else says no more than that it happened. */
function toRpcError(error: unknown): RpcError {
  const { code, message, data } = (error ?? {}) as { code?: unknown; message?: unknown; data?: unknown };
  if (typeof code !== 'number' || !Number.isSafeInteger(code)) {
    return { code: internalError, message: 'The tool failed.' };
  }
  return { code, message: String(message), ...(data !== undefined && { data }) };
}
