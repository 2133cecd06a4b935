import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DurableError } from '../errors.js';
import { createNoteVerifier, type NoteSigner, toRawPublicKey, toVerifierKey } from './signed-note.js';

const privateName = 'journal-key.pem';
const publicName = 'journal-key.pub';

/**
 * Reads the journal's signing key from `folder`, or makes one where `mayCreate` allows it.
 *
 * The public half is written beside it as `journal-key.pub`, for handing out.
 *
 * @throws {DurableError} `key-missing`, `key-exposed` when others may read it, `key-invalid`.
 */
export function openSigningKey(folder: string, mayCreate: boolean): NoteSigner {
  const path = join(folder, privateName);
  const existing = readKeyFile(path);
  if (existing !== undefined) return toSigner(parseKey(existing));
  if (!mayCreate) {
    const message = `The store has entries but its signing key ${privateName} is gone. Restore the key, or start a new store.`;
    throw new DurableError('key-missing', message);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  if (!writeOnce(path, pem, 0o600)) return toSigner(parseKey(readKeyFile(path) ?? ''));
  const signer = toSigner(privateKey);
  rmSync(join(folder, publicName), { force: true });
  writeOnce(join(folder, publicName), `${toVerifierKey(signer)}\n`, 0o644);
  return signer;
}

function readKeyFile(path: string): string | undefined {
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new DurableError('key-exposed', `Other users may read ${privateName}. Run chmod 600 on it.`);
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof DurableError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new DurableError('key-invalid', 'The signing key cannot be read. Check its permissions.', { cause: error });
  }
}

/** Writes a file whole or not at all; false when it exists, as when another process was faster. */
function writeOnce(path: string, text: string, mode: number): boolean {
  const draft = `${path}.${randomUUID()}`;
  const descriptor = openSync(draft, 'wx', mode);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    closeSync(descriptor);
    rmSync(draft, { force: true });
  }
}

function parseKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Neither the text nor OpenSSL's opinion of it belongs into an error.
  }
  throw new DurableError('key-invalid', `${privateName} holds no Ed25519 private key. Restore it from a backup.`);
}

function toSigner(privateKey: KeyObject): NoteSigner {
  const key = createPublicKey(privateKey);
  // The name is the key's own fingerprint: a checkpoint of one journal can never pass for one of another.
  const name = `trocar-journal/${hash('sha256', toRawPublicKey(key)).slice(0, 16)}`;
  return { ...createNoteVerifier(name, key), privateKey };
}
