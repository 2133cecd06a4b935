import { type Digest, digestBytes } from '@trocar/core';
import { decodeSource } from '../source/decode-source.js';
import { encodeSource } from './encode-source.js';
import { applyTextEdits, type EditProblem, type TextEdit } from './text-edit.js';

/** A file's bytes after edits, or why there are none. */
export type EditedBytes =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly digest: Digest }
  | { readonly ok: false; readonly problem: EditProblem };

/**
 * Applies edits to a file's bytes. Everything outside the edited spans, a byte order mark and every line end included,
 * stays byte for byte what it was.
 *
 * @param baseDigest digest of the bytes the edits were made for; another one is the problem `base-changed`.
 */
export function applyEdits(source: Uint8Array, baseDigest: Digest, edits: readonly TextEdit[]): EditedBytes {
  if (digestBytes(source) !== baseDigest) {
    return refuse({
      code: 'base-changed',
      message: 'The file is not the one that these edits were made for. Read it again.',
    });
  }
  const decoded = decodeSource(source);
  if (!decoded.ok)
    return refuse({ code: 'not-text', message: `The file cannot be edited as text: ${decoded.reason}.` });
  const edited = applyTextEdits(decoded.text, edits);
  if (!edited.ok) return refuse(edited.problem);
  const bytes = encodeSource(edited.text, decoded.hasBom);
  return { ok: true, bytes, digest: digestBytes(bytes) };
}

function refuse(problem: EditProblem): EditedBytes {
  return { ok: false, problem };
}
