import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMemoryTree, openFolder, type SourceTree, scan, toSarif } from '../../src/index.js';

const vulnerable =
  "import http from 'http';\nimport { exec } from 'child_process';\nhttp.createServer((req) => {\n  const name = req.url;\n  exec('ls ' + name);\n});\n";

describe('scan', () => {
  it('reports the way from source to sink line by line', async () => {
    const { findings, complete } = await scan(createMemoryTree({ 'a.mjs': vulnerable }));
    expect(complete).toBe(true);
    expect(findings).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        rule: 'command-injection',
        cwe: 'CWE-78',
        severity: 'critical',
        confidence: 'high',
        file: 'a.mjs',
        line: 5,
        message: "Data from the request's URL becomes part of a command line.",
        witness: [
          { file: 'a.mjs', line: 4, note: "the request's URL enters here" },
          { file: 'a.mjs', line: 5, note: 'becomes part of a command line in exec' },
        ],
        sink: { file: 'a.mjs', start: 118, end: 136, argument: { start: 123, end: 135 }, api: 'exec' },
      },
    ]);
  });

  it('gives the same bytes again, and the same id when lines move', async () => {
    const first = await scan(createMemoryTree({ 'a.mjs': vulnerable }));
    const second = await scan(createMemoryTree({ 'a.mjs': vulnerable }));
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    const moved = await scan(createMemoryTree({ 'a.mjs': `// moved\n${vulnerable}` }));
    expect(moved.findings[0]?.id).toBe(first.findings[0]?.id);
    expect(moved.findings[0]?.line).toBe(6);
  });

  it('names two findings of one kind apart', async () => {
    const twice = vulnerable.replace('exec(', "exec('cat ' + name);\n  exec(");
    const { findings } = await scan(createMemoryTree({ 'a.mjs': twice }));
    expect(new Set(findings.map((finding) => finding.id)).size).toBe(2);
  });

  it('puts a statement that a wrapper runs where it was put together', async () => {
    const { findings } = await scan(
      createMemoryTree({
        'a.mjs':
          "import http from 'http';\nimport { all } from './b.mjs';\nhttp.createServer((req) => {\n  all(`SELECT a FROM t WHERE b = '${req.url}'`);\n});\n",
        'b.mjs': "import pg from 'pg';\nexport const all = (text) => new pg.Client().query(text);\n",
      }),
    );
    expect(findings.map(({ rule, file, line, sink }) => [rule, file, line, sink.api])).toEqual([
      ['sql-injection', 'a.mjs', 4, 'all'],
    ]);
  });

  it('says that data of the command line matters less', async () => {
    const { findings } = await scan(
      createMemoryTree({ 'a.mjs': "import { exec } from 'child_process';\nexec(process.argv[2]);\n" }),
    );
    expect(findings.map((finding) => finding.confidence)).toEqual(['low']);
  });
});

