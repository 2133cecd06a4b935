import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { findSymbol } from '../../src/outline/find-symbol.js';
import { outline } from '../../src/outline/outline.js';
import { declarationSpan, type OutlineSymbol } from '../../src/outline/outline-symbol.js';
import type { Language } from '../../src/syntax/language.js';
import { initSyntax } from '../../src/syntax/parse.js';

beforeAll(() => initSyntax());

function symbolsOf(language: Language, text: string): readonly OutlineSymbol[] {
  const result = outline(language, text);
  if (!result.ok) throw new Error(result.message);
  return result.symbols;
}

/** One line a symbol: kind, path, the code of its declaration, and what else is set. */
function describeSymbols(language: Language, text: string): string[] {
  return symbolsOf(language, text).map((symbol) => {
    const { start, end } = declarationSpan(symbol);
    const marks = [
      symbol.isStatic && 'static',
      symbol.isAsync && 'async',
      symbol.isExported && 'exported',
      symbol.isShared && 'shared',
    ].filter(Boolean);
    return [symbol.kind, symbol.path, JSON.stringify(text.slice(start, end)), ...marks].join(' ');
  });
}

const cases: readonly (readonly [name: string, language: Language, text: string, symbols: readonly string[]])[] = [
  [
    'functions',
    'javascript',
    'function a() {}\nasync function* b() {}',
    ['function a "function a() {}"', 'function b "async function* b() {}" async'],
  ],
  [
    'arrows and function values',
    'javascript',
    'const a = () => 1;\nlet b = async function () {};',
    ['function a "const a = () => 1;"', 'function b "let b = async function () {};" async'],
  ],
  [
    'exports',
    'javascript',
    'export function a() {}\nexport const b = 1;\nexport { c };',
    ['function a "export function a() {}" exported', 'constant b "export const b = 1;" exported'],
  ],
  [
    'default exports',
    'javascript',
    'export default function () {}',
    ['function default "export default function () {}" exported'],
  ],
  [
    'a default export of a value',
    'javascript',
    'export default { a() {} };',
    ['constant default "export default { a() {} };" exported', 'method default.a "a() {}"'],
  ],
  ['a default export of a name', 'javascript', 'export default a;', []],
  [
    'a default arrow',
    'javascript',
    'export default async () => 1;',
    ['function default "export default async () => 1;" async exported'],
  ],
  [
    'classes',
    'javascript',
    "class A { constructor() {} static async b() {} get c() { return 1; } set c(v) {} #d = 1; e = () => 1; [f]() {} 'g'() {} static {} }",
    [
      'class A "class A { constructor() {} static async b() {} get c() { return 1; } set c(v) {} #d = 1; e = () => 1; [f]() {} \'g\'() {} static {} }"',
      'constructor A.constructor "constructor() {}"',
      'method A.b "static async b() {}" static async',
      'getter A.c "get c() { return 1; }"',
      'setter A.c "set c(v) {}"',
      'property A.#d "#d = 1;"',
      'method A.e "e = () => 1;"',
      'method A.[f] "[f]() {}"',
      'method A.g "\'g\'() {}"',
    ],
  ],
  [
    'a class value',
    'javascript',
    'const A = class { b() {} };',
    ['class A "const A = class { b() {} };"', 'method A.b "b() {}"'],
  ],
  [
    'assignments to members',
    'javascript',
    'res.status = function status() {};\nmodule.exports.a = () => 1;\nexports.b = function () {};\nA.prototype.c = function () {};\nx[y] = function () {};\nz = function () {};\nf().g = () => 1;',
    [
      'function res.status "res.status = function status() {};"',
      'function exports.a "module.exports.a = () => 1;" exported',
      'function exports.b "exports.b = function () {};" exported',
      'function A.prototype.c "A.prototype.c = function () {};"',
    ],
  ],
  [
    'chains of assignments',
    'javascript',
    'a.b = a.c = function () { function d() {} };',
    [
      'function a.b "a.b = a.c = function () { function d() {} };" shared',
      'function a.c "a.b = a.c = function () { function d() {} };" shared',
      'function a.c.d "function d() {}"',
    ],
  ],
  [
    'members of this',
    'javascript',
    'function A() { this.b = () => 1; }',
    ['function A "function A() { this.b = () => 1; }"', 'function A.b "this.b = () => 1;"'],
  ],
  [
    'methods of objects',
    'typescript',
    "const a = { b() {}, c: function () {}, d: () => 1, e: { f() {} }, g: 1, get h() { return 1; }, set h(v) {}, 'i-j'() {}, k } as const;\nmodule.exports = { l() {} };",
    [
      'constant a "const a = { b() {}, c: function () {}, d: () => 1, e: { f() {} }, g: 1, get h() { return 1; }, set h(v) {}, \'i-j\'() {}, k } as const;"',
      'method a.b "b() {}"',
      'method a.c "c: function () {}"',
      'method a.d "d: () => 1"',
      'property a.e "e: { f() {} }"',
      'method a.e.f "f() {}"',
      'getter a.h "get h() { return 1; }"',
      'setter a.h "set h(v) {}"',
      'method a.i-j "\'i-j\'() {}"',
      'property exports "module.exports = { l() {} };" exported',
      'method exports.l "l() {}"',
    ],
  ],
  [
    'callbacks that are no symbols',
    'javascript',
    'f({ a() {} }, () => { function b() {} });\nfor (const c of () => 1) {}',
    ['function b "function b() {}"'],
  ],
  [
    'several variables in one statement',
    'javascript',
    'const a = 1, b = () => 1;\nconst { c, d: [e = 1, ...f] } = g;',
    [
      'constant a "const a = 1, b = () => 1;" shared',
      'function b "const a = 1, b = () => 1;" shared',
      'constant c "const { c, d: [e = 1, ...f] } = g;" shared',
      'constant e "const { c, d: [e = 1, ...f] } = g;" shared',
      'constant f "const { c, d: [e = 1, ...f] } = g;" shared',
    ],
  ],
  [
    'nested functions',
    'javascript',
    'function a() { const b = () => { function c() {} }; let d = 1; }',
    [
      'function a "function a() { const b = () => { function c() {} }; let d = 1; }"',
      'function a.b "const b = () => { function c() {} };"',
      'function a.b.c "function c() {}"',
    ],
  ],
  [
    'types',
    'typescript',
    "interface A { b: string; c(): void; new (): A }\ntype D = { e: 1 };\nenum F { G, 'H' = 2 }\nnamespace I.J { export const k = 1; }\ndeclare module 'l' { function m(): void; }\nabstract class N { abstract o(): void; abstract p: string; q(): void; q(a?: 1) {} }",
    [
      'interface A "interface A { b: string; c(): void; new (): A }"',
      'property A.b "b: string;"',
      'method A.c "c(): void;"',
      'type D "type D = { e: 1 };"',
      'property D.e "e: 1"',
      'enum F "enum F { G, \'H\' = 2 }"',
      'member F.G "G"',
      'member F.H "\'H\' = 2"',
      'namespace I.J "namespace I.J { export const k = 1; }"',
      'constant I.J.k "export const k = 1;" exported',
      'namespace l "declare module \'l\' { function m(): void; }"',
      'function l.m "function m(): void;"',
      'class N "abstract class N { abstract o(): void; abstract p: string; q(): void; q(a?: 1) {} }"',
      'method N.o "abstract o(): void;"',
      'property N.p "abstract p: string;"',
      'method N.q "q(): void; q(a?: 1) {}"',
    ],
  ],
  [
    'overloads',
    'typescript',
    'function a(x: 1): 1;\nfunction a(x: 2): 2;\nfunction a(x: any) { return x; }\nfunction b() {}',
    [
      'function a "function a(x: 1): 1;\\nfunction a(x: 2): 2;\\nfunction a(x: any) { return x; }"',
      'function b "function b() {}"',
    ],
  ],
  [
    'decorators',
    'typescript',
    '@a @b() export class C { @d /* x */ private e = 1; @f() static g() {} }\nexport @h class I {}',
    [
      'class C "@a @b() export class C { @d /* x */ private e = 1; @f() static g() {} }" exported',
      'property C.e "@d /* x */ private e = 1;"',
      'method C.g "@f() static g() {}" static',
      'class I "export @h class I {}" exported',
    ],
  ],
  [
    'Python',
    'python',
    'A = 1\nb: int = 2\nc, (d, *e) = f\ng = h = 3\ni.j = 4\nclass K(L):\n    m = 5\n    def __init__(self): self.n = 6\n    @property\n    def o(self): pass\n    @o.setter\n    def o(self, v): pass\n    @staticmethod\n    async def p():\n        def q(): pass\n        r = 7\nif x:\n    def s(): pass\ntry:\n    t = 8\nexcept E:\n    t = 9\ntype U[V] = int\nlambda: 0\n',
    [
      'constant A "A = 1"',
      'variable b "b: int = 2"',
      'variable c "c, (d, *e) = f" shared',
      'variable d "c, (d, *e) = f" shared',
      'variable e "c, (d, *e) = f" shared',
      'variable g "g = h = 3" shared',
      'variable h "g = h = 3" shared',
      'class K "class K(L):\\n    m = 5\\n    def __init__(self): self.n = 6\\n    @property\\n    def o(self): pass\\n    @o.setter\\n    def o(self, v): pass\\n    @staticmethod\\n    async def p():\\n        def q(): pass\\n        r = 7"',
      'property K.m "m = 5"',
      'constructor K.__init__ "def __init__(self): self.n = 6"',
      'getter K.o "@property\\n    def o(self): pass"',
      'setter K.o "@o.setter\\n    def o(self, v): pass"',
      'method K.p "@staticmethod\\n    async def p():\\n        def q(): pass\\n        r = 7" static async',
      'function K.p.q "def q(): pass"',
      'function s "def s(): pass"',
      'variable t "t = 8"',
      'variable t "t = 9"',
      'type U "type U[V] = int"',
    ],
  ],
  [
    'Python overloads',
    'python',
    '@overload\ndef a(x: int): ...\n@typing.overload\ndef a(x: str): ...\ndef a(x): return x\ndef a(x): pass\n',
    [
      'function a "@overload\\ndef a(x: int): ...\\n@typing.overload\\ndef a(x: str): ...\\ndef a(x): return x"',
      'function a "def a(x): pass"',
    ],
  ],
];

