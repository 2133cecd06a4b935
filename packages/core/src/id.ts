import type { Clock } from './clock.js';
import type { RandomSource } from './random.js';

// Crockford's base 32: no I, L, O, U, so that an identifier can be read aloud and typed.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/**
 * A new identifier: 10 characters of time and 16 of randomness (80 bits) after `prefix` and a hyphen, for example
 * `run-01k9w3…`. Identifiers sort by their time of creation.
 */
export function createId(prefix: string, clock: Clock, random: RandomSource): string {
  let time = '';
  for (let rest = clock.nowMs(), digits = 0; digits < 10; digits += 1, rest = Math.floor(rest / 32)) {
    time = alphabet.charAt(rest % 32) + time;
  }
  let entropy = '';
  for (const byte of random.bytes(16)) entropy += alphabet.charAt(byte % 32);
  return `${prefix}-${time}${entropy}`;
}
