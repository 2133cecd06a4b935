import { hashSizeBytes } from './merkle.js';
import { type NoteSigner, type NoteVerifier, openNote, signNote } from './signed-note.js';

/** An entry as a checkpoint names it. */
export interface CheckpointLine {
  readonly run: string;
  readonly seq: number;
  readonly hash: Buffer;
}

/**
 * A statement about the whole log: its size and root, and by name the entries that came since the checkpoint before.
 *
 * Naming them costs about 90 bytes an entry and lets a verifier say which entry was changed, also when everything
 * after it was rewritten.
 */
export interface Checkpoint {
  readonly size: number;
  readonly root: Buffer;
  readonly lines: readonly CheckpointLine[];
}

/** Writes and signs a checkpoint in the C2SP form; its extension lines are `run seq hash`. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  let text = `${signer.name}\n${checkpoint.size}\n${checkpoint.root.toString('base64')}\n`;
  for (const { run, seq, hash } of checkpoint.lines) text += `${run} ${seq} ${hash.toString('base64')}\n`;
  return signNote(text, signer);
}

/** Reads a signed checkpoint; undefined when it is malformed or not signed by this verifier. */
export function openCheckpoint(note: string, verifier: NoteVerifier): Checkpoint | undefined {
  const text = openNote(note, verifier);
  const [origin, size, root, ...rest] = text?.slice(0, -1).split('\n') ?? [];
  if (origin !== verifier.name || size === undefined || root === undefined) return undefined;
  const lines = parseLines(rest);
  const rootBytes = parseHash(root);
  if (lines === undefined || !isCount(size) || rootBytes === undefined) return undefined;
  return { size: Number(size), root: rootBytes, lines };
}

/** The entries that a checkpoint names, without a look at its signature: for a store's own checkpoints. */
export function readCheckpointLines(note: string): readonly CheckpointLine[] {
  const text = note.slice(0, note.lastIndexOf('\n\n'));
  return parseLines(text.split('\n').slice(3)) ?? [];
}

function parseLines(texts: readonly string[]): CheckpointLine[] | undefined {
  const lines: CheckpointLine[] = [];
  for (const line of texts) {
    const [run, seq, hash, ...extra] = line.split(' ');
    const bytes = parseHash(hash);
    if (run === undefined || bytes === undefined || extra.length > 0 || !isCount(seq)) return undefined;
    lines.push({ run, seq: Number(seq), hash: bytes });
  }
  return lines;
}

function parseHash(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length === hashSizeBytes ? bytes : undefined;
}

function isCount(text: string | undefined): boolean {
  return text !== undefined && /^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
