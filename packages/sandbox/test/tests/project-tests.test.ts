import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openSandbox } from '../../src/open-sandbox.js';
import { findTestFiles } from '../../src/tests/find-test-files.js';
import { type Files, runGuest, toFiles } from '../guests/run-guest.js';

const sandbox = await openSandbox();
afterAll(() => sandbox.close());

async function verdicts(source: string): Promise<Record<string, string>> {
  const { tests, trap } = await runGuest(
    {
      'a.test.mjs': `import test, { describe, it, before, after, beforeEach, afterEach, mock, suite } from 'node:test'; import assert from 'node:assert/strict';\n${source}`,
    },
    { tests: true },
  );
  if (trap !== undefined) throw new Error(trap.message);
  return Object.fromEntries(
    tests.map(({ name, status, message }) => [
      name,
      status + (message === undefined ? '' : `: ${message.split('\n')[0]}`),
    ]),
  );
}

describe('node:test', () => {
  it('runs tests, suites, subtests, skips and todos', async () => {
    expect(
      await verdicts(`
        test('passes', () => {});
        test('fails', () => { throw new Error('no'); });
        test('fails later', async () => { await null; assert.equal(1, 2); });
        test('by callback', (t, done) => setTimeout(done, 10));
        test('by failing callback', (t, done) => setTimeout(() => done(new Error('cb')), 10));
        test.skip('skipped', () => { throw new Error('never'); });
        test('skipped by option', { skip: 'because' }, () => {});
        test('skipped inside', (t) => t.skip());
        test.todo('to do');
        test('failing to do', { todo: true }, () => { throw new Error('allowed'); });
        test('times out', { timeout: 50 }, () => new Promise(() => setTimeout(() => {}, 1e6)));
        test('late error', async () => { setTimeout(() => { throw new Error('thrown late'); }, 1); await new Promise((r) => setTimeout(r, 5)); });
        describe('suite', () => { it('inside', () => {}); describe('nested', () => { it('deep', () => {}); }); it.skip('not', () => {}); });
        suite('other name', () => { test('also', () => {}); });
        describe.skip('skipped suite', () => { it('x', () => { throw new Error('never'); }); });
        describe('broken suite', () => { throw new Error('while collecting'); });
        test('parent', async (t) => { await t.test('child', () => {}); await t.test('failing child', () => { throw new Error('c'); }); });
        test('planned', (t) => { t.plan(2); t.assert.ok(true); });
      `),
    ).toEqual({
      passes: 'passed',
      fails: 'failed: Error: no',
      'fails later': expect.stringMatching(/^failed: AssertionError/) as string,
      'by callback': 'passed',
      'by failing callback': 'failed: Error: cb',
      skipped: 'skipped',
      'skipped by option': 'skipped',
      'skipped inside': 'skipped',
      'to do': 'skipped',
      'failing to do': 'skipped',
      'times out': 'failed: Error: test timed out after 50ms',
      'late error': 'failed: Error: thrown late',
      'suite > inside': 'passed',
      'suite > nested > deep': 'passed',
      'suite > not': 'skipped',
      'other name > also': 'passed',
      'skipped suite > x': 'skipped',
      'broken suite': 'failed: Error: while collecting',
      'parent > child': 'passed',
      'parent > failing child': 'failed: Error: c',
      parent: 'failed: Error: 1 subtest failed',
      planned: 'failed: Error: plan expected 2 assertions but received 1',
    });
  });

  it('runs hooks in order', async () => {
    const result = await runGuest(
      {
        'a.test.mjs': `import { describe, it, before, after, beforeEach, afterEach } from 'node:test';
          const log = (text) => () => console.log(text);
          before(log('root before')); after(log('root after')); beforeEach(log('root each')); 
          describe('s', () => { before(log('before')); after(log('after')); beforeEach(log('each')); afterEach(log('each after')); it('a', log('a')); it('b', log('b')); });`,
      },
      { tests: true },
    );
    expect(result.stdout.trim().split('\n')).toEqual([
      'root before',
      'before',
      'root each',
      'each',
      'a',
      'each after',
      'root each',
      'each',
      'b',
      'each after',
      'after',
      'root after',
    ]);
  });

  it('fails what a broken hook belongs to', async () => {
    expect(
      await verdicts(`
        describe('s', () => { before(() => { throw new Error('hook'); }); it('a', () => {}); describe('n', () => { it('b', () => {}); }); });
        describe('t', () => { beforeEach(() => { throw new Error('each'); }); it('c', () => {}); after(() => { throw new Error('end'); }); });
      `),
    ).toEqual({
      's > a': 'failed: Error: hook',
      's > n > b': 'failed: Error: hook',
      't > c': 'failed: Error: each',
      't > <after hook>': 'failed: Error: end',
    });
  });

  it('runs only what is marked so', async () => {
    expect(
      await verdicts(
        "test('a', () => {}); test.only('b', () => {}); describe.only('s', () => { it('c', () => {}); });",
      ),
    ).toEqual({ a: 'skipped', b: 'passed', 's > c': 'passed' });
  });

  it('mocks functions, methods and getters', async () => {
    expect(
      await verdicts(`
        test('fn', (t) => { const f = t.mock.fn((x) => x + 1); assert.equal(f(1), 2); f.mock.mockImplementationOnce(() => 9); assert.equal(f(1), 9); assert.equal(f(2), 3); assert.equal(f.mock.callCount(), 3); assert.deepEqual(f.mock.calls[2].arguments, [2]); f.mock.resetCalls(); assert.equal(f.mock.calls.length, 0); });
        test('throwing fn', (t) => { const f = t.mock.fn(() => { throw new Error('m'); }); assert.throws(f, /m/); assert.match(f.mock.calls[0].error.message, /m/); });
        test('method', (t) => { const o = { v: 2, m() { return this.v; } }; const k = t.mock.method(o, 'm', () => 7); assert.equal(o.m(), 7); k.mock.restore(); assert.equal(o.m(), 2); });
        test('restored at the end', () => { class A { m() { return 1; } } const a = new A(); mock.method(a, 'm', () => 2); assert.equal(a.m(), 2); mock.restoreAll(); assert.equal(a.m(), 1); assert.equal(Object.hasOwn(a, 'm'), false); });
        test('getter', (t) => { const o = { get g() { return 1; } }; t.mock.getter(o, 'g', () => 5); assert.equal(o.g, 5); });
        test('not a method', (t) => { assert.throws(() => t.mock.method({}, 'nope'), TypeError); });
        test('times', (t) => { const f = t.mock.fn(() => 'real', () => 'mock', { times: 1 }); assert.deepEqual([f(), f()], ['mock', 'real']); });
      `),
    ).toEqual({
      fn: 'passed',
      'throwing fn': 'passed',
      method: 'passed',
      'restored at the end': 'passed',
      getter: 'passed',
      'not a method': 'passed',
      times: 'passed',
    });
  });
});

