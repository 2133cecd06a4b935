import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type FlatTree,
  initSyntax,
  type Language,
  languageOf,
  nodeFlag,
  parse,
  unsupportedLanguageOf,
} from '../../src/index.js';

beforeAll(() => initSyntax());

function treeOf(language: Language, text: string): FlatTree {
  const result = parse(language, text);
  if (result.status === 'failed') throw new Error(result.message);
  return result.tree;
}

function assertWellFormed(tree: FlatTree): void {
  for (let node = 0; node < tree.size; node += 1) {
    expect(tree.start[node]).toBeLessThanOrEqual(tree.end[node] as number);
    expect(tree.end[node]).toBeLessThanOrEqual(tree.text.length);
    if (node > 0) expect(tree.parent[node]).toBeLessThan(node);
    for (const child of tree.childrenOf(node)) expect(tree.parent[child]).toBe(node);
  }
}

const kindsOf = (tree: FlatTree) => Array.from(tree.kind, (_, node) => tree.kindOf(node));

describe('parse', () => {
  it.each([
    ['javascript', 'const a = b?.c[d] + `x${e}`;', 'TemplateLiteral'],
    ['jsx', "const a = <p>Don't {b}</p>;", 'JSXElement'],
    ['typescript', 'enum A { B } let x: Map<string, A> = y!;', 'TSEnumDeclaration'],
    ['tsx', 'const f = <T,>(x: T) => <p>{x}</p>;', 'JSXElement'],
    ['python', 'async def f(a, *b):\n  return f"{a!r:>{w}}" if a not in b else [x for x in b]\n', 'list_comprehension'],
  ] as const)('reads %s', (language, text, kind) => {
    const tree = treeOf(language, text);
    expect(kindsOf(tree)).toContain(kind);
    assertWellFormed(tree);
  });

  it('counts offsets in UTF-16 units and lines from 1', () => {
    for (const [language, text, kind] of [
      ['javascript', '/* 😀é */ let a = 1;\r\nlet bé = "😀", c;', 'VariableDeclarator'],
      ['python', 'a = "😀é"\r\nbé = 1\r\n', 'assignment'],
    ] as const) {
      const tree = treeOf(language, text);
      const second = Array.from(tree.kind, (_, node) => node).filter((node) => tree.kindOf(node) === kind)[1] as number;
      expect(tree.textOf(second).startsWith('bé')).toBe(true);
      expect(tree.lineOf(second)).toBe(2);
    }
  });

  it('keeps comments, operators and modifiers', () => {
    const js = treeOf(
      'javascript',
      '// one\nasync function* f() { for await (const x of y) { yield* -x; } } /* two */',
    );
    expect(js.comments.map((span) => js.text.slice(span.start, span.end))).toEqual(['// one', '/* two */']);
    const fn = kindsOf(js).indexOf('FunctionDeclaration');
    expect(js.hasFlag(fn, nodeFlag.async) && js.hasFlag(fn, nodeFlag.generator)).toBe(true);
    expect(js.detailOf(kindsOf(js).indexOf('UnaryExpression'))).toBe('-');
    const py = treeOf('python', 'x = a not in b # why\n');
    expect(py.comments).toHaveLength(1);
    expect(py.detailOf(kindsOf(py).indexOf('comparison_operator'))).toBe('not in');
  });

  it('recovers where the parser can and names the place', () => {
    const python = parse('python', 'def f(:\n  pass\n\ndef g():\n  return 1\n');
    expect(python.status).toBe('recovered');
    expect(python.diagnostics[0]?.line).toBe(1);
    const script = parse('javascript', 'let x = ;\n');
    expect(script).toMatchObject({ status: 'failed', failure: 'syntax', diagnostics: [{ line: 1, column: 9 }] });
    expect(parse('typescript', 'let x = 1; return x;').status).toBe('recovered');
  });

  it('finds the smallest node at an offset', () => {
    const tree = treeOf('javascript', 'f(a, g(b));');
    expect(tree.textOf(tree.nodeAt(7))).toBe('b');
    expect(tree.positionAt(7)).toEqual({ line: 1, column: 8 });
  });
});

