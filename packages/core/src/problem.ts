import { isTrocarError } from './errors.js';
import type { JsonObject } from './json.js';

/** A failure as plain data: what crosses a process, a protocol or the journal instead of an exception. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly data?: JsonObject;
}

const maximumMessageLength = 2_000;

/**
 * Turns anything that was thrown into a {@link Problem}.
 *
 * Errors that Trocar did not throw on purpose become `internal`: they carry a message but neither stack nor cause, so
 * that no path or value of the host leaks through them.
 */
export function toProblem(thrown: unknown): Problem {
  if (isTrocarError(thrown)) {
    const { code, message, retryable, data } = thrown;
    return { code, message: shorten(message), retryable, ...(Object.keys(data).length > 0 && { data }) };
  }
  const message =
    thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'A value that is no error was thrown.';
  return { code: 'internal', message: shorten(message), retryable: false };
}

function shorten(message: string): string {
  return message.length <= maximumMessageLength ? message : `${message.slice(0, maximumMessageLength)}…`;
}