describe('outline', () => {
  it.each(cases)('lists %s', (_, language, text, expected) => {
    expect(describeSymbols(language, text)).toEqual(expected);
  });

  const comments: readonly (readonly [string, Language, string, string | undefined])[] = [
    ['a block comment', 'javascript', '/* a */\nfunction f() {}', '/* a */'],
    ['a run of line comments', 'javascript', '// a\n\n// b\n// c\nfunction f() {}', '// b\n// c'],
    ['a comment with a blank line between', 'javascript', 'x;\n// a\n\nfunction f() {}', undefined],
    ['documentation with a blank line between', 'javascript', 'x;\n/** a */\n\nfunction f() {}', '/** a */'],
    ['documentation of the file', 'javascript', '/** a */\n\nfunction f() {}', undefined],
    ['a comment behind other code', 'javascript', 'x; // a\nfunction f() {}', undefined],
    ['a hash-bang line', 'javascript', '#!/usr/bin/env node\nfunction f() {}', undefined],
    ['different comments', 'javascript', '/* a */\n// b\nfunction f() {}', '// b'],
    ['a comment above decorators', 'typescript', '// a\n@b\nclass f {}', '// a'],
    ['Python comments', 'python', '# a\n# b\ndef f(): pass', '# a\n# b'],
    ['a comment on the same line', 'javascript', '/* a */ function f() {}', '/* a */'],
  ];
  it.each(comments)('assigns %s', (_, language, text, comment) => {
    const [symbol] = symbolsOf(language, text).filter(({ name }) => name === 'f');
    expect(symbol?.comment && text.slice(symbol.comment.start, symbol.comment.end)).toBe(comment);
  });

  it('gives lines, names and bodies their exact places', () => {
    const text = 'x;\n/** doc */\n@d\nexport class A {\n  #b(c: string) {\n    return c;\n  }\n}\n';
    const [a, b] = symbolsOf('typescript', text) as [OutlineSymbol, OutlineSymbol];
    expect([a.line, a.endLine, b.line, b.endLine, b.parent]).toEqual([3, 8, 5, 7, 0]);
    expect(text.slice(a.nameSpan?.start, a.nameSpan?.end)).toBe('A');
    expect(text.slice(b.nameSpan?.start, b.nameSpan?.end)).toBe('#b');
    expect(text.slice(b.bodySpan?.start, b.bodySpan?.end)).toBe('{\n    return c;\n  }');
    expect(text.slice(a.span.start, a.span.end)).toMatch(/^export class/);
  });

  it('keeps what it can of broken code and says so', () => {
    const python = outline('python', 'def a(): pass\ndef b(:\n');
    expect(python.ok && python.symbols.map(({ name }) => name)).toContain('a');
    expect(python.diagnostics.length).toBeGreaterThan(0);
    expect(outline('javascript', 'function (').ok).toBe(false);
  });

  it('never throws, and every span lies in the text', () => {
    const parts = [
      'function a() {',
      '}',
      'class B {',
      'c = () => 1;',
      'export default ',
      '@d ',
      '/** x */\n',
      'const { e, f } = g;',
      '\n',
      'h.i = ',
      '{ j() {} }',
      ';',
      'get k() {}',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const result = outline('typescript', text);
        for (const symbol of result.ok ? result.symbols : []) {
          expect(symbol.span.start).toBeGreaterThanOrEqual(0);
          expect(symbol.span.end).toBeLessThanOrEqual(text.length);
          expect(symbol.span.start).toBeLessThan(symbol.span.end);
        }
      }),
    );
  });
});

