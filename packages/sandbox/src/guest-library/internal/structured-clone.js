import { DOMException } from 'trocar:web-events';

const errorTypes = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };

/** A deep copy by the rules of the HTML standard, for the types that this world has. */
export function structuredClone(value) {
  return clone(value, new Map());
}

function clone(value, seen) {
  if (typeof value === 'symbol' || typeof value === 'function') throw refuse(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (copy) => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof Boolean || value instanceof Number || value instanceof String)
    return keep(Object(value.valueOf()));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = clone(value.buffer, seen);
    if (value instanceof DataView) return keep(new DataView(buffer, value.byteOffset, value.byteLength));
    const View = [
      Int8Array,
      Uint8ClampedArray,
      Int16Array,
      Uint16Array,
      Int32Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ].find((type) => value instanceof type);
    return keep(new (View ?? Uint8Array)(buffer, value.byteOffset, value.length));
  }
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of [...value]) copy.set(clone(key, seen), clone(item, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of [...value]) copy.add(clone(item, seen));
    return copy;
  }
  if (value instanceof Error) {
    const copy = keep(new (errorTypes[value.name] ?? Error)(value.message));
    if (value.cause !== undefined) copy.cause = clone(value.cause, seen);
    Object.defineProperty(copy, 'stack', { value: value.stack, configurable: true, writable: true });
    return copy;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
    throw refuse(value);
  const copy = keep(Array.isArray(value) ? new Array(value.length) : {});
  for (const key of Object.keys(value)) copy[key] = clone(value[key], seen);
  return copy;
}

function refuse(value) {
  const what = typeof value === 'symbol' ? value.toString() : typeof value === 'function' ? String(value) : '#<Object>';
  return new DOMException(`${what} could not be cloned.`, 'DataCloneError');
}
