import { beforeAll, describe, expect, it } from 'vitest';
import { extractSymbol } from '../../src/outline/extract-symbol.js';
import { findSymbol } from '../../src/outline/find-symbol.js';
import { outlineTree } from '../../src/outline/outline.js';
import { deleteSymbol, insertBySymbol, replaceSymbol, type SymbolEdit } from '../../src/outline/symbol-edit.js';
import type { Language } from '../../src/syntax/language.js';
import { initSyntax, parse } from '../../src/syntax/parse.js';

beforeAll(() => initSyntax());

function textOf(edit: SymbolEdit): string {
  if (!edit.ok) throw new Error(`${edit.problem.code}: ${edit.problem.message}`);
  return edit.text;
}

function extract(language: Language, text: string, name: string) {
  const parsed = parse(language, text);
  if (parsed.status === 'failed') throw new Error(parsed.message);
  const found = findSymbol(outlineTree(parsed.tree), name);
  if (found.status !== 'found') throw new Error(found.status);
  return extractSymbol(parsed.tree, found.symbol);
}

describe('extractSymbol', () => {
  it('gives code, comment, lines and the imports that are used', () => {
    const text = `import a, { b as c, d } from 'x';
import * as e from 'y';
import type { F } from 'z';
const { g } = require('w');
const h = require('v');
// about it
export function run(d: F) {
  return c(e.q, g, d);
}
`;
    const extracted = extract('typescript', text, 'run');
    expect(extracted.code).toBe('export function run(d: F) {\n  return c(e.q, g, d);\n}');
    expect(extracted).toMatchObject({ line: 7, endLine: 9, comment: '// about it' });
    expect(extracted.imports).toEqual([
      { code: "import a, { b as c, d } from 'x';", line: 1, names: ['c'] },
      { code: "import * as e from 'y';", line: 2, names: ['e'] },
      { code: "import type { F } from 'z';", line: 3, names: ['F'] },
      { code: "const { g } = require('w');", line: 4, names: ['g'] },
    ]);
  });

  it('does the same for Python', () => {
    const text =
      'import os.path\nfrom a import b as c, d\nx = 1\ndef f():\n    import z\n    return os.path.join(c, z)\n';
    expect(extract('python', text, 'f').imports).toEqual([
      { code: 'import os.path', line: 1, names: ['os'] },
      { code: 'from a import b as c, d', line: 2, names: ['c'] },
    ]);
  });
});

type Case = readonly [name: string, language: Language, before: string, symbol: string, code: string, after: string];

const replacements: readonly Case[] = [
  [
    'code of spaces in a file of tabs',
    'javascript',
    'function f() {\n\tif (a) {\n\t\tb;\n\t}\n}\n',
    'f',
    'function f() {\n  if (a) {\n    c(`\n  x`,\n      1);\n  }\n}',
    'function f() {\n\tif (a) {\n\t\tc(`\n  x`,\n\t\t\t1);\n\t}\n}\n',
  ],
  [
    'code of tabs in a file of spaces',
    'python',
    'def f():\n    return 1\n',
    'f',
    'def f():\n\treturn 2\n',
    'def f():\n    return 2\n',
  ],
  [
    'a function',
    'javascript',
    '// a\nfunction f() {\n  return 1;\n}\n// b\n',
    'f',
    'function f(x) {\n  return x;\n}\n',
    '// a\nfunction f(x) {\n  return x;\n}\n// b\n',
  ],
  [
    'a method, indented to its place',
    'javascript',
    'class A {\n\tb() {\n\t\treturn 1;\n\t}\n}\n',
    'A.b',
    'b() {\n\treturn 2;\n}',
    'class A {\n\tb() {\n\t\treturn 2;\n\t}\n}\n',
  ],
  [
    'a method cut out of its place',
    'javascript',
    'class A {\n  b() {\n    return 1;\n  }\n}\n',
    'A.b',
    'b() {\n    return 2;\n  }',
    'class A {\n  b() {\n    return 2;\n  }\n}\n',
  ],
  [
    'code that is indented as a whole',
    'javascript',
    'function f() {}\n',
    'f',
    '    function f() {\n      return 1;\n    }\n',
    'function f() {\n  return 1;\n}\n',
  ],
  [
    'texts over several lines',
    'javascript',
    'class A {\n  b() {}\n}\n',
    'b',
    'b() {\n  return `x\n  y`;\n}',
    'class A {\n  b() {\n    return `x\n  y`;\n  }\n}\n',
  ],
  [
    'line ends of Windows',
    'javascript',
    'function f() {}\r\nx;\r\n',
    'f',
    'function f() {\n  return 1;\n}',
    'function f() {\r\n  return 1;\r\n}\r\nx;\r\n',
  ],
  [
    'an exported function',
    'typescript',
    'export async function f() {}\n',
    'f',
    'async function f() {\n  return 1;\n}',
    'export async function f() {\n  return 1;\n}\n',
  ],
  [
    'an exported function by an exported one',
    'typescript',
    'export default function f() {}\n',
    'f',
    'export default function f(x) {}',
    'export default function f(x) {}\n',
  ],
  [
    'decorators that stay',
    'typescript',
    'class A {\n  @b()\n  c() {}\n}\n',
    'A.c',
    'c() { return 1; }',
    'class A {\n  @b()\n  c() { return 1; }\n}\n',
  ],
  [
    'decorators that change',
    'typescript',
    'class A {\n  @b()\n  c() {}\n}\n',
    'A.c',
    '@d()\nc() {}',
    'class A {\n  @d()\n  c() {}\n}\n',
  ],
  [
    'a comment that stays',
    'javascript',
    '/** a */\nfunction f() {}\n',
    'f',
    'function f(x) {}',
    '/** a */\nfunction f(x) {}\n',
  ],
  [
    'a comment that changes',
    'javascript',
    '/** a */\nfunction f() {}\n',
    'f',
    '/** b */\nfunction f(x) {}',
    '/** b */\nfunction f(x) {}\n',
  ],
  [
    'a member of an object',
    'javascript',
    'const a = {\n  b() {},\n  c: 1,\n};\n',
    'a.b',
    'b() {\n  return 1;\n},',
    'const a = {\n  b() {\n    return 1;\n  },\n  c: 1,\n};\n',
  ],
  [
    'a member of an interface',
    'typescript',
    'interface A {\n  b: string;\n}\n',
    'A.b',
    'b: number;',
    'interface A {\n  b: number;\n}\n',
  ],
  ['a member of an enum', 'typescript', 'enum A {\n  B,\n  C,\n}\n', 'A.B', 'B = 1,', 'enum A {\n  B = 1,\n  C,\n}\n'],
  [
    'an assigned function',
    'javascript',
    'res.a = function () {};\n',
    'res.a',
    'res.a = function (b) {};',
    'res.a = function (b) {};\n',
  ],
  [
    'a Python method from the margin',
    'python',
    'class A:\n    def b(self):\n        return 1\n\n    x = 1\n',
    'A.b',
    'def b(self):\n    """Doc\n    more."""\n    return 2\n',
    'class A:\n    def b(self):\n        """Doc\n    more."""\n        return 2\n\n    x = 1\n',
  ],
  [
    'a Python method cut out of its place',
    'python',
    'class A:\n    @c\n    def b(self):\n        return 1\n',
    'A.b',
    '@c\n    def b(self):\n        return 2',
    'class A:\n    @c\n    def b(self):\n        return 2\n',
  ],
  ['a Python property', 'python', 'class A:\n    b = 1\n', 'A.b', 'b = 2', 'class A:\n    b = 2\n'],
];

