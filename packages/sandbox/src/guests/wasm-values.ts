import type { JsonValue } from '@trocar/core';
import type { GuestArgument } from '../sandbox.js';
import type { ValueKind } from '../wasm/module-shape.js';

/** An argument as WebAssembly takes it, or undefined when it does not fit the type. */
export function toGuestValue(kind: ValueKind, argument: GuestArgument): number | bigint | undefined {
  switch (kind) {
    case 'i32':
      return toInteger(argument, 32, (value) => Number(BigInt.asIntN(32, value)));
    case 'i64':
      return toInteger(argument, 64, (value) => BigInt.asIntN(64, value));
    case 'f32':
    case 'f64':
      return toFloat(argument);
    default:
      return undefined;
  }
}

function toInteger<Value>(argument: GuestArgument, bits: number, convert: (value: bigint) => Value): Value | undefined {
  let value: bigint;
  if (typeof argument === 'bigint') value = argument;
  else if (typeof argument === 'number') {
    if (!Number.isSafeInteger(argument)) return undefined;
    value = BigInt(argument);
  } else {
    if (!/^[+-]?(?:\d{1,20}|0x[0-9a-f]{1,16})$/i.test(argument)) return undefined;
    const digits = argument.replace(/^[+-]/, '');
    value = argument.startsWith('-') ? -BigInt(digits) : BigInt(digits);
  }
  // Both readings of the bits are welcome: -1 and 2^32 - 1 are the same i32.
  if (value < -(2n ** BigInt(bits - 1)) || value >= 2n ** BigInt(bits)) return undefined;
  return convert(value);
}

function toFloat(argument: GuestArgument): number | undefined {
  if (typeof argument === 'bigint') return Number(argument);
  if (typeof argument === 'number') return argument;
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(argument)) {
    if (/nan/i.test(argument)) return Number.NaN;
    return argument.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const value = Number(argument);
  return argument.trim() === '' || Number.isNaN(value) ? undefined : value;
}

/** A result as JSON: large 64-bit integers, NaN, infinities and negative zero become strings, references their kind. */
export function fromGuestValue(value: unknown): JsonValue {
  switch (typeof value) {
    case 'bigint': {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value.toString();
    }
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
    default:
      return value === null || value === undefined ? null : `[${typeof value}]`;
  }
}