describe('coverage', () => {
  const skippedOf = async (
    files: Readonly<Record<string, string | Uint8Array>>,
  ): Promise<readonly [string, string][]> => {
    const report = await scan(createMemoryTree(files));
    expect(report.complete).toBe(false);
    return report.coverage.skipped.map((skipped): [string, string] => [skipped.file, skipped.code]);
  };

  it.each<[string, Readonly<Record<string, string | Uint8Array>>, readonly [string, string][]]>([
    ['nothing', {}, [['.', 'nothing-to-analyse']]],
    [
      'only prose',
      { 'README.md': '# x' },
      [
        ['.', 'nothing-to-analyse'],
        ['README.md', 'not-source'],
      ],
    ],
    ['a binary', { 'a.js': new Uint8Array([0, 1, 2]), 'b.js': '1' }, [['a.js', 'binary-source']]],
    ['invalid UTF-8', { 'a.py': new Uint8Array([0x61, 0xff]), 'b.js': '1' }, [['a.py', 'invalid-utf8']]],
    ['a syntax error', { 'a.js': 'let x = ;', 'b.js': '1' }, [['a.js', 'syntax-error']]],
    ['a half-written file', { 'a.py': 'def f(:\n  pass\n\ndef g():\n  pass\n' }, [['a.py', 'syntax-error']]],
    ['another language', { 'a.go': 'package x', 'b.js': '1' }, [['a.go', 'unsupported-language']]],
    [
      'deep nesting',
      { 'a.js': '['.repeat(100_000), 'b.py': `x = ${'('.repeat(100_000)}1${')'.repeat(100_000)}\n`, 'c.js': '1' },
      [
        ['a.js', 'budget'],
        ['b.py', 'budget'],
      ],
    ],
    ['a huge file', { 'a.js': `"${'x'.repeat(4_000_001)}"`, 'b.js': '1' }, [['a.js', 'too-large']]],
  ])('%s is incomplete', async (_, files, expected) => {
    expect(await skippedOf(files)).toEqual(expected);
  });

  it('keeps the findings of a file that the parser recovers, and names the line', async () => {
    const text =
      'import os\ndef application(environ, start_response):\n    os.system(environ["QUERY_STRING"])\n\ndef g(:\n    pass\n';
    const report = await scan(createMemoryTree({ 'a.py': text }));
    expect(report.findings.map((finding) => finding.line)).toEqual([3]);
    expect(report.coverage.skipped[0]?.reason).toMatch(/^syntax error in line 5/);
    expect(report.coverage).toMatchObject({ files: 1, analysed: 1 });
  });

  it('stays complete beside images and prose', async () => {
    const report = await scan(createMemoryTree({ 'a.js': '1', 'b.png': new Uint8Array([0]), LICENSE: 'x' }));
    expect(report.complete).toBe(true);
    expect(report.coverage.skipped.map((skipped) => skipped.code)).toEqual(['not-source', 'not-source']);
  });

  it('analyses executables without extension by their first line', async () => {
    const files = {
      'bin/serve': `#!/usr/bin/env -S node --no-warnings\n${vulnerable}`,
      'bin/run': '#!/usr/bin/python3.12\nx = 1\n',
      'bin/sh': '#!/bin/sh\nls\n',
      LICENSE: 'x',
    };
    const report = await scan(createMemoryTree(files));
    expect(report.findings.map((finding) => finding.file)).toEqual(['bin/serve']);
    expect(report.coverage.skipped.map((skipped) => skipped.file)).toEqual(['LICENSE', 'bin/sh']);
  });

  it('says where the budget ended', async () => {
    const engine = { maxSteps: 20, maxStepsPerEntry: 20, maxDepth: 8, maxContexts: 4 };
    const report = await scan(createMemoryTree({ 'a.mjs': vulnerable.repeat(1) + 'f();'.repeat(50) }), { engine });
    expect(report.coverage.skipped).toEqual([
      { file: 'a.mjs', code: 'budget', reason: expect.stringContaining('partial') },
    ]);
    expect(report.complete).toBe(false);
    const load = { maxFileBytes: 100, maxTotalBytes: 10 };
    const bounded = await scan(createMemoryTree({ 'a.js': 'let a = 1;', 'b.js': 'let b = 2;' }), { load });
    expect(bounded.coverage).toMatchObject({ analysed: 1, skipped: [{ file: 'b.js', code: 'budget' }] });
  });

  it('reports a file that vanished', async () => {
    const tree: SourceTree = {
      files: () => [{ path: 'a.js', sizeBytes: 1 }],
      omissions: () => [],
      read: () => Promise.reject(new Error('gone')),
    };
    expect((await scan(tree)).coverage.skipped.map((skipped) => skipped.code)).toContain('unreadable');
  });

  it('resolves packages of the tree by name', async () => {
    const report = await scan(
      createMemoryTree({
        'packages/run/package.json': '{"name":"@x/run"}',
        'packages/bad/package.json': '{',
        'packages/run/index.js': "import { exec } from 'child_process';\nexport const run = (x) => exec(x);\n",
        'packages/web/a.js':
          "import http from 'http'; import { run } from '@x/run';\nhttp.createServer((q) => run(q.url));\n",
      }),
    );
    expect(report.findings.map((finding) => finding.file)).toEqual(['packages/run/index.js']);
  });
});

describe('SARIF', () => {
  it('carries findings, ways and what was not analysed', async () => {
    const report = await scan(createMemoryTree({ 'a b.mjs': vulnerable, 'c.go': 'package c' }));
    const log = toSarif(report, { version: '1.2.3' });
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'Trocar', version: '1.2.3', rules: [{ id: 'command-injection' }] } },
          invocations: [{ executionSuccessful: false, toolExecutionNotifications: [{ level: 'warning' }] }],
          results: [
            {
              ruleId: 'command-injection',
              level: 'error',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b.mjs' }, region: { startLine: 5 } } }],
            },
          ],
        },
      ],
    });
  });
});