const refusals: readonly (readonly [
  name: string,
  language: Language,
  before: string,
  symbol: string,
  code: string,
  problem: string,
])[] = [
  ['a file with errors', 'javascript', 'function f() {}\nfunction (', 'f', 'function f() {}', 'file-unparsable'],
  ['a symbol that is missing', 'javascript', 'function f() {}', 'g', 'function g() {}', 'symbol-missing'],
  [
    'a name of several symbols',
    'javascript',
    'class A { f() {} }\nclass B { f() {} }',
    'f',
    'f() {}',
    'symbol-ambiguous',
  ],
  ['a statement of several names', 'javascript', 'const a = 1, b = 2;', 'a', 'const a = 2;', 'symbol-shared'],
  ['code that does not parse', 'javascript', 'function f() {}', 'f', 'function f( {}', 'code-unparsable'],
  ['code of another name', 'javascript', 'function f() {}', 'f', 'function g() {}', 'code-defines-other'],
  ['code of another kind', 'javascript', 'function f() {}', 'f', 'class f {}', 'code-defines-other'],
  [
    'code that defines more',
    'javascript',
    'function f() {}',
    'f',
    'function f() {}\nfunction g() {}',
    'code-defines-other',
  ],
  ['code that defines nothing', 'javascript', 'function f() {}', 'f', 'f();', 'code-defines-other'],
  ['Python code that does not parse', 'python', 'def f(): pass\n', 'f', 'def f(:\n  pass', 'code-unparsable'],
  [
    'a getter in the place of a method',
    'typescript',
    'class A { f() {} }',
    'f',
    'get f() { return 1; }',
    'code-defines-other',
  ],
  [
    'code that closes its surroundings',
    'javascript',
    'class A { f() {} }',
    'f',
    'f() {} }\nclass C {',
    'verification-failed',
  ],
];

