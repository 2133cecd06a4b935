import { ToolError } from '../errors.js';
import type { FileDiff } from './change.js';

/** The difference between two versions of a file as people read it. Both are text. */
export async function toFileDiff(path: string, before: Uint8Array, after: Uint8Array): Promise<FileDiff> {
  const { decodeSource, unifiedDiff } = await import('@trocar/code');
  const [left, right] = [decodeSource(before), decodeSource(after)];
  if (!left.ok || !right.ok) throw new ToolError('edit-refused', `${path} is not a text.`);
  const diff = unifiedDiff(left.text, right.text, { path });
  let added = 0;
  let removed = 0;
  // The first two lines are the file header.
  for (const line of diff.split('\n').slice(2)) {
    if (line.startsWith('+')) added += 1;
    if (line.startsWith('-')) removed += 1;
  }
  return { file: path, added, removed, diff };
}
