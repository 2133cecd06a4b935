import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalVerdict } from '@trocar/durable';
import { PortError } from './errors.js';
import { journalPath, witnessPath } from './state-folder.js';

/**
 * Checks the journal in `home`, or one run of it, with nothing but the public key; no private key is touched.
 *
 * @throws {PortError} `no-journal` where there is none yet.
 */
export async function verifyRecord(home: string, run?: string): Promise<JournalVerdict> {
  const { verifyJournal } = await import('@trocar/durable');
  return verifyJournal({
    path: journalPath(home),
    publicKey: await readPublicKey(home),
    witnessPath: witnessPath(home),
    ...(run !== undefined && { run }),
  });
}

async function readPublicKey(home: string): Promise<string> {
  try {
    return (await readFile(join(home, 'journal-key.pub'), 'utf8')).trim();
  } catch (cause) {
    throw new PortError('no-journal', `There is no journal with a public key in ${home}. Run trocar operate first.`, {
      cause,
    });
  }
}
