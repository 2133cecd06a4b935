import { TrocarError } from './errors.js';

const maximumDepth = 256;

/**
 * Writes `value` in the JSON Canonicalization Scheme (RFC 8785): keys sorted by UTF-16 code units, no white space,
 * numbers as ECMAScript prints them. Equal values give equal text on every machine.
 *
 * Keys whose value is `undefined` are left out.
 *
 * @throws {TrocarError} `not-json` for anything JSON cannot carry: a number that is not finite, a lone surrogate, a
 * function, a symbol, a bigint, an object that is neither plain nor an array, or more than 256 levels.
 */
export function toCanonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > maximumDepth) throw notJson(`more than ${maximumDepth} levels of nesting`);
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw notJson(`the number ${value}`);
      return JSON.stringify(value);
    case 'string':
      if (!value.isWellFormed()) throw notJson('a string with a lone surrogate');
      return JSON.stringify(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    default:
      throw notJson(`a value of type ${typeof value}`);
  }
}

function writeArray(values: readonly unknown[], depth: number): string {
  const parts: string[] = [];
  for (const value of values) parts.push(write(value, depth + 1));
  return `[${parts.join(',')}]`;
}

function writeObject(value: object, depth: number): string {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson('an object that is not plain');
  const record = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) parts.push(`${write(key, depth)}:${write(member, depth + 1)}`);
  }
  return `{${parts.join(',')}}`;
}

function notJson(what: string): TrocarError<'not-json'> {
  return new TrocarError('not-json', `JSON cannot carry ${what}.`);
}
