import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The SQLite file of the journal. */
export function journalPath(home: string): string {
  return join(home, 'journal.db');
}

/** Where signed checkpoints are kept besides the journal. */
export function witnessPath(home: string): string {
  return join(home, 'checkpoints.log');
}

/** Where the copies of files are kept that a run changed. */
export function undoFolder(home: string, run: string): string {
  return join(home, 'undo', run);
}

/** Makes an empty file that only its owner can read, where there is none yet. */
export async function makePrivateFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await (await open(path, 'a', 0o600)).close();
}
