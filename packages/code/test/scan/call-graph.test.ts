import { describe, expect, it } from 'vitest';
import { callGraph, createMemoryTree } from '../../src/index.js';

describe('callGraph', () => {
  it('names Python functions by dotted path', async () => {
    const graph = await callGraph(
      createMemoryTree({
        'pkg/__init__.py': '',
        'pkg/a.py':
          'from . import b\nclass C:\n    def m(self):\n        return b.run(lambda: 1)\ndef main():\n    C().m()\nmain()\n',
        'pkg/b.py': 'def run(f):\n    return f()\n',
      }),
    );
    expect(graph.edges).toEqual({
      pkg: [],
      'pkg.a': ['pkg.a.main'],
      'pkg.a.C.m': ['pkg.b.run'],
      'pkg.a.C.m.<lambda>': [],
      'pkg.a.main': ['pkg.a.C.m'],
      'pkg.b': [],
      'pkg.b.run': ['pkg.a.C.m.<lambda>'],
    });
    expect(graph.coverage).toEqual({ files: 3, analysed: 3, skipped: [] });
  });

  it('follows functions through fields, arguments and arrays', async () => {
    const text =
      'const table = { a: one, b: [two] };\nfunction one() { return 1; }\nfunction two() {}\nfunction run(f) { f(); }\nrun(table.a);\nfor (const f of table.b) f();\n';
    const { edges } = await callGraph(createMemoryTree({ 'm.mjs': text }));
    expect(edges).toEqual({ m: ['m.run', 'm.two'], 'm.one': [], 'm.run': ['m.one'], 'm.two': [] });
  });
});
