import { getPrototypeOf, is, isArray, isNotANumber } from 'trocar:intrinsics';

/** Whether two values are equal all the way down: `strict` as `assert.deepStrictEqual`, else as `assert.deepEqual`. */
export function isDeepEqual(left, right, strict) {
  return equal(left, right, strict, []);
}

function equal(left, right, strict, pairs) {
  if (is(left, right)) return true;
  const bothObjects = isObject(left) && isObject(right);
  if (!bothObjects) {
    if (strict) return false;
    if (isObject(left) || isObject(right)) return false;
    // biome-ignore lint/suspicious/noDoubleEquals: loose comparison is what the function is for
    return left == right || (isNotANumber(left) && isNotANumber(right));
  }
  if (strict && getPrototypeOf(left) !== getPrototypeOf(right)) return false;
  const tag = Object.prototype.toString.call(left);
  if (tag !== Object.prototype.toString.call(right)) return false;
  if (typeof left === 'function' || typeof right === 'function') return false;
  if (isArray(left) !== isArray(right)) return false;
  if (pairs.some(([a, b]) => a === left && b === right)) return true;
  const inner = [...pairs, [left, right]];
  if (!equalContents(left, right, strict, inner)) return false;
  return equalKeys(left, right, strict, inner);
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function equalContents(left, right, strict, pairs) {
  if (left instanceof Date) return right instanceof Date && is(left.getTime(), right.getTime());
  if (left instanceof RegExp)
    return right instanceof RegExp && String(left) === String(right) && left.lastIndex === right.lastIndex;
  if (left instanceof Error) {
    return (
      right instanceof Error &&
      left.message === right.message &&
      left.name === right.name &&
      equal(left.cause, right.cause, strict, pairs)
    );
  }
  for (const Wrapper of [Number, String, Boolean, BigInt, Symbol]) {
    if (left instanceof Wrapper) return right instanceof Wrapper && is(left.valueOf(), right.valueOf());
  }
  if (left instanceof ArrayBuffer || ArrayBuffer.isView(left)) return equalBytes(left, right, strict);
  if (left instanceof Set) return right instanceof Set && equalSets(left, right, strict, pairs);
  if (left instanceof Map) return right instanceof Map && equalMaps(left, right, strict, pairs);
  if (left instanceof Promise || left instanceof WeakMap || left instanceof WeakSet) return false;
  return !isArray(left) || left.length === right.length;
}

function equalBytes(left, right, strict) {
  const [a, b] = [left, right].map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
  if (a.byteLength !== b.byteLength || a.length !== b.length) return false;
  if (a instanceof DataView) return equalBytes(a.buffer, b.buffer, strict);
  for (let index = 0; index < a.length; index += 1) {
    const same = strict
      ? is(a[index], b[index])
      : a[index] === b[index] || (isNotANumber(a[index]) && isNotANumber(b[index]));
    if (!same) return false;
  }
  return true;
}

function equalSets(left, right, strict, pairs) {
  if (left.size !== right.size) return false;
  const rest = [...right].filter((item) => !left.has(item));
  for (const item of left) {
    if (right.has(item)) continue;
    const at = rest.findIndex((other) => equal(item, other, strict, pairs));
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.length === 0;
}

function equalMaps(left, right, strict, pairs) {
  if (left.size !== right.size) return false;
  const rest = [...right].filter(([key]) => !left.has(key));
  for (const [key, value] of left) {
    if (right.has(key)) {
      if (!equal(value, right.get(key), strict, pairs)) return false;
      continue;
    }
    const at = rest.findIndex(
      ([otherKey, other]) => equal(key, otherKey, strict, pairs) && equal(value, other, strict, pairs),
    );
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.length === 0;
}

function equalKeys(left, right, strict, pairs) {
  if (ArrayBuffer.isView(left)) return true;
  const keys = keysOf(left, strict);
  if (keys.length !== keysOf(right, strict).length) return false;
  for (const key of keys) {
    if (!Object.prototype.propertyIsEnumerable.call(right, key)) return false;
    if (!equal(left[key], right[key], strict, pairs)) return false;
  }
  return true;
}

function keysOf(value, strict) {
  const keys = Object.keys(value);
  if (!strict) return keys;
  const symbols = Object.getOwnPropertySymbols(value);
  return [...keys, ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))];
}
