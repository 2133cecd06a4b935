import { beforeAll, describe, expect, it } from 'vitest';
import { initSyntax, type Language, lower, parse, printIr } from '../../src/index.js';

beforeAll(() => initSyntax());

function irOf(language: Language, text: string): string {
  const result = parse(language, text);
  if (result.status === 'failed') throw new Error(result.message);
  return printIr(lower(language === 'python' ? 'a.py' : 'a.ts', result.tree));
}

describe('printIr', () => {
  it('prints functions, blocks and slots', () => {
    expect(irOf('javascript', 'function f(a, ...b) {\n  if (a) return g(...b);\n}\n')).toBe(
      [
        'function @0 <module>()',
        '  b0:',
        '    %0 = function @1',
        '    storeCell f ^0 %0',
        '    stop',
        '',
        'function @1 f(%0:a, ...%1:b)',
        '  b0:',
        '    %2:a = move %0:a',
        '    %3:b = move %1:b',
        '    branch %2:a b2 b3',
        '  b1:',
        '    stop',
        '  b2:',
        '    %4 = global g',
        '    %5 = call %4 (...%3:b)',
        '    return %5',
        '  b3:',
        '    jump b1',
        '',
      ].join('\n'),
    );
  });

  it('prints handlers, classes and Python parameters', () => {
    const text = irOf(
      'python',
      'class A(B):\n    @staticmethod\n    async def f(a, *, k=1, **kw):\n        try:\n            yield g(x=a, **kw)\n        except E:\n            raise\n',
    );
    expect(text).toContain('async generator function @1 A.f(%0:a, *, %1:k, **%2:kw)');
    expect(text).toContain('static f=%');
    expect(text).toMatch(/b\d+: catch b\d+/);
    expect(text).toMatch(/call %\d+ \(x=%0:a, \*\*%2:kw\)/);
    expect(text).toMatch(/throw %\d+/);
  });

  it('prints members of JavaScript classes and cells of other functions', () => {
    const text = irOf(
      'typescript',
      'class A extends B { static x = 1; #y = 2; get z() { return () => this.#y; } constructor(private q: C) { super(); } }\n',
    );
    expect(text).toContain('class A');
    expect(text).toContain('A.<field #y>');
    expect(text).toContain('storeField q');
    expect(text).toContain('superCall');
  });
});
