import { withCode } from 'trocar:errors';
import { call } from 'trocar:host';

const names = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['unicode-1-1-utf-8', 'utf-8'],
  ['utf-16le', 'utf-16le'],
  ['utf-16', 'utf-16le'],
  ['latin1', 'windows-1252'],
  ['iso-8859-1', 'windows-1252'],
  ['ascii', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
]);

/** The bytes of a text in one of Node's encodings. */
export function encode(text, encoding) {
  return new Uint8Array(call('text.encode', [String(text).toWellFormed(), encoding]));
}

/** The text that bytes mean in one of Node's encodings. */
export function decode(bytes, encoding) {
  return call('text.decode', { encoding }, bytes);
}

export class TextEncoder {
  get encoding() {
    return 'utf-8';
  }
  encode(text = '') {
    return encode(text, 'utf8');
  }
  encodeInto(text, target) {
    let read = 0;
    let written = 0;
    for (const character of text) {
      const bytes = encode(character, 'utf8');
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}

export class TextDecoder {
  #kept = new Uint8Array(0);
  constructor(label = 'utf-8', options = {}) {
    const encoding = names.get(String(label).trim().toLowerCase());
    if (encoding === undefined)
      throw withCode(new RangeError(`The "${label}" encoding is not supported`), 'ERR_ENCODING_NOT_SUPPORTED');
    this.encoding = encoding;
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
  }
  decode(input, options = {}) {
    const fresh =
      input === undefined
        ? new Uint8Array(0)
        : input instanceof ArrayBuffer
          ? new Uint8Array(input)
          : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    const all = new Uint8Array(this.#kept.length + fresh.length);
    all.set(this.#kept);
    all.set(fresh, this.#kept.length);
    const usable = options.stream === true ? all.length - this.#unfinished(all) : all.length;
    this.#kept = all.slice(usable);
    try {
      return call(
        'text.decode',
        { encoding: this.encoding, fatal: this.fatal, ignoreBOM: this.ignoreBOM },
        all.slice(0, usable),
      );
    } catch {
      throw withCode(
        new TypeError(`The encoded data was not valid for encoding ${this.encoding}`),
        'ERR_ENCODING_INVALID_ENCODED_DATA',
      );
    }
  }
  /** How many bytes at the end belong to a character that is not complete yet. */
  #unfinished(bytes) {
    if (this.encoding === 'utf-16le') return bytes.length % 2;
    if (this.encoding !== 'utf-8') return 0;
    for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
      const byte = bytes[bytes.length - back];
      if ((byte & 0xc0) === 0x80) continue;
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      return needed > back ? back : 0;
    }
    return 0;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function btoa(text) {
  const value = String(text);
  if ([...value].some((character) => character.codePointAt(0) > 255)) throw new Error('Invalid character');
  return call('text.decode', { encoding: 'base64' }, encode(value, 'latin1'));
}

export function atob(text) {
  const value = String(text)
    .replace(/[\t\n\f\r ]/g, '')
    .replace(/={1,2}$/, '');
  if (value.length % 4 === 1 || [...value].some((character) => !alphabet.includes(character))) {
    throw new Error('The string to be decoded is not correctly encoded.');
  }
  return decode(encode(value, 'base64'), 'latin1');
}