describe('findSymbol', () => {
  const symbols = () =>
    symbolsOf(
      'typescript',
      'class A { get x() { return 1; } set x(v) {} run() {} }\nclass B { run() {} }\nA.prototype.walk = function () {};\ntype T = 1;\nconst T = 1;\nfunction runner() {}\n',
    );

  it('finds by path, by own name, and without prototype', () => {
    expect(findSymbol(symbols(), 'A.run')).toMatchObject({ status: 'found', symbol: { path: 'A.run' } });
    expect(findSymbol(symbols(), 'runner')).toMatchObject({ status: 'found' });
    expect(findSymbol(symbols(), 'walk')).toMatchObject({ status: 'found' });
    expect(findSymbol(symbols(), 'A.walk')).toMatchObject({ status: 'found', symbol: { path: 'A.prototype.walk' } });
  });

  it('never guesses', () => {
    expect(findSymbol(symbols(), 'run')).toMatchObject({
      status: 'ambiguous',
      candidates: [{ path: 'A.run' }, { path: 'B.run' }],
    });
    expect(findSymbol(symbols(), 'A.x')).toMatchObject({ status: 'ambiguous' });
    expect(findSymbol(symbols(), 'A.x', { kind: 'setter' })).toMatchObject({
      status: 'found',
      symbol: { kind: 'setter' },
    });
    expect(findSymbol(symbols(), 'T')).toMatchObject({ status: 'ambiguous' });
    expect(findSymbol(symbols(), 'T', { line: 5 })).toMatchObject({ status: 'found', symbol: { kind: 'constant' } });
  });

  it('names the nearest when there is none', () => {
    expect(findSymbol(symbols(), 'runer')).toEqual({ status: 'missing', nearest: ['runner', 'A.run', 'B.run'] });
    expect(findSymbol(symbols(), 'q')).toEqual({ status: 'missing', nearest: [] });
  });
});