describe('runTests', () => {
  it('runs a real project, with equal fuel each time', async () => {
    const root = new URL('../../../../examples/parcel-desk/', import.meta.url);
    const files = new Map<string, Uint8Array>();
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = `${entry.parentPath}/${entry.name}`.replaceAll('//', '/');
      files.set(path.slice(root.pathname.length).replace(/^\//, ''), new Uint8Array(readFileSync(path)));
    }
    const first = await sandbox.runTests({ files });
    const second = await sandbox.runTests({ files });
    expect(first).toMatchObject({ status: 'ran', failed: 0 });
    expect(first.passed).toBeGreaterThan(10);
    expect(second).toEqual(first);
    expect(first.receipt.fuelUnits).toBe(first.fuelUnits);
  });

  const unsupported: readonly (readonly [string, Files, RegExp])[] = [
    ['there are no tests', { 'a.js': '' }, /no test files/],
    [
      'a package is missing',
      { 'a.test.mjs': "import 'vitest';" },
      /Cannot find package 'vitest' imported from a\.test\.mjs/,
    ],
    ['a module of Node is missing', { 'a.test.mjs': "import 'node:sqlite';" }, /node:sqlite/],
    [
      'a door is closed',
      {
        'a.test.mjs':
          "import test from 'node:test'; import { execSync } from 'node:child_process'; test('x', () => execSync('ls'));",
      },
      /child_process\.execSync, which the sandbox denies/,
    ],
    ['a framework is missing', { 'a.test.mjs': "describe('x', () => {});" }, /describe, a global of a test framework/],
    ['tests are in TypeScript', { 'a.test.ts': 'const a: number = 1;' }, /TypeScript/],
  ];
  for (const [what, files, reason] of unsupported) {
    it(`says 'unsupported' when ${what}`, async () => {
      const run = await sandbox.runTests({ files: toFiles(files) });
      expect(run).toMatchObject({ status: 'unsupported', reason: expect.stringMatching(reason) as string, passed: 0 });
    });
  }

  it('says that a test failed when it failed for its own reasons', async () => {
    const run = await sandbox.runTests({
      files: toFiles({
        'test/a.js': "import('./nothere.js').catch(() => {});",
        'b.test.js': "const test = require('node:test'); test('bad', () => { throw new Error('x'); });",
        'c.test.js': 'for (;;);',
      }),
      limits: { fuelUnits: 200_000_000 },
    });
    expect(run).toMatchObject({ status: 'ran', passed: 1, failed: 2 });
    expect(run.tests.map(({ file, status }) => [file, status])).toEqual([
      ['b.test.js', 'failed'],
      ['c.test.js', 'failed'],
      ['test/a.js', 'passed'],
    ]);
  });

  it('finds the files that node --test finds', () => {
    const found = [
      'a.test.js',
      'a-test.mjs',
      'a_test.cjs',
      'test.js',
      'test-x.js',
      'test/x.js',
      'src/test/y.mjs',
      'x.test.ts',
    ];
    const others = [
      'a.js',
      'testing.js',
      'test/data.json',
      'node_modules/p/test/x.js',
      'a.test.d.ts',
      'latest.js',
      'test.md',
    ];
    expect(findTestFiles([...found, ...others])).toEqual(found.toSorted());
  });
});
