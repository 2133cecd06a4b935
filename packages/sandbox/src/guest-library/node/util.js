import types from 'node:util/types';
import { isDeepEqual } from 'trocar:deep-equal';
import { TextDecoder, TextEncoder } from 'trocar:encoding';
import { invalidArgument } from 'trocar:errors';
import { format, inspect } from 'trocar:inspect';

const customPromisify = Symbol.for('nodejs.util.promisify.custom');

/** Turns a function with a callback into one that returns a promise. */
export function promisify(original) {
  if (typeof original !== 'function') throw invalidArgument('original', 'of type function', original);
  if (typeof original[customPromisify] === 'function') return original[customPromisify];
  return function (...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, value) => (error ? reject(error) : resolve(value)));
    });
  };
}
promisify.custom = customPromisify;

/** Turns a function that returns a promise into one with a callback. */
export function callbackify(original) {
  return function (...args) {
    const callback = args.pop();
    original.apply(this, args).then(
      (value) => globalThis.process.nextTick(callback, null, value),
      (error) => globalThis.process.nextTick(callback, error ?? new Error('Promise was rejected with a falsy value')),
    );
  };
}

export function inherits(child, parent) {
  Object.defineProperty(child, 'super_', { value: parent, writable: true, configurable: true });
  Object.setPrototypeOf(child.prototype, parent.prototype);
}

export function deprecate(original) {
  return original;
}

export function debuglog() {
  return Object.assign(() => {}, { enabled: false });
}

export const debug = debuglog;
export const isDeepStrictEqual = (left, right) => isDeepEqual(left, right, true);
const escapeSequence = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[ -/]*[@-~]`, 'g');
export const stripVTControlCharacters = (text) => text.replace(escapeSequence, '');
export const toUSVString = (text) => String(text).toWellFormed();
export const formatWithOptions = (_options, ...args) => format(...args);
export const styleText = (_format, text) => text;
export const isArray = Array.isArray;

export function parseArgs({
  args = globalThis.process.argv.slice(2),
  options = {},
  strict = true,
  allowPositionals = !strict,
} = {}) {
  const values = Object.create(null);
  const positionals = [];
  const byShort = new Map(Object.entries(options).map(([name, option]) => [option.short, name]));
  for (const [name, option] of Object.entries(options)) if (option.default !== undefined) values[name] = option.default;
  const set = (name, value) => {
    if (options[name]?.multiple) values[name] = [...(Array.isArray(values[name]) ? values[name] : []), value];
    else values[name] = value;
  };
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index];
    if (argument === '--') {
      positionals.push(...args.slice(index + 1));
      break;
    }
    const match = /^(?:--([^=]+)(?:=([\s\S]*))?|-(\w)([\s\S]*))$/.exec(argument);
    if (match === null) {
      if (!allowPositionals)
        throw new TypeError(`Unexpected argument '${argument}'. This command does not take positional arguments`);
      positionals.push(argument);
      continue;
    }
    const name = match[1] ?? byShort.get(match[3]) ?? match[3];
    const option = options[name];
    if (option === undefined && strict) throw new TypeError(`Unknown option '${argument}'`);
    if (option?.type !== 'string') set(name, match[2] ?? true);
    else if (match[2] !== undefined) set(name, match[2]);
    else if (match[4]) set(name, match[4]);
    else {
      index += 1;
      if (args[index] === undefined) throw new TypeError(`Option '${argument} <value>' argument missing`);
      set(name, args[index]);
    }
  }
  return { values, positionals };
}

export { format, inspect, TextDecoder, TextEncoder, types };
export default {
  callbackify,
  debug,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  inherits,
  inspect,
  isArray,
  isDeepStrictEqual,
  parseArgs,
  promisify,
  stripVTControlCharacters,
  styleText,
  TextDecoder,
  TextEncoder,
  toUSVString,
  types,
};
