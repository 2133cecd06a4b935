import { join } from 'node:path';

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
