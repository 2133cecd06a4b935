import type { FileContext } from '../../outline/file-context.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { preferredQuote } from './expressions.js';

/** Constant text and holes as a Python f-string; undefined where a value's own quotes would end it. */
export function writeFormatString(
  file: FileContext,
  pieces: readonly Piece[],
  parts: readonly (string | number)[],
): string | undefined {
  const textOf = (part: number) => file.tree.textOf((pieces[part] as HolePiece).node);
  const values = parts.filter((part): part is number => typeof part === 'number').map(textOf);
  const preferred = preferredQuote(file);
  const mark = [preferred, preferred === '"' ? "'" : '"'].find((candidate) =>
    values.every((value) => !value.includes(candidate)),
  );
  if (mark === undefined || values.some((value) => /[\\\n{}!:]|^\s*lambda\b/.test(value))) return undefined;
  const body = parts.map((part) => {
    if (typeof part === 'number') return `{${textOf(part)}}`;
    const escaped = JSON.stringify(part).slice(1, -1).replace(/\\"/g, '"').replaceAll(mark, `\\${mark}`);
    return escaped.replace(/[{}]/g, '$&$&');
  });
  return `f${mark}${body.join('')}${mark}`;
}
