import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { DurableError } from '../errors.js';

const algorithm = 'aes-256-gcm';
const keySizeBytes = 32;
const nonceSizeBytes = 12;
const tagSizeBytes = 16;

/** A key that wraps the data keys of runs. */
export interface SealingKey {
  /** Names the key in the store; not secret. 1 to 100 letters, digits, `.`, `_` or `-`. */
  readonly id: string;
  /** 32 secret bytes. */
  readonly bytes: Uint8Array;
}

/** The keys that an engine seals and opens runs with. */
export interface SealingKeys {
  /** Wraps the data keys of new runs, and of all runs after `Engine.rotateKeys`. */
  readonly current: SealingKey;
  /** Still needed for runs that were sealed before a rotation. */
  readonly older?: readonly SealingKey[];
}

/** A new random key, to be kept by the caller: without it sealed runs are lost. */
export function createSealingKey(id: string): SealingKey {
  return { id, bytes: randomBytes(keySizeBytes) };
}

/** Writes a key as `id:base64`, for a file, an environment variable or a secret store. */
export function toSealingKeyText({ id, bytes }: SealingKey): string {
  return `${id}:${Buffer.from(bytes).toString('base64')}`;
}

/**
 * Reads what {@link toSealingKeyText} wrote.
 *
 * @throws {DurableError} `key-invalid`.
 */
export function parseSealingKey(text: string): SealingKey {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]{0,99}):([A-Za-z0-9+/]{43}=)$/.exec(text.trim());
  if (match === null)
    throw new DurableError('key-invalid', 'The sealing key is not an id, a colon and 32 bytes in base64.');
  return { id: match[1] as string, bytes: Buffer.from(match[2] as string, 'base64') };
}

/**
 * Reads a sealing key from a file that only its owner may read.
 *
 * @throws {DurableError} `key-missing`, `key-exposed`, `key-invalid`.
 */
export function readSealingKey(path: string): SealingKey {
  let text: string;
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
      throw new DurableError('key-exposed', 'Other users may read the sealing key. Run chmod 600 on it.');
    }
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof DurableError) throw error;
    throw new DurableError('key-missing', 'The sealing key cannot be read. Restore it or name another file.', {
      cause: error,
    });
  }
  return parseSealingKey(text);
}

/** Seals bytes with AES-256-GCM: nonce, ciphertext, tag. `context` is bound but not stored: it must be given again. */
export function sealBytes(key: Uint8Array, plain: Uint8Array | string, context: string): Buffer {
  const nonce = randomBytes(nonceSizeBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagSizeBytes });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const head = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  return Buffer.concat([nonce, head, cipher.final(), cipher.getAuthTag()]);
}

/** Opens what {@link sealBytes} made; undefined with another key or context, or when a bit was changed. */
export function openBytes(key: Uint8Array, sealed: Uint8Array, context: string): Buffer | undefined {
  if (sealed.length < nonceSizeBytes + tagSizeBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceSizeBytes), {
    authTagLength: tagSizeBytes,
  });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagSizeBytes));
  const plain = decipher.update(sealed.subarray(nonceSizeBytes, sealed.length - tagSizeBytes));
  try {
    return Buffer.concat([plain, decipher.final()]);
  } catch {
    return undefined;
  }
}
