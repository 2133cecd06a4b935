import type { TextEdit } from '../edit/text-edit.js';
import type { FileContext } from '../outline/file-context.js';
import { type Refusal, refuse } from './remedy.js';
import type { SqlSlot } from './sql-slots.js';
import { type HolePiece, offsetInSource, type Piece, type TextPiece } from './string-pieces.js';
import { isEscaped, mayBeSqlFragment } from './value-risks.js';

/**
 * The edits that put a placeholder in the place of each slot and leave the rest of the text as it is written; undefined
 * where a quote to be removed is written with escapes, so that its place in the source is not known.
 */
export function replaceSlots(
  source: string,
  pieces: readonly Piece[],
  slots: readonly SqlSlot[],
  placeholderOf: (slot: SqlSlot, position: number) => string,
): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  for (const [position, slot] of slots.entries()) {
    const placeholder = placeholderOf(slot, position);
    const edit =
      slot.quotes === undefined
        ? replaceHole(source, pieces, slot, placeholder)
        : replaceQuoted(source, pieces, slot, placeholder);
    if (edit === undefined) return undefined;
    edits.push(...edit);
  }
  return edits;
}

/** Refuses values that were escaped before, and bare ones that may be more than a value: bound, they would change. */
export function refuseRisk(
  file: FileContext,
  pieces: readonly Piece[],
  slots: readonly SqlSlot[],
): Refusal | undefined {
  for (const { parts, quotes } of slots) {
    for (const part of parts) {
      if (typeof part === 'string') continue;
      const { node } = pieces[part] as HolePiece;
      const code = file.tree.textOf(node);
      if (isEscaped(file, node))
        return refuse('unsupported-shape', `${code} is escaped already, so bound it would be another value.`);
      if (quotes === undefined && mayBeSqlFragment(file, node)) {
        return refuse(
          'unsupported-shape',
          `${code} may hold a keyword, a list or quotes of its own, which cannot be bound.`,
        );
      }
    }
  }
  return undefined;
}

function replaceHole(
  source: string,
  pieces: readonly Piece[],
  slot: SqlSlot,
  placeholder: string,
): TextEdit[] | undefined {
  const hole = pieces[slot.first] as HolePiece;
  if (hole.isInLiteral) return [{ start: hole.outerStart, end: hole.outerEnd, text: placeholder }];
  const left = pieces[slot.first - 1];
  const right = pieces[slot.first + 1];
  if (left?.kind !== 'text') return undefined;
  return joinOperands(
    source,
    { left, from: left.end, hole, right: right?.kind === 'text' ? right : undefined, rightFrom: 0 },
    placeholder,
  );
}

function replaceQuoted(
  source: string,
  pieces: readonly Piece[],
  slot: SqlSlot,
  placeholder: string,
): TextEdit[] | undefined {
  const quotes = slot.quotes as NonNullable<SqlSlot['quotes']>;
  const left = pieces[quotes.openPiece];
  const right = pieces[quotes.closePiece];
  if (left?.kind !== 'text' || right?.kind !== 'text') return undefined;
  const from = offsetInSource(source, left, quotes.open);
  const close = offsetInSource(source, right, quotes.close);
  if (from === undefined || close === undefined) return undefined;
  if (left.literal.start === right.literal.start) return [{ start: from, end: close, text: placeholder }];
  const hole = pieces[slot.last] as HolePiece;
  if (hole.isInLiteral) return undefined;
  return joinOperands(source, { left, from, hole, right, rightFrom: close - right.start }, placeholder);
}

interface Join {
  readonly left: TextPiece;
  /** Source offset from which the left literal's text is dropped. */
  readonly from: number;
  /** Last operand that is dropped. */
  readonly hole: HolePiece;
  readonly right: TextPiece | undefined;
  /** How much of the right literal's text is dropped. */
  readonly rightFrom: number;
}

/** Operands between two literals are dropped; literals alike on one line become one. */
function joinOperands(source: string, join: Join, placeholder: string): TextEdit[] {
  const { left, from, hole, right, rightFrom } = join;
  const end = hole.outerEnd;
  if (right === undefined) return [{ start: from, end, text: placeholder + left.literal.close }];
  const isRest = right.start + rightFrom === right.literal.end - right.literal.close.length;
  if (isRest) return [{ start: from, end: right.literal.end, text: placeholder + left.literal.close }];
  const isOneLine = !source.slice(from, right.start).includes('\n');
  if (isOneLine && left.literal.open === right.literal.open) {
    return [{ start: from, end: right.start + rightFrom, text: placeholder }];
  }
  const closed = { start: from, end, text: placeholder + left.literal.close };
  return rightFrom === 0 ? [closed] : [closed, { start: right.start, end: right.start + rightFrom, text: '' }];
}
