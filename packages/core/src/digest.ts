import { createHash, timingSafeEqual } from 'node:crypto';
import { toCanonicalJson } from './canonical-json.js';

/** A SHA-256 digest in the form `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** The digest of bytes, or of a string's UTF-8 form. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The digest of a JSON value in its canonical form (RFC 8785). Throws what {@link toCanonicalJson} throws. */
export function digestJson(value: unknown): Digest {
  return digestBytes(toCanonicalJson(value));
}

/** Whether `value` has the form of a {@link Digest}. */
export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** Compares two strings without revealing by its duration where they differ. */
export function isEqualInConstantTime(left: string, right: string): boolean {
  const digestOf = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digestOf(left), digestOf(right));
}
