import { beforeAll, describe, expect, it } from 'vitest';
import type { TextEdit } from '../../src/edit/text-edit.js';
import { verifyEdit } from '../../src/edit/verify-edit.js';
import type { Language } from '../../src/syntax/language.js';
import { initSyntax } from '../../src/syntax/parse.js';

beforeAll(() => initSyntax());

const replaceAll = (before: string, after: string): TextEdit[] => [{ start: 0, end: before.length, text: after }];

describe('verifyEdit', () => {
  it('accepts a good edit and says which symbols came and went', () => {
    const before = 'function a() {}\nclass B { c() {} }\n';
    const after = 'function d() {}\nclass B { e() {} }\n';
    expect(verifyEdit('javascript', before, after, replaceAll(before, after))).toEqual({
      ok: true,
      parses: true,
      diagnostics: [],
      onlySpansChanged: true,
      symbolsAdded: ['B.e', 'd'],
      symbolsRemoved: ['B.c', 'a'],
    });
  });

  it.each([
    ['javascript', 'a();\n', 'a(;\n', false],
    ['typescript', 'let a: string;\n', 'let a: ;\n', false],
    ['python', 'def a(): pass\n', 'def a(: pass\n', false],
    ['python', 'def a():\n    pass\n', 'def a():\n', false],
    ['python', 'if a:\n    b\n', 'if a:\n    # b\n', false],
    ['python', 'try:\n    a\nexcept E:\n    b\n', 'try:\n    a\nexcept E:\n', false],
    ['python', 'def a(:\n    pass\n', 'def a(:\n    return\n', true],
    ['javascript', 'a(;\n', 'a();\n', true],
    ['javascript', 'a(;\n', 'b(;\n', false],
  ] as const)('%s: %j to %j', (language: Language, before, after, parses) => {
    expect(verifyEdit(language, before, after, replaceAll(before, after))).toMatchObject({ ok: parses, parses });
  });

  it('notices a change outside the edits, and edits that do not fit', () => {
    const edits = [{ start: 0, end: 1, text: 'b' }];
    expect(verifyEdit('javascript', 'a();\n', 'b(1);\n', edits)).toMatchObject({ ok: false, onlySpansChanged: false });
    expect(verifyEdit('javascript', 'a', 'b', [{ start: 0, end: 9, text: 'b' }])).toMatchObject({
      onlySpansChanged: false,
    });
  });
});
