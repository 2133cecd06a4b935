import { withCode } from 'trocar:errors';
import { call } from 'trocar:host';

const parts = ['protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

/** The WHATWG URL. Parsing and setting is done by the host, which has the standard's algorithm at hand. */
export class URL {
  #fields;
  #query;
  constructor(input, base) {
    const fields = call('url.parse', base === undefined ? [String(input)] : [String(input), String(base)]);
    if (fields === null) {
      const error = withCode(new TypeError('Invalid URL'), 'ERR_INVALID_URL');
      error.input = String(input);
      throw error;
    }
    this.#fields = fields;
  }
  static canParse(input, base) {
    return call('url.parse', base === undefined ? [String(input)] : [String(input), String(base)]) !== null;
  }
  static parse(input, base) {
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }
  get href() {
    return this.#fields.href;
  }
  set href(value) {
    this.#fields = new URL(value).#fields;
    this.#refresh();
  }
  get origin() {
    return this.#fields.origin;
  }
  get searchParams() {
    this.#query ??= new URLSearchParams(this.#fields.search, (text) => this.#set('search', text));
    return this.#query;
  }
  static {
    for (const part of parts) {
      Object.defineProperty(URL.prototype, part, {
        configurable: true,
        enumerable: true,
        get() {
          return this.#fields[part];
        },
        set(value) {
          this.#set(part, String(value));
          this.#refresh();
        },
      });
    }
  }
  #set(part, value) {
    this.#fields = call('url.set', [this.#fields.href, part, value]);
  }
  #refresh() {
    this.#query?.[replace](this.#fields.search);
  }
  toString() {
    return this.#fields.href;
  }
  toJSON() {
    return this.#fields.href;
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, _options, inspect) {
    const shown = { href: this.href, origin: this.origin };
    for (const part of parts) shown[part] = this[part];
    return `URL ${inspect({ ...shown, searchParams: this.searchParams })}`;
  }
}

const replace = Symbol('replace');

export class URLSearchParams {
  #pairs = [];
  #changed;
  constructor(init = '', changed = () => {}) {
    this.#changed = changed;
    if (typeof init === 'string') this[replace](init);
    else if (typeof init[Symbol.iterator] === 'function')
      for (const [key, value] of init) this.#pairs.push([String(key), String(value)]);
    else for (const key of Object.keys(init)) this.#pairs.push([key, String(init[key])]);
  }
  [replace](text) {
    this.#pairs = call('url.query', String(text));
  }
  #change(pairs) {
    this.#pairs = pairs;
    this.#changed(this.toString());
  }
  get size() {
    return this.#pairs.length;
  }
  append(name, value) {
    this.#change([...this.#pairs, [String(name), String(value)]]);
  }
  delete(name, value) {
    this.#change(
      this.#pairs.filter(([key, item]) => key !== String(name) || (value !== undefined && item !== String(value))),
    );
  }
  get(name) {
    return this.#pairs.find(([key]) => key === String(name))?.[1] ?? null;
  }
  getAll(name) {
    return this.#pairs.filter(([key]) => key === String(name)).map(([, value]) => value);
  }
  has(name, value) {
    return this.#pairs.some(([key, item]) => key === String(name) && (value === undefined || item === String(value)));
  }
  set(name, value) {
    const at = this.#pairs.findIndex(([key]) => key === String(name));
    if (at < 0) return this.append(name, value);
    this.#change(
      this.#pairs
        .filter(([key], index) => key !== String(name) || index === at)
        .map((pair, index) => (index === at ? [pair[0], String(value)] : pair)),
    );
  }
  sort() {
    this.#change(this.#pairs.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
  }
  forEach(callback, receiver) {
    for (const [key, value] of this.#pairs) callback.call(receiver, value, key, this);
  }
  *entries() {
    for (const [key, value] of this.#pairs) yield [key, value];
  }
  *keys() {
    for (const [key] of this.#pairs) yield key;
  }
  *values() {
    for (const [, value] of this.#pairs) yield value;
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  toString() {
    return call('url.serialize', this.#pairs);
  }
  [Symbol.for('nodejs.util.inspect.custom')](_depth, _options, inspect) {
    return `URLSearchParams ${inspect(Object.fromEntries(this.#pairs))}`;
  }
}
