import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { Page } from './catalog.js';

/** The page of a list that does not change which a cursor names; without one, the first. Throws for foreign cursors. */
export function readPage<Item>(items: readonly Item[], cursor: string | undefined, pageSize: number): Page<Item> {
  const start = cursor === undefined ? 0 : parseCursor(cursor);
  if (start >= items.length && cursor !== undefined) throw unknownCursor();
  const end = start + pageSize;
  return { items: items.slice(start, end), ...(end < items.length && { nextCursor: `after-${end}` }) };
}

function parseCursor(cursor: string): number {
  const digits = /^after-([1-9]\d{0,8})$/.exec(cursor)?.[1];
  if (digits === undefined) throw unknownCursor();
  return Number(digits);
}

function unknownCursor(): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'This cursor was not given by this list; start without one.',
  );
}
