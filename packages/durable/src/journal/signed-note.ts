import { createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { DurableError } from '../errors.js';

// Signed notes and verifier keys as the C2SP specification `signed-note` has them; Ed25519 is signature type 1.
const ed25519Type = 1;
const publicKeySizeBytes = 32;
// The fixed head of the DER form (RFC 8410) before the 32 bytes of an Ed25519 public key.
const publicKeyHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Who may sign notes: a name and an Ed25519 public key. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: Buffer;
  readonly key: KeyObject;
}

/** A verifier together with its private key. */
export interface NoteSigner extends NoteVerifier {
  readonly privateKey: KeyObject;
}

/** The verifier for a name and an Ed25519 public key. */
export function createNoteVerifier(name: string, key: KeyObject): NoteVerifier {
  const preimage = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ed25519Type]), toRawPublicKey(key)]);
  return { name, keyId: hash('sha256', preimage, 'buffer').subarray(0, 4), key };
}

/** The 32 bytes of an Ed25519 public key. */
export function toRawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(publicKeyHead.length);
}

/** Writes a verifier key: `name+keyid+key`, the form in which public keys are handed out. */
export function toVerifierKey({ name, keyId, key }: NoteVerifier): string {
  const encoded = Buffer.concat([Buffer.from([ed25519Type]), toRawPublicKey(key)]).toString('base64');
  return `${name}+${keyId.toString('hex')}+${encoded}`;
}

/**
 * Reads a verifier key.
 *
 * @throws {DurableError} `key-invalid` when it is malformed or its id does not fit its key.
 */
export function parseVerifierKey(text: string): NoteVerifier {
  const match = /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text.trim());
  const bytes = Buffer.from(match?.[3] ?? '', 'base64');
  if (match === null || bytes.length !== 1 + publicKeySizeBytes || bytes[0] !== ed25519Type) throw invalidKey();
  const der = Buffer.concat([publicKeyHead, bytes.subarray(1)]);
  const verifier = createNoteVerifier(match[1] as string, createPublicKey({ key: der, format: 'der', type: 'spki' }));
  if (verifier.keyId.toString('hex') !== match[2]) throw invalidKey();
  return verifier;
}

function invalidKey(): DurableError {
  const form = 'name, plus sign, 8 hexadecimal digits, plus sign, base64';
  return new DurableError('key-invalid', `The public key is not in the C2SP verifier form (${form}).`);
}

/** Signs a text, which must end with a line feed. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = Buffer.concat([signer.keyId, sign(null, Buffer.from(text, 'utf8'), signer.privateKey)]);
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`;
}

/** The text of a note that carries exactly one signature, this verifier's, in its one canonical form; else undefined. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return undefined;
  const text = note.slice(0, end + 1);
  const prefix = `— ${verifier.name} `;
  const line = note.slice(end + 2);
  if (!line.startsWith(prefix) || !line.endsWith('\n')) return undefined;
  const encoded = line.slice(prefix.length, -1);
  const signature = Buffer.from(encoded, 'base64');
  // Base64 has spare bits and lenient readers: only the form that would be written is accepted.
  if (signature.toString('base64') !== encoded || !signature.subarray(0, 4).equals(verifier.keyId)) return undefined;
  return verify(null, Buffer.from(text, 'utf8'), verifier.key, signature.subarray(4)) ? text : undefined;
}
