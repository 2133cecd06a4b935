import { createHash, randomBytes } from 'node:crypto';

/** Where code that must be repeatable gets randomness from. */
export interface RandomSource {
  /** `count` fresh bytes. */
  bytes(count: number): Uint8Array;
}

/** The operating system's cryptographic randomness. */
export const systemRandom: RandomSource = { bytes: (count) => randomBytes(count) };

/** Repeatable bytes: SHA-256 of the seed and a counter. For replays and tests, never for keys. */
export function createSeededRandom(seed: string): RandomSource {
  let counter = 0;
  let pool = new Uint8Array(0);
  return {
    bytes(count) {
      const result = new Uint8Array(count);
      for (let filled = 0; filled < count; ) {
        if (pool.length === 0) {
          pool = new Uint8Array(createHash('sha256').update(`${seed}\n${counter}`).digest());
          counter += 1;
        }
        const part = pool.subarray(0, count - filled);
        result.set(part, filled);
        filled += part.length;
        pool = pool.subarray(part.length);
      }
      return result;
    },
  };
}
