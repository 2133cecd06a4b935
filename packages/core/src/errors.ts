import type { JsonObject } from './json.js';

const brand = Symbol.for('trocar.error');

/** What is said about a failure besides its code and message. */
export interface TrocarErrorOptions {
  /** Facts for programs: JSON-safe, bounded, never a secret. */
  readonly data?: JsonObject;
  /** Whether the same call may succeed when tried again without a change. Default: false. */
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/**
 * The base of every error that Trocar throws on purpose.
 *
 * `code` is stable and machine-readable; `message` says what happened and what to do about it.
 */
export class TrocarError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly data: JsonObject;
  readonly retryable: boolean;

  constructor(code: Code, message: string, options: TrocarErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.data = options.data ?? {};
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `value` is a {@link TrocarError}, also one created by another copy of this package. */
export function isTrocarError(value: unknown): value is TrocarError {
  return typeof value === 'object' && value !== null && brand in value;
}
