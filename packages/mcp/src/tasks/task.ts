import type { CallToolResult, InputRequests } from '@modelcontextprotocol/server';

/** An error as JSON-RPC carries it. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What every state of a task has. Times are ISO 8601; durations milliseconds. */
export interface TaskHead {
  readonly taskId: string;
  readonly statusMessage?: string;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  readonly ttlMs: number;
  readonly pollIntervalMs: number;
}

/** A task as `tasks/get` and `notifications/tasks` show it: extension `io.modelcontextprotocol/tasks`, DetailedTask. */
export type Task = TaskHead &
  (
    | { readonly status: 'working' | 'cancelled' }
    | { readonly status: 'input_required'; readonly inputRequests: InputRequests }
    | { readonly status: 'completed'; readonly result: CallToolResult }
    | { readonly status: 'failed'; readonly error: RpcError }
  );

/** Whether a task will not change any more. */
export function isEnded({ status }: Task): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
