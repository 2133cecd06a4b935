import type { FlatTree, Span } from '../syntax/flat-tree.js';

/**
 * The comment that belongs to what starts at `start`: it ends on the line above (or on the same line), stands alone on
 * its lines, and is one block comment or a run of line comments without a blank line between.
 *
 * @param mayStandApart whether a documentation comment may be followed by one blank line, as some write it above
 * functions. One that opens the file is about the file then.
 */
export function findLeadingComment(tree: FlatTree, start: number, mayStandApart: boolean): Span | undefined {
  const { text, comments } = tree;
  let found: Span | undefined;
  let reached = start;
  for (let index = lastCommentBefore(comments, start); index >= 0; index -= 1) {
    const comment = comments[index] as Span;
    const between = text.slice(comment.end, reached);
    if (!standsAlone(text, comment.start)) break;
    const isBlock = text.startsWith('/*', comment.start);
    const apart = mayStandApart && comment.start > 0 && text.startsWith('/**', comment.start) ? 2 : 1;
    if (between.trim() !== '' || between.split('\n').length - 1 > apart) break;
    if (found !== undefined && isBlock !== text.startsWith('/*', found.start)) break;
    found = { start: comment.start, end: found?.end ?? comment.end };
    if (isBlock) break;
    reached = comment.start;
  }
  return found;
}

/** Position of the last comment that ends at or before an offset, or -1. */
function lastCommentBefore(comments: readonly Span[], offset: number): number {
  let low = 0;
  let high = comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((comments[middle] as Span).end <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Whether only white space precedes an offset on its line. `#!` on the first line is no comment on what follows. */
function standsAlone(text: string, offset: number): boolean {
  if (offset === 0 && text.startsWith('#!')) return false;
  const lineStart = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(lineStart, offset).trim() === '';
}
