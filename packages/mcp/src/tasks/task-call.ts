import type { CallToolResult, InputRequiredResult } from '@modelcontextprotocol/server';
import type { CallContext } from '../catalog/call-context.js';
import type { CallArguments, TaskUse, ToolEntry } from '../catalog/catalog.js';
import type { Task } from './task.js';
import type { TaskStore, TaskWork } from './task-store.js';

/** A tool call that may turn into a task. */
export interface TaskCall {
  readonly entry: ToolEntry & { readonly task: TaskUse };
  readonly input: CallArguments;
  readonly context: CallContext;
  readonly store: TaskStore;
  /** How long a `when-slow` call may take before it becomes a task. */
  readonly patienceMs: number;
  /** Opens what an earlier round sealed. */
  unseal(state: string): Promise<unknown>;
}

/** What such a call is answered with. */
export type TaskCallOutcome =
  | { readonly kind: 'result'; readonly result: CallToolResult | InputRequiredResult }
  | { readonly kind: 'task'; readonly task: Task };

/**
 * Calls a tool for a client that takes tasks. A `when-slow` call that is done, or asks something, within the patience is
 * answered directly; otherwise its work goes on as a task, and further questions are asked through the task.
 */
export async function callAsTask(call: TaskCall): Promise<TaskCallOutcome> {
  const { entry, input, context, store } = call;
  const controller = new AbortController();
  const stop = () => controller.abort();
  context.signal.addEventListener('abort', stop, { once: true });
  let note: TaskWork['note'] | undefined;
  const detached: CallContext = {
    ...context,
    signal: controller.signal,
    // Progress belongs to an open request; once there is a task, its message shows what happens.
    async progress(done, details) {
      if (note === undefined) return context.progress(done, details);
      if (details?.message !== undefined) note(details.message);
    },
    log: async (level, message) => (note === undefined ? context.log(level, message) : undefined),
  };
  const first = entry.call(input, detached);
  first.catch(() => {});
  if (entry.task.start === 'when-slow') {
    const result = await within(first, call.patienceMs);
    if (result !== undefined) return { kind: 'result', result };
  }
  const task = store.start(controller, async (work) => {
    note = work.note;
    // From here on the request is over: only the task can be cancelled.
    context.signal.removeEventListener('abort', stop);
    return answerQuestions(call, detached, work, await first);
  });
  return task === undefined ? { kind: 'result', result: await first } : { kind: 'task', task };
}

async function answerQuestions(
  { entry, input, unseal }: TaskCall,
  context: CallContext,
  work: TaskWork,
  first: CallToolResult | InputRequiredResult,
): Promise<CallToolResult> {
  let result = first;
  while (isQuestion(result)) {
    const answers = await work.ask(result.inputRequests ?? {});
    const state = result.requestState === undefined ? undefined : await unseal(result.requestState);
    result = await entry.call(input, { ...context, answers, state });
  }
  return result;
}

function isQuestion(result: CallToolResult | InputRequiredResult): result is InputRequiredResult {
  return result.resultType === 'input_required';
}

async function within<Value>(promise: Promise<Value>, patienceMs: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    clearTimeout(timer);
  }
}