describe('openFolder', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'code-folder-'));
    await mkdir(join(root, 'src/deep/er'), { recursive: true });
    await mkdir(join(root, 'node_modules/x'), { recursive: true });
    await writeFile(join(root, 'node_modules/x/a.js'), 'eval(1)');
    await writeFile(join(root, 'src/b.js'), vulnerable);
    await writeFile(join(root, 'src/deep/er/c.py'), 'x = 1\n');
    await writeFile(join(root, 'big.js'), '');
    await truncate(join(root, 'big.js'), 200_000_000);
    await symlink('..', join(root, 'src/loop'));
    await symlink('/etc/passwd', join(root, 'src/out.js'));
  });
  afterAll(() => rm(root, { recursive: true }));

  it('lists sorted files and says what it left out', async () => {
    const tree = await openFolder(root);
    expect(tree.files().map((file) => file.path)).toEqual(['big.js', 'src/b.js', 'src/deep/er/c.py']);
    expect(tree.omissions().map(({ path, code }) => [path, code])).toEqual([
      ['node_modules', 'dependency-folder'],
      ['src/loop', 'symlink'],
      ['src/out.js', 'symlink'],
    ]);
    expect(new TextDecoder().decode(await tree.read('src/b.js'))).toBe(vulnerable);
    await expect(tree.read('../x')).rejects.toThrow(RangeError);
    await expect(tree.read('big.js')).rejects.toThrow(RangeError);
  });

  it('bounds depth and number of files', async () => {
    const few = await openFolder(root, { maxFiles: 1, maxDepth: 1 });
    expect(few.files()).toHaveLength(1);
    expect(few.omissions().map((omission) => omission.code)).toContain('too-many-files');
    const shallow = await openFolder(root, { maxDepth: 1 });
    expect(shallow.omissions().map(({ path, code }) => [path, code])).toContainEqual(['src/deep', 'too-deep']);
  });

  it('is incomplete where analysed code imports from a folder that is left out', async () => {
    const inner = join(root, 'src/deep/er');
    await mkdir(join(inner, 'dist'));
    await writeFile(join(inner, 'dist/x.js'), vulnerable);
    await writeFile(join(inner, 'a.js'), "import 'fs';\nmodule.exports = 1;\n");
    expect((await scan(await openFolder(inner))).complete).toBe(true);
    await writeFile(join(inner, 'a.js'), "module.exports = require('./dist/x');\n");
    const report = await scan(await openFolder(inner));
    expect(report.complete).toBe(false);
    expect(report.coverage.skipped).toContainEqual({
      file: 'dist',
      code: 'unreadable',
      reason: 'not analysed, though a.js imports from it',
    });
    await rm(join(inner, 'dist'), { recursive: true });
    await rm(join(inner, 'a.js'));
  });

  it('scans the folder, too-large file and all', async () => {
    const report = await scan(await openFolder(root));
    expect(report.findings).toHaveLength(1);
    expect(report.complete).toBe(false);
    expect(report.coverage.skipped.find((skipped) => skipped.file === 'big.js')?.code).toBe('too-large');
  });

  it('refuses a folder that is none', async () => {
    await expect(openFolder(join(root, 'absent'))).rejects.toMatchObject({ code: 'folder-unreadable' });
  });
});

describe('hostile programs', () => {
  const seeds = [
    vulnerable,
    'class A extends B { static { this.x = 1; } get y() { return super.y(); } } for (const [a, { b = 1 }] of c) { switch (a) { case 1: break; default: continue; } }\n',
    'import os\nclass A(B):\n    x: int = 1\n    def f(self, *a, **k):\n        try:\n            return [i for i in a if i] + self.f(*a)\n        except* E as e:\n            raise\n        finally:\n            del a\nmatch x:\n    case {"a": [b, *_]} if b: pass\n',
    'function f(x) { return f(f) || g(x); } function g(x) { x.y = x; return x.y[f(x)](g); }\n',
    'def f(x): return g(lambda: f(x))\ndef g(h): return h(h())\nf(g(f))\n',
  ];
  it('never throw and always end', async () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.nat(200),
        fc.nat(30),
        fc.constantFrom(
          '',
          '(',
          ')',
          '{',
          '}',
          ':',
          '=',
          ' = ',
          '...',
          'await ',
          'yield ',
          '\n',
          '[',
          ']',
          ',',
          '=>',
          'x',
          '`',
          '${',
        ),
      )
      .map(([seed, at, cut, insert]) => seed.slice(0, at) + insert + seed.slice(at + cut));
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom('a.mjs', 'a.tsx', 'a.py'), async (text, file) => {
        const report = await scan(createMemoryTree({ [file]: text }));
        expect(report.coverage.files).toBe(1);
      }),
      { numRuns: 250 },
    );
  });
});