describe('replaceSymbol', () => {
  it.each(replacements)('replaces %s', (_, language, text, symbol, code, after) => {
    expect(textOf(replaceSymbol({ language, text, symbol }, code))).toBe(after);
  });

  it.each(refusals)('refuses %s', (_, language, text, symbol, code, expected) => {
    const edit = replaceSymbol({ language, text, symbol }, code);
    expect(edit).toMatchObject({ ok: false, problem: { code: expected } });
  });

  it('lists the candidates of an ambiguous name', () => {
    const text = 'class A { get x() { return 1; } set x(v) {} }';
    const edit = replaceSymbol({ language: 'javascript', text, symbol: 'A.x' }, 'get x() { return 2; }');
    expect(edit).toMatchObject({
      problem: {
        candidates: [
          { kind: 'getter', line: 1 },
          { kind: 'setter', line: 1 },
        ],
      },
    });
    const right = replaceSymbol(
      { language: 'javascript', text, symbol: 'A.x', kind: 'getter' },
      'get x() { return 2; }',
    );
    expect(textOf(right)).toBe('class A { get x() { return 2; } set x(v) {} }');
  });

  it('gives the same file back for the code that is there', () => {
    const text =
      'export class A {\n  /** doc */\n  static async b(c) {\n    return [\n      c,\n    ];\n  }\n\n  d = {\n    e: 1,\n  };\n}\n';
    for (const symbol of ['A', 'A.b', 'A.d']) {
      const { code } = extract('javascript', text, symbol);
      expect(textOf(replaceSymbol({ language: 'javascript', text, symbol }, code))).toBe(text);
    }
  });
});

describe('insertBySymbol', () => {
  it.each([
    [
      'before',
      'function a() {}\n\n// b\nfunction b() {}\n',
      'b',
      'function c() {}',
      'function a() {}\n\nfunction c() {}\n\n// b\nfunction b() {}\n',
    ],
    [
      'after',
      'function a() {}\n\nfunction b() {}\n',
      'a',
      'function c() {}',
      'function a() {}\n\nfunction c() {}\n\nfunction b() {}\n',
    ],
    [
      'after',
      'class A {\n  b() {}\n}',
      'A.b',
      'c() {\n  return 1;\n}',
      'class A {\n  b() {}\n\n  c() {\n    return 1;\n  }\n}',
    ],
    ['after', 'function a() {}', 'a', 'function c() {}', 'function a() {}\n\nfunction c() {}\n'],
    ['after', 'const a = {\n  b() {}\n};\n', 'a.b', 'c() {}', 'const a = {\n  b() {},\n\n  c() {},\n\n};\n'],
    ['before', 'const a = {\n  b() {},\n};\n', 'a.b', 'c() {},', 'const a = {\n  c() {},\n\n  b() {},\n};\n'],
    ['after', 'enum A {\n  B,\n}\n', 'A.B', 'C', 'enum A {\n  B,\n  C,\n}\n'],
  ] as const)('inserts %s: %j', (side, text, symbol, code, after) => {
    expect(
      textOf(insertBySymbol({ language: 'typescript', text, symbol }, side, code)).replace(/\n\n(?=};)/, '\n'),
    ).toBe(after.replace(/\n\n(?=};)/, '\n'));
  });

  it('inserts Python code at the indentation of its neighbour', () => {
    const text = 'class A:\n    def b(self):\n        pass\n';
    expect(textOf(insertBySymbol({ language: 'python', text, symbol: 'A.b' }, 'after', 'def c(self):\n    pass'))).toBe(
      'class A:\n    def b(self):\n        pass\n\n    def c(self):\n        pass\n',
    );
  });

  it('refuses a place on a line with other code, code that does not parse, and symbols that are missing', () => {
    const target = { language: 'javascript', text: 'x; function f() {}', symbol: 'f' } as const;
    expect(insertBySymbol(target, 'before', 'y;')).toMatchObject({ problem: { code: 'symbol-shared' } });
    expect(insertBySymbol(target, 'before', 'y(;')).toMatchObject({ problem: { code: 'code-unparsable' } });
    expect(insertBySymbol({ ...target, symbol: 'g' }, 'before', 'y;')).toMatchObject({
      problem: { code: 'symbol-missing' },
    });
  });
});

describe('deleteSymbol', () => {
  it.each([
    ['javascript', 'a;\n\n/** x */\nfunction f() {\n}\n\nb;\n', 'f', 'a;\n\nb;\n'],
    ['javascript', 'function f() {} // end\nb;\n', 'f', 'b;\n'],
    ['javascript', 'const a = {\n  b() {},\n  c() {},\n};\n', 'a.b', 'const a = {\n  c() {},\n};\n'],
    ['typescript', 'class A {\n  @b c() {}\n\n  d() {}\n}\n', 'A.c', 'class A {\n  d() {}\n}\n'],
    ['python', 'class A:\n    def b(self):\n        pass\n', 'A.b', 'class A:\n    pass\n'],
    ['python', 'a = 1\n\n\n@x\ndef f():\n    pass\n\n\nb = 2\n', 'f', 'a = 1\n\n\n\nb = 2\n'],
  ] as const)('deletes from %s: %j', (language, text, symbol, after) => {
    expect(textOf(deleteSymbol({ language, text, symbol }))).toBe(after);
  });

  it('refuses what shares a line or a statement, and symbols that are missing', () => {
    const text = 'x; function f() {}\nconst a = 1, b = 2;\n';
    expect(deleteSymbol({ language: 'javascript', text, symbol: 'f' })).toMatchObject({
      problem: { code: 'symbol-shared' },
    });
    expect(deleteSymbol({ language: 'javascript', text, symbol: 'a' })).toMatchObject({
      problem: { code: 'symbol-shared' },
    });
    expect(deleteSymbol({ language: 'javascript', text, symbol: 'g' })).toMatchObject({
      problem: { code: 'symbol-missing' },
    });
  });
});
