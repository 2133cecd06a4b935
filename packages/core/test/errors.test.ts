import { describe, expect, it } from 'vitest';
import { isTrocarError, TrocarError, toProblem } from '../src/index.js';

class ShelfError extends TrocarError<'shelf-full'> {}

describe('TrocarError', () => {
  it('carries its code, data, cause and the name of its class', () => {
    const cause = new Error('inner');
    const error = new ShelfError('shelf-full', 'The shelf is full; take a book away.', {
      data: { books: 40 },
      retryable: true,
      cause,
    });
    expect(error).toMatchObject({
      name: 'ShelfError',
      code: 'shelf-full',
      retryable: true,
      data: { books: 40 },
      cause,
    });
    expect(isTrocarError(error)).toBe(true);
  });

  it('has no cause where none was given', () => {
    expect('cause' in new TrocarError('x', 'y')).toBe(false);
  });

  it.each([null, undefined, 'text', new Error('plain'), {}])('does not take %s for one of its own', (value) => {
    expect(isTrocarError(value)).toBe(false);
  });
});

describe('toProblem', () => {
  it('keeps code and data of a Trocar error', () => {
    expect(toProblem(new ShelfError('shelf-full', 'Full.', { data: { books: 1 } }))).toEqual({
      code: 'shelf-full',
      message: 'Full.',
      retryable: false,
      data: { books: 1 },
    });
    expect(toProblem(new TrocarError('a', 'b'))).toEqual({ code: 'a', message: 'b', retryable: false });
  });

  it('turns anything else into `internal` without its stack', () => {
    expect(toProblem(new TypeError('no'))).toEqual({ code: 'internal', message: 'TypeError: no', retryable: false });
    expect(toProblem('thrown text').message).toBe('A value that is no error was thrown.');
  });

  it('bounds the message', () => {
    expect(toProblem(new Error('x'.repeat(10_000))).message.length).toBeLessThan(2_010);
  });
});
