import { DurableError } from '../errors.js';
import { openCheckpoint } from '../journal/checkpoint.js';
import type { Journal } from '../journal/journal.js';
import type { RunRow } from '../journal/journal-reader.js';
import { joinMembers } from '../journal/payload.js';
import { type ConsistencyProof, openRunExport } from '../journal/run-export.js';
import { isClosed } from '../journal/run-summary.js';

/** Wraps the key of every sealed run with the current sealing key; resolves with how many there were. */
export async function rotateKeys(journal: Journal): Promise<number> {
  const appends: Promise<unknown>[] = [];
  for (const { runId, record } of journal.reader.sealedRuns()) {
    const dataKey = journal.keys.rewrap(runId);
    if (dataKey === undefined) continue;
    const guard = { kind: 'sealed', key: record.key ?? '' } as const;
    appends.push(journal.append([{ runId, kind: 'key-rewrapped', content: '{}', dataKey }], guard));
  }
  await Promise.all(appends);
  return appends.length;
}

/** Destroys the key of a closed run. Codes: `run-open`, `run-shredded` when there is no key. */
export async function shredRun(journal: Journal, { runId, record }: RunRow, identity?: string): Promise<void> {
  if (record.key === undefined) {
    const message = 'The run is not sealed, or its key was destroyed already.';
    throw new DurableError('run-shredded', message, { data: { runId } });
  }
  // Who did it must outlive the key: the only content of a sealed run that is not sealed.
  const content = joinMembers({ identity: identity === undefined ? undefined : JSON.stringify(identity) });
  await journal.append([{ runId, kind: 'run-shredded', content }], { kind: 'closed' });
  journal.scrub();
}

/** Takes a closed run over from another store and gives its id. Codes: `store-tampered`, `run-open`, `run-exists`. */
export async function importRun(journal: Journal, text: string, publicKey: string): Promise<string> {
  const opened = openRunExport(text, publicKey);
  if ('firstBad' in opened) {
    const { reason, run, seq } = opened.firstBad;
    throw new DurableError('store-tampered', `The exported run was changed: ${reason}`, { data: { run, seq } });
  }
  if (!isClosed(opened.record)) {
    throw new DurableError('run-open', 'The exported run is not closed: it may still go on where it comes from.');
  }
  await journal.import(opened);
  return opened.value.run;
}

/** Proves that an old checkpoint is the beginning of the journal. Code: `store-tampered` where it is not. */
export function proveConsistency(journal: Journal, oldCheckpoint: string): ConsistencyProof {
  const old = openCheckpoint(oldCheckpoint, journal.signer);
  const { tree, checkpoint } = journal.reader.tree();
  if (old === undefined || old.size > tree.size) {
    const message =
      'The checkpoint is not one of this journal, or the journal has lost entries since. Run the verification.';
    throw new DurableError('store-tampered', message);
  }
  const proof = tree.consistencyProof(old.size).map((hash) => hash.toString('base64'));
  return { newCheckpoint: checkpoint, proof };
}
