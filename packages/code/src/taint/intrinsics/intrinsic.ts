import type { Activation } from '../activation.js';
import type { Args, CallContext } from '../engine-types.js';
import type { Value } from '../value.js';

/** A call of something that the language itself brings. */
export interface IntrinsicCall {
  readonly at: Activation;
  readonly receiver: Value;
  readonly args: Args;
  readonly context: CallContext;
}

/** Gives the result of a call; undefined where nothing special is known. */
export type Intrinsic = (call: IntrinsicCall) => Value | undefined;
