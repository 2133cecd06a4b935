import { Buffer } from 'node:buffer';
import { invalidArgument, withCode } from 'trocar:errors';
import { call } from 'trocar:host';

const algorithms = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const toBytes = (data, encoding) =>
  typeof data === 'string'
    ? Buffer.from(data, encoding)
    : Buffer.from(data.buffer ?? data, data.byteOffset, data.byteLength);

class Digest {
  #chunks = [];
  #done = false;
  constructor(algorithm, key) {
    this.algorithm = String(algorithm).toLowerCase().replace('-', '');
    this.key = key;
    if (!algorithms.includes(this.algorithm))
      throw withCode(new Error('Digest method not supported'), 'ERR_CRYPTO_INVALID_DIGEST');
  }
  update(data, encoding) {
    if (this.#done) throw withCode(new Error('Digest already called'), 'ERR_CRYPTO_HASH_FINALIZED');
    if (typeof data !== 'string' && !ArrayBuffer.isView(data))
      throw invalidArgument('data', 'of type string or an instance of Buffer, TypedArray, or DataView', data);
    this.#chunks.push(toBytes(data, encoding));
    return this;
  }
  digest(encoding) {
    if (this.#done) throw withCode(new Error('Digest already called'), 'ERR_CRYPTO_HASH_FINALIZED');
    this.#done = true;
    const result = Buffer.from(
      call('hash', { algorithm: this.algorithm, key: this.key?.toString('hex') }, Buffer.concat(this.#chunks)),
    );
    return encoding === undefined || encoding === 'buffer' ? result : result.toString(encoding);
  }
}

export const createHash = (algorithm) => new Digest(algorithm, undefined);
export const createHmac = (algorithm, key) => new Digest(algorithm, toBytes(key));
export const hash = (algorithm, data, encoding = 'hex') => createHash(algorithm).update(data).digest(encoding);
export const getHashes = () => [...algorithms];

/** Bytes from the sandbox's generator: repeatable, so that equal runs stay equal. Good for tests, not for keys. */
export function randomBytes(size, callback) {
  const bytes = Buffer.from(call('random', size));
  if (callback === undefined) return bytes;
  globalThis.setImmediate(callback, null, bytes);
  return undefined;
}

export function randomFillSync(target) {
  new Uint8Array(target.buffer ?? target, target.byteOffset ?? 0, target.byteLength).set(
    randomBytes(target.byteLength),
  );
  return target;
}

export function randomInt(first, second, third) {
  const [low, high, callback] = typeof second === 'number' ? [first, second, third] : [0, first, second];
  if (!(high > low)) throw withCode(new RangeError('The value of "max" is out of range.'), 'ERR_OUT_OF_RANGE');
  const value = low + Math.floor((randomBytes(6).readUIntBE(0, 6) / 2 ** 48) * (high - low));
  if (callback === undefined) return value;
  globalThis.setImmediate(callback, null, value);
  return undefined;
}

export function randomUUID() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function timingSafeEqual(left, right) {
  if (left.byteLength !== right.byteLength)
    throw withCode(
      new RangeError('Input buffers must have the same byte length'),
      'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
    );
  let difference = 0;
  for (let index = 0; index < left.byteLength; index += 1) difference |= left[index] ^ right[index];
  return difference === 0;
}

export const webcrypto = {
  getRandomValues: randomFillSync,
  randomUUID,
  subtle: {
    async digest(algorithm, data) {
      const bytes = createHash(algorithm.name ?? algorithm)
        .update(toBytes(data))
        .digest();
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    },
  },
};
export const { getRandomValues, subtle } = webcrypto;
export default {
  createHash,
  createHmac,
  getHashes,
  getRandomValues,
  hash,
  randomBytes,
  randomFillSync,
  randomInt,
  randomUUID,
  subtle,
  timingSafeEqual,
  webcrypto,
};
