/** Constant text of a string expression, with its place in the source. */
export interface TextPiece {
  readonly kind: 'text';
  /** The text as the program sees it. */
  readonly value: string;
  /** Where the text starts and ends in the source, without quotes. */
  readonly start: number;
  readonly end: number;
  /** Whether the source writes the text without escapes, so that offsets in one are offsets in the other. */
  readonly isPlain: boolean;
  /** Characters that the source writes twice for once, where that and nothing else keeps the text from being plain. */
  readonly doubled?: string;
  /** The literal that the text stands in, by its quotes: pieces of one template share it. */
  readonly literal: Literal;
}

/** A string literal in the source, quotes and prefix included. */
export interface Literal {
  readonly start: number;
  readonly end: number;
  /** Opening with prefix, such as `f"` or a backtick, and the closing quote. */
  readonly open: string;
  readonly close: string;
}

/** A value spliced into a string expression. */
export interface HolePiece {
  readonly kind: 'hole';
  /** Row of the expression in the tree. */
  readonly node: number;
  /** Place of the expression and of all that belongs to the splice: `${…}` or `{…}`, or the operand itself. */
  readonly start: number;
  readonly end: number;
  readonly outerStart: number;
  readonly outerEnd: number;
  /** Whether the splice lies in a literal, not between two operands. */
  readonly isInLiteral: boolean;
}

/** A part of a string expression, in the order in which the parts are joined. */
export type Piece = TextPiece | HolePiece;

/** Where a character of a text piece stands in the source; undefined where escapes make that uncertain. */
export function offsetInSource(source: string, piece: TextPiece, index: number): number | undefined {
  if (piece.isPlain) return piece.start + index;
  if (piece.doubled === undefined) return undefined;
  let offset = piece.start;
  for (let at = 0; at < index; at += 1) {
    const character = source[offset] as string;
    offset += piece.doubled.includes(character) && source[offset + 1] === character ? 2 : 1;
  }
  return offset;
}
