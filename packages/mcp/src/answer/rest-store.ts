import type { JsonValue } from '@trocar/core';
import { type Clock, createId, type RandomSource } from '@trocar/core';

/** What is left of a field that did not fit into an answer: the rest of its list, or of its text. */
export interface Rest {
  readonly tool: string;
  readonly field: string;
  readonly value: JsonValue;
}

/** Rests of answers by cursor, the newest few. A rest can be read more than once, so that a lost answer is no loss. */
export interface RestStore {
  put(rest: Rest): string;
  get(cursor: string): Rest | undefined;
}

const capacity = 32;

/** Creates an empty store of at most 32 rests. */
export function createRestStore(clock: Clock, random: RandomSource): RestStore {
  const rests = new Map<string, Rest>();
  return {
    put(rest) {
      const cursor = createId('rest', clock, random);
      rests.set(cursor, rest);
      const [oldest] = rests.keys();
      if (rests.size > capacity && oldest !== undefined) rests.delete(oldest);
      return cursor;
    },
    get: (cursor) => rests.get(cursor),
  };
}
