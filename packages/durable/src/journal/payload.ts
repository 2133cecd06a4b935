import { type Digest, digestBytes, isTrocarError, type JsonValue, toCanonicalJson } from '@trocar/core';
import { DurableError } from '../errors.js';

/** A JSON value in its canonical form, written once for its digest, its entry and its reader. */
export interface Payload {
  readonly text: string;
  readonly digest: Digest;
}

// Entries wrap payloads in a few objects, and canonical JSON bounds the nesting of the whole: room is kept for them.
const room = 8;

/**
 * Writes a value as a payload.
 *
 * @throws {DurableError} `not-json` for what JSON cannot carry, `payload-too-large` above `maxSizeBytes`.
 */
export function toPayload(value: unknown, maxSizeBytes: number): Payload {
  let wrapped: unknown = value;
  for (let level = 0; level < room; level += 1) wrapped = [wrapped];
  let text: string;
  try {
    text = toCanonicalJson(wrapped).slice(room, -room);
  } catch (error) {
    if (isTrocarError(error)) throw new DurableError('not-json', error.message, { cause: error });
    throw error;
  }
  const sizeBytes = Buffer.byteLength(text, 'utf8');
  if (sizeBytes > maxSizeBytes) {
    const advice = 'Put the bytes into the blob store and hand on their digest.';
    const message = `A payload of ${sizeBytes} bytes is above the limit of ${maxSizeBytes}. ${advice}`;
    throw new DurableError('payload-too-large', message, { data: { sizeBytes, maxSizeBytes } });
  }
  return { text, digest: digestBytes(text) };
}

/** Payloads larger than this are kept as blobs, once, with only their digest in the entry. */
const inlineLimit = 16_384;

/** The payload members that an entry's content may have. */
export const payloadNames = ['input', 'output', 'payload', 'blobs'] as const;

/** A member of an entry's content whose value is a payload. */
export type PayloadName = (typeof payloadNames)[number];

/** Writes an object in canonical form whose members' values are canonical JSON texts already; undefined is left out. */
export function joinMembers(members: Readonly<Record<string, string | undefined>>): string {
  const parts: string[] = [];
  for (const name of Object.keys(members).sort()) {
    if (members[name] !== undefined) parts.push(`"${name}":${members[name]}`);
  }
  return `{${parts.join(',')}}`;
}

/** The members that carry a payload in an entry; a large one goes to `keep` and is only named. */
export function payloadMembers(
  name: PayloadName,
  { text, digest }: Payload,
  keep: (text: string) => Digest,
): Readonly<Record<string, string>> {
  const members = { [`${name}Digest`]: `"${digest}"` };
  if (text.length <= inlineLimit) return { ...members, [name]: text };
  return { ...members, [`${name}Blob`]: `"${keep(text)}"` };
}

/** The value of a payload that an entry carries or names. */
export function readPayload(
  name: PayloadName,
  content: { readonly [member: string]: JsonValue | undefined },
  read: (digest: Digest) => Uint8Array,
): JsonValue {
  const blob = content[`${name}Blob`];
  if (blob === undefined) return content[name] ?? null;
  return JSON.parse(Buffer.from(read(blob as Digest)).toString('utf8')) as JsonValue;
}