describe('bounds', () => {
  const deep = 100_000;
  it.each([
    ['brackets', '['.repeat(deep)],
    ['balanced brackets', '('.repeat(deep) + ')'.repeat(deep)],
    ['unary', `${'!'.repeat(deep)}a`],
    ['ternary', `${'a?b:'.repeat(deep)}c`],
    ['arrows', `${'a=>'.repeat(deep)}c`],
    ['ifs', `${'if(a)'.repeat(deep)};`],
    ['ifs on lines', `${'if(a)\n'.repeat(deep)};`],
    ['else', `${'if(a){}else\n'.repeat(deep)}{}`],
    ['operators', `a${'+a'.repeat(deep)}`],
    ['words', `${'typeof\n'.repeat(deep)}a`],
    ['holes', '`${'.repeat(deep)],
    ['hidden closers', '(/*)*/'.repeat(deep)],
    ['closers in patterns', '{{}/}/;'.repeat(deep)],
    ['closers in strings', '(")",'.repeat(deep)],
    ['elements', '<a>;'.repeat(deep)],
    ['labels', 'a:\n'.repeat(deep)],
    ['else after a separator', 'if(a);else '.repeat(deep)],
    ['words in a row', `type A=${'unique '.repeat(deep)}E`],
    ['loop heads', `async function f(){${'for await(a of b)\n'.repeat(deep)};}`],
    ['brackets after a name that looks like a keyword', `let of=1;of/${'('.repeat(deep)}/1`],
    ['brackets after a prefix on a new line', `a\n++/"/.x;${'('.repeat(deep)};"`],
    ['brackets after an old comment', `<!-- \`\n${'('.repeat(deep)}\n\``],
    ['brackets after a foreign blank', `x=\u3000/"/;${'('.repeat(deep)};"`],
    ['heads before commas', `${'if(a)'.repeat(400)}a, function(){`.repeat(400)],
    ['heads before catch', `${'if(a)'.repeat(300)}try{}catch({a=function(){`.repeat(300)],
    ['mixed alternates', `${'if(a){}else '.repeat(100)}if(a) x; else `.repeat(1_000)],
    ['calls', `a${'()'.repeat(deep)}`],
    ['tagged templates', `a${'\n``'.repeat(deep)}`],
  ])('refuses 100,000 nested %s without a crash', (_, text) => {
    for (const language of ['javascript', 'jsx', 'tsx'] as const) {
      expect(parse(language, text.slice(0, 95_000)).status).toBe('failed');
      const result = parse(language, text);
      expect(result.status).toBe('failed');
    }
  });

  it.each([
    ['brackets', '['.repeat(deep)],
    ['balanced brackets', `x = ${'('.repeat(deep)}1${')'.repeat(deep)}\n`],
    ['operators', `x = a${'+a'.repeat(deep)}\n`],
    ['nots', `x = ${'not '.repeat(deep)}a\n`],
    ['indents', Array.from({ length: 3_000 }, (__, i) => `${' '.repeat(i)}if a:\n`).join('')],
  ])('survives nested %s in Python', (_, text) => {
    expect(['parsed', 'recovered', 'failed']).toContain(parse('python', text).status);
  });

  it('lets ordinary large files through', () => {
    const line = 'export function f(a) { if (a / 2 > 1) { return [a, { b: `x${a}` }]; } else { return "}" } }\n';
    const lines = Array.from({ length: 5_000 }, (_, i) => line.replace('f(a)', `f${i}(a)`));
    expect(parse('javascript', lines.join('')).status).toBe('parsed');
    expect(parse('javascript', 'const a = b ? c : d\nlet e = f + g\nh()\n'.repeat(5_000)).status).not.toBe('failed');
  });

  it('reads 20,000 conditions in a row, bundles on one line, and a return at the top of CommonJS', () => {
    const conditions = `function f(x){${'if(x){x=x+1}else{x=1+x}'.repeat(20_000)}}`;
    expect(parse('javascript', conditions).status).toBe('parsed');
    expect(parse('jsx', 'if(a)b();else c(d/2,/[/]/);'.repeat(10_000)).status).toBe('parsed');
    expect(parse('jsx', 'if (a) return;\nlet b = 1;\n').status).toBe('parsed');
    expect(parse('javascript', 'return; '.repeat(100)).status).toBe('parsed');
  });

  it('ends within bounds where a line holds thousands of errors', () => {
    const result = parse('typescript', 'return; '.repeat(12_000));
    expect(result).toMatchObject({ status: 'failed', failure: 'budget' });
    expect(process.memoryUsage.rss()).toBeLessThan(2_000_000_000);
  });

  it('reads long runs of continued and comment lines in Python, or refuses them, in bounded time', () => {
    const continued = treeOf('python', `x = 1 + ${'\\\n'.repeat(100_000)}2\ny = 3\n`);
    const last = Array.from(continued.kind, (_, node) => node).filter(
      (node) => continued.kindOf(node) === 'assignment',
    );
    expect(last.map((node) => continued.lineOf(node))).toEqual([1, 100_002]);
    const block = (lines: number) => `def f():\n  a = 1\n${'  # b\n'.repeat(lines)}  return a\n`;
    expect(treeOf('python', block(2_000)).comments).toHaveLength(2_000);
    expect(parse('python', block(20_000))).toMatchObject({ status: 'failed', failure: 'budget' });
  });

  it('refuses texts longer than the limit and trees larger than the limit', () => {
    expect(parse('javascript', 'a;'.repeat(10), { maxLength: 5, maxNodes: 10, maxDepth: 10 })).toMatchObject({
      failure: 'too-large',
    });
    for (const language of ['javascript', 'python'] as const) {
      const limits = { maxLength: 1_000, maxNodes: 5, maxDepth: 10 };
      expect(parse(language, 'f(a)\ng(b)\nh(c)\n', limits)).toMatchObject({ failure: 'too-large' });
      const shallow = { maxLength: 1_000, maxNodes: 500, maxDepth: 3 };
      expect(parse(language, 'f(g(h(i(j))))\n', shallow)).toMatchObject({ failure: 'too-deep' });
    }
  });

  it('never throws on mutated or random text', () => {
    const seeds = [
      'const a = <p>{b}</p>;\n',
      'class A { static #x = `${y}`; get z() { return /[/]/ } }',
      'def f(a):\n  return [b for b in a]\n',
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(60), fc.nat(20), fc.string({ unit: 'binary', maxLength: 12 }))
      .map(([seed, at, cut, insert]) => seed.slice(0, at) + insert + seed.slice(at + cut));
    fc.assert(
      fc.property(
        mutated,
        fc.constantFrom<Language>('javascript', 'jsx', 'typescript', 'tsx', 'python'),
        (text, language) => {
          const result = parse(language, text);
          if (result.status !== 'failed') assertWellFormed(result.tree);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('languageOf', () => {
  it.each([
    ['a/b.py', 'python'],
    ['x.test.mts', 'typescript'],
    ['C.TSX', 'tsx'],
    ['.js', undefined],
    ['Makefile', undefined],
    ['main.go', undefined],
  ])('%s is %s', (path, language) => {
    expect(languageOf(path)).toBe(language);
  });

  it('names source languages that are not parsed', () => {
    expect(unsupportedLanguageOf('cmd/main.go')).toBe('Go');
    expect(unsupportedLanguageOf('logo.png')).toBeUndefined();
  });
});
