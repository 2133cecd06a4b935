import { describe, expect, it } from 'vitest';
import { detectTextLayout, indentAt, lineEnd, lineEndingAt, lineStart } from '../../src/edit/text-layout.js';

describe('detectTextLayout', () => {
  it.each([
    ['', '\n', '  ', false],
    ['a\n', '\n', '  ', true],
    ['a\r\n  b\r\n', '\r\n', '  ', true],
    ['a\r\nb\nc\n', '\n', '  ', true],
    ['a:\n    b:\n        c\n', '\n', '    ', true],
    ['a {\n\tb {\n\t\tc\n', '\n', '\t', true],
    ['/**\n * a\n */\nb {\n   c\n}', '\n', '   ', false],
  ])('reads %j', (text, lineEnding, indentUnit, hasFinalNewline) => {
    expect(detectTextLayout(text)).toEqual({ lineEnding, indentUnit, hasFinalNewline });
  });
});

describe('places in a text', () => {
  const text = '\na\r\n  b\n\tc';

  it('finds lines, their indentation and their ends', () => {
    expect([lineStart(text, 0), lineStart(text, 1), lineStart(text, 6), lineStart(text, 9)]).toEqual([0, 1, 4, 8]);
    expect([lineEnd(text, 0), lineEnd(text, 1), lineEnd(text, 5), lineEnd(text, 9)]).toEqual([1, 4, 8, 10]);
    expect([indentAt(text, 1), indentAt(text, 6), indentAt(text, 9)]).toEqual(['', '  ', '\t']);
    expect([lineEndingAt(text, 1), lineEndingAt(text, 5), lineEndingAt(text, 9), lineEndingAt('x', 0)]).toEqual([
      '\r\n',
      '\n',
      '\n',
      '\n',
    ]);
  });
});
