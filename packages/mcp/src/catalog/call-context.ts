import type { InputResponses, ServerContext } from '@modelcontextprotocol/server';

/** What a client has declared that it can do for a server. */
export interface ClientAbilities {
  /** Asks its user with a form. */
  readonly elicitation: boolean;
  /** Takes a task handle in place of a result (extension `io.modelcontextprotocol/tasks`). */
  readonly tasks: boolean;
}

/** What a tool, resource or prompt is given besides its arguments. */
export interface CallContext {
  /** Aborted when the client cancels the request, or its task. */
  readonly signal: AbortSignal;
  readonly client: ClientAbilities;
  /** What the client answered to the questions of the previous round; from outside, so to be checked. */
  readonly answers: InputResponses;
  /** What {@link seal} was given in the previous round; its integrity has been checked. */
  readonly state: unknown;
  /** Seals `state` for the next round: signed, short-lived, readable by the client. */
  seal(state: unknown): Promise<string>;
  /** Reports progress where the client asked for it, else does nothing. `done` has to grow. */
  progress(done: number, details?: { readonly total?: number; readonly message?: string }): Promise<void>;
  /** Sends a log message where the client asked for messages of this level. */
  log(level: 'debug' | 'info' | 'warning' | 'error', message: string): Promise<void>;
  /** The context of the SDK, for what only one transport or revision has. */
  readonly sdk: ServerContext;
}
