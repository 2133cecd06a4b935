import { atob, btoa, decode, encode } from 'trocar:encoding';
import { invalidArgument, withCode } from 'trocar:errors';

const encodings = new Map([
  ['utf8', 'utf8'],
  ['utf-8', 'utf8'],
  ['hex', 'hex'],
  ['base64', 'base64'],
  ['base64url', 'base64url'],
  ['latin1', 'latin1'],
  ['binary', 'latin1'],
  ['ascii', 'ascii'],
  ['utf16le', 'utf16le'],
  ['utf-16le', 'utf16le'],
  ['ucs2', 'utf16le'],
  ['ucs-2', 'utf16le'],
]);

function toEncoding(name) {
  if (name === undefined || name === null) return 'utf8';
  const encoding = encodings.get(String(name).toLowerCase());
  if (encoding === undefined) throw withCode(new TypeError(`Unknown encoding: ${name}`), 'ERR_UNKNOWN_ENCODING');
  return encoding;
}

function wrap(bytes) {
  return new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export class Buffer extends Uint8Array {
  static poolSize = 8192;
  static from(value, second, third) {
    if (typeof value === 'string') return wrap(encode(value, toEncoding(second)));
    if (value instanceof ArrayBuffer) return new Buffer(value, second, third);
    if (ArrayBuffer.isView(value)) {
      const copy = Buffer.alloc(value.length);
      copy.set(value);
      return copy;
    }
    if (Array.isArray(value)) return wrap(Uint8Array.from(value, (item) => Number(item) & 255));
    if (value?.type === 'Buffer' && Array.isArray(value.data)) return Buffer.from(value.data);
    if (typeof value === 'object' && value !== null) {
      const primitive = value.valueOf();
      if (primitive !== value && primitive !== null) return Buffer.from(primitive, second, third);
      if (typeof value.length === 'number') return Buffer.from(Array.from(value));
    }
    throw invalidArgument(
      'first argument',
      'of type string or an instance of Buffer, ArrayBuffer, or Array or an Array-like Object',
      value,
    );
  }
  static alloc(size, fill, encoding) {
    if (typeof size !== 'number') throw invalidArgument('size', 'of type number', size);
    const buffer = new Buffer(size);
    return fill === undefined || fill === 0 ? buffer : buffer.fill(fill, encoding);
  }
  static allocUnsafe(size) {
    return Buffer.alloc(size);
  }
  static allocUnsafeSlow(size) {
    return Buffer.alloc(size);
  }
  static isBuffer(value) {
    return value instanceof Buffer;
  }
  static isEncoding(name) {
    return typeof name === 'string' && encodings.has(name.toLowerCase());
  }
  static byteLength(value, encoding) {
    return typeof value === 'string' ? encode(value, toEncoding(encoding)).length : value.byteLength;
  }
  static concat(list, total = list.reduce((sum, item) => sum + item.length, 0)) {
    const result = Buffer.alloc(total);
    let at = 0;
    for (const item of list) {
      const part = item.subarray(0, total - at);
      result.set(part, at);
      at += part.length;
    }
    return result;
  }
  static compare(left, right) {
    return Buffer.prototype.compare.call(left, right);
  }
  toString(encoding, start = 0, end = this.length) {
    return decode(this.subarray(start, end), toEncoding(encoding));
  }
  toLocaleString(encoding) {
    return this.toString(encoding);
  }
  toJSON() {
    return { type: 'Buffer', data: Array.from(this) };
  }
  equals(other) {
    return this.length === other.length && this.every((byte, index) => byte === other[index]);
  }
  compare(other) {
    const shared = Math.min(this.length, other.length);
    for (let index = 0; index < shared; index += 1)
      if (this[index] !== other[index]) return this[index] < other[index] ? -1 : 1;
    return Math.sign(this.length - other.length);
  }
  copy(target, targetStart = 0, start = 0, end = this.length) {
    const part = this.subarray(start, Math.min(end, start + target.length - targetStart));
    target.set(part, targetStart);
    return part.length;
  }
  write(text, offset = 0, length = this.length - offset, encoding = 'utf8') {
    if (typeof offset === 'string') return this.write(text, 0, this.length, offset);
    if (typeof length === 'string') return this.write(text, offset, this.length - offset, length);
    const bytes = encode(text, toEncoding(encoding)).subarray(0, Math.min(length, this.length - offset));
    this.set(bytes, offset);
    return bytes.length;
  }
  fill(value, ...rest) {
    const encoding = rest.find((item) => typeof item === 'string');
    const [start = 0, end = this.length] = rest.filter((item) => typeof item === 'number');
    const pattern =
      typeof value === 'number'
        ? [value & 255]
        : typeof value === 'string'
          ? encode(value, toEncoding(encoding))
          : value;
    for (let index = start; index < end; index += 1)
      this[index] = pattern.length === 0 ? 0 : pattern[(index - start) % pattern.length];
    return this;
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  subarray(start, end) {
    return wrap(super.subarray(start, end));
  }
  indexOf(value, from = 0, encoding = 'utf8') {
    if (typeof value === 'number') return super.indexOf(value & 255, from);
    const needle =
      typeof value === 'string' ? encode(value, toEncoding(typeof from === 'string' ? from : encoding)) : value;
    for (
      let at = typeof from === 'number' ? Math.max(0, from < 0 ? this.length + from : from) : 0;
      at + needle.length <= this.length;
      at += 1
    ) {
      let same = 0;
      while (same < needle.length && this[at + same] === needle[same]) same += 1;
      if (same === needle.length) return at;
    }
    return -1;
  }
  includes(value, from, encoding) {
    return this.indexOf(value, from, encoding) >= 0;
  }
  swap16() {
    for (let index = 0; index + 1 < this.length; index += 2)
      [this[index], this[index + 1]] = [this[index + 1], this[index]];
    return this;
  }
  readUIntBE(offset, length) {
    let value = 0;
    for (let index = 0; index < length; index += 1) value = value * 256 + this.#at(offset + index);
    return value;
  }
  readUIntLE(offset, length) {
    let value = 0;
    for (let index = length - 1; index >= 0; index -= 1) value = value * 256 + this.#at(offset + index);
    return value;
  }
  writeUIntBE(value, offset, length) {
    for (let index = length - 1, rest = value; index >= 0; index -= 1, rest = Math.floor(rest / 256))
      this[this.#inside(offset + index)] = rest & 255;
    return offset + length;
  }
  writeUIntLE(value, offset, length) {
    for (let index = 0, rest = value; index < length; index += 1, rest = Math.floor(rest / 256))
      this[this.#inside(offset + index)] = rest & 255;
    return offset + length;
  }
  #at(offset) {
    return this[this.#inside(offset)];
  }
  #inside(offset) {
    if (offset < 0 || offset >= this.length)
      throw withCode(new RangeError(`The value of "offset" is out of range. Received ${offset}`), 'ERR_OUT_OF_RANGE');
    return offset;
  }
  static {
    // readInt8 … writeDoubleLE, all by way of a DataView.
    const kinds = {
      UInt8: 1,
      Int8: 1,
      UInt16: 2,
      Int16: 2,
      UInt32: 4,
      Int32: 4,
      Float: 4,
      Double: 8,
      BigInt64: 8,
      BigUInt64: 8,
    };
    const viewNames = {
      UInt8: 'Uint8',
      UInt16: 'Uint16',
      UInt32: 'Uint32',
      Float: 'Float32',
      Double: 'Float64',
      BigUInt64: 'BigUint64',
    };
    const define = (name, value) =>
      Object.defineProperty(Buffer.prototype, name, { value, writable: true, configurable: true });
    for (const [kind, size] of Object.entries(kinds)) {
      const view = viewNames[kind] ?? kind;
      for (const order of size === 1 ? [''] : ['LE', 'BE']) {
        const read = function (offset = 0) {
          this.#inside(offset + size - 1);
          return new DataView(this.buffer, this.byteOffset, this.byteLength)[`get${view}`](
            this.#inside(offset),
            order === 'LE',
          );
        };
        const write = function (value, offset = 0) {
          this.#inside(offset + size - 1);
          new DataView(this.buffer, this.byteOffset, this.byteLength)[`set${view}`](
            this.#inside(offset),
            value,
            order === 'LE',
          );
          return offset + size;
        };
        define(`read${kind}${order}`, read);
        define(`write${kind}${order}`, write);
        define(`read${kind.replace('UInt', 'Uint')}${order}`, read);
        define(`write${kind.replace('UInt', 'Uint')}${order}`, write);
      }
    }
  }
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = Array.from(this.subarray(0, 50), (byte) => byte.toString(16).padStart(2, '0'));
    const more = this.length > 50 ? ` ... ${this.length - 50} more bytes` : '';
    return `<Buffer${shown.length > 0 ? ' ' : ''}${shown.join(' ')}${more}>`;
  }
}

export const constants = { MAX_LENGTH: 2 ** 31 - 1, MAX_STRING_LENGTH: 2 ** 29 - 24 };
export const kMaxLength = constants.MAX_LENGTH;
export { atob, btoa };
export default { atob, btoa, Buffer, constants, kMaxLength };
