const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
const isTag = (tag) => (value) => typeof value === 'object' && value !== null && tagOf(value) === tag;
const typedArrayTag = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

export const isPromise = (value) => value instanceof Promise;
export const isRegExp = (value) => value instanceof RegExp;
export const isDate = (value) => value instanceof Date;
export const isMap = (value) => value instanceof Map;
export const isSet = (value) => value instanceof Set;
export const isWeakMap = (value) => value instanceof WeakMap;
export const isWeakSet = (value) => value instanceof WeakSet;
export const isNativeError = (value) => value instanceof Error;
export const isArrayBuffer = (value) => value instanceof ArrayBuffer;
export const isAnyArrayBuffer = isArrayBuffer;
export const isArrayBufferView = ArrayBuffer.isView;
export const isDataView = (value) => value instanceof DataView;
export const isTypedArray = (value) => typedArrayTag.call(value) !== undefined;
export const isUint8Array = (value) => typedArrayTag.call(value) === 'Uint8Array';
export const isAsyncFunction = (value) => typeof value === 'function' && tagOf(value) === 'AsyncFunction';
export const isGeneratorFunction = (value) => typeof value === 'function' && /GeneratorFunction$/.test(tagOf(value));
export const isGeneratorObject = isTag('Generator');
export const isBoxedPrimitive = (value) =>
  [Number, String, Boolean, BigInt, Symbol].some((type) => value instanceof type);
export const isNumberObject = (value) => value instanceof Number;
export const isStringObject = (value) => value instanceof String;
export const isBooleanObject = (value) => value instanceof Boolean;
export const isSymbolObject = (value) => value instanceof Symbol;
export const isBigIntObject = (value) => value instanceof BigInt;

export default {
  isAnyArrayBuffer,
  isArrayBuffer,
  isArrayBufferView,
  isAsyncFunction,
  isBigIntObject,
  isBooleanObject,
  isBoxedPrimitive,
  isDataView,
  isDate,
  isGeneratorFunction,
  isGeneratorObject,
  isMap,
  isNativeError,
  isNumberObject,
  isPromise,
  isRegExp,
  isSet,
  isStringObject,
  isSymbolObject,
  isTypedArray,
  isUint8Array,
  isWeakMap,
  isWeakSet,
};
