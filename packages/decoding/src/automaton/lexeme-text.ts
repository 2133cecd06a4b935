import { parseDecimal, printDecimal } from './decimal.js';
import type { ByteTail } from './machine.js';

const decoder = new TextDecoder();

/** The content of the JSON string whose closing quote comes next, unescaped. */
export function stringBefore({ bytes, length }: ByteTail): string {
  let from = length;
  while (from > 0 && !isQuote(bytes, from - 1)) from -= 1;
  const raw = decoder.decode(bytes.subarray(from, length));
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}

/** The number literal that ends here, in plain digits where its exponent allows it. */
export function numberBefore({ bytes, length }: ByteTail): string {
  let from = length;
  while (from > 0 && '+-.0123456789eE'.includes(String.fromCharCode(bytes[from - 1]!))) from -= 1;
  const raw = decoder.decode(bytes.subarray(from, length));
  const decimal = parseDecimal(raw);
  return decimal === undefined ? raw : printDecimal(decimal);
}

function isQuote(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x22) return false;
  let backslashes = 0;
  while (at - backslashes > 0 && bytes[at - backslashes - 1] === 0x5c) backslashes += 1;
  return backslashes % 2 === 0;
}
