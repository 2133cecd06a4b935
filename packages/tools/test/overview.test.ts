import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestBytes } from '@trocar/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, openBench } from './bench.js';

const shop = `import { tax } from './tax.js';
export { tax as vat } from './tax.js';
const fs = require('node:fs');
const local = 1;

/** A cart. */
export class Cart extends Array {
  total(
    net,
  ) {
    return price(net);
  }
}

export function price(net) {
  return net + tax(net);
}
`;

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    'shop.js': shop,
    'tax.js': 'export function tax(net) {\n  return rate() * net;\n}\nfunction rate() {\n  return 0.2;\n}\n',
    'other/tax.js': 'export function tax() {}\n',
    'long.ts': `import type { ${'Aaaaaaaaa, '.repeat(40)} B } from './b.js';\n`,
    'empty.py': '',
    'broken.py': 'def good():\n    pass\n\ndef bad(:\n',
    'broken.js': 'let a = ;',
  });
  await mkdir(join(bench.root, 'node_modules'));
});

afterAll(() => bench[Symbol.asyncDispose]());

describe('get_file_context', () => {
  it('outlines a file without its bodies', async () => {
    expect(await bench.call('get_file_context', { path: 'shop.js' })).toEqual({
      language: 'jsx',
      lines: 17,
      size_bytes: shop.length,
      complete: true,
      imports: [
        "import { tax } from './tax.js';",
        "export { tax as vat } from './tax.js';",
        "const fs = require('node:fs');",
      ],
      symbols: [
        { symbol: 'fs', kind: 'constant', line: 3, end_line: 3 },
        { symbol: 'local', kind: 'constant', line: 4, end_line: 4 },
        {
          symbol: 'Cart',
          kind: 'class',
          line: 7,
          end_line: 13,
          exported: true,
          signature: 'export class Cart extends Array',
        },
        { symbol: 'Cart.total', kind: 'method', line: 8, end_line: 12, signature: 'total( net, )' },
        {
          symbol: 'price',
          kind: 'function',
          line: 15,
          end_line: 17,
          exported: true,
          signature: 'export function price(net)',
        },
      ],
      digest: digestBytes(shop),
    });
  });

  it('says when syntax errors may hide symbols', async () => {
    expect(await bench.call('get_file_context', { path: 'broken.py' })).toMatchObject({
      complete: false,
      symbols: expect.arrayContaining([expect.objectContaining({ symbol: 'good' })]),
    });
  });

  it('gives a hundred imports and counts the others', async () => {
    await using many = await openBench({
      'a.js': Array.from({ length: 120 }, (_, at) => `import './m${at}.js';\n`).join(''),
    });
    const { imports, more_imports } = await many.call<{ imports: string[]; more_imports: number }>('get_file_context', {
      path: 'a.js',
    });
    expect([imports.length, more_imports]).toEqual([100, 20]);
  });

  it('cuts long statements, and has nothing to say of an empty file', async () => {
    const { imports } = await bench.call<{ imports: string[] }>('get_file_context', { path: 'long.ts' });
    expect(imports.map((text) => text.length)).toEqual([201]);
    expect(await bench.call('get_file_context', { path: 'empty.py' })).toMatchObject({ lines: 0, symbols: [] });
  });

  it.each([
    ['none.js', 'path-missing'],
    ['other', 'not-a-file'],
    ['broken.js', 'file-not-code'],
    ['..', 'denied'],
  ])('refuses %s with %s', async (path, code) => {
    await expect(bench.call('get_file_context', { path })).rejects.toMatchObject({ code });
  });
});

describe('get_call_graph', () => {
  it('gives the calls around a function, in both directions, as far as asked', async () => {
    const near = await bench.call('get_call_graph', { symbol: 'shop.price', depth: 1 });
    expect(near).toMatchObject({
      symbol: 'shop.price',
      calls: [
        { caller: 'shop.Cart.total', callees: ['shop.price'] },
        { caller: 'shop.price', callees: ['tax.tax'] },
      ],
    });
    const far = await bench.call<{ calls: unknown[] }>('get_call_graph', { symbol: 'price' });
    expect(far.calls).toContainEqual({ caller: 'tax.tax', callees: ['tax.rate'] });
    expect(await bench.call('get_call_graph', { symbol: 'rate', depth: 1 })).toMatchObject({
      calls: [{ caller: 'tax.tax', callees: ['tax.rate'] }],
    });
  });

  it('gives all calls of a folder, and what it did not look at', async () => {
    const { calls, coverage } = await bench.call<{ calls: object[]; coverage: { skipped: object[] } }>(
      'get_call_graph',
      {},
    );
    expect(calls).toContainEqual({ caller: 'shop.price', callees: ['tax.tax'] });
    expect(coverage.skipped).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ file: 'broken.js', code: 'syntax-error' }),
        expect.objectContaining({ file: 'node_modules', code: 'dependency-folder' }),
      ]),
    );
  });

  it.each([
    [{ symbol: 'prize' }, 'symbol-missing'],
    [{ path: 'shop.js' }, 'not-a-folder'],
    [{ path: 'none' }, 'path-missing'],
    [{ path: '..' }, 'denied'],
    [{ depth: 11 }, 'invalid-input'],
  ])('refuses %j with %s', async (input, code) => {
    await expect(bench.call('get_call_graph', input)).rejects.toMatchObject({ code });
  });

  it('gives the candidates of a name that several functions have', async () => {
    await using same = await openBench(
      Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`f${at}.js`, 'export function run() {}\n'])),
    );
    await expect(same.call('get_call_graph', { symbol: 'run' })).rejects.toMatchObject({
      code: 'symbol-ambiguous',
      message: expect.stringContaining('run is 7 functions: f0.run, f1.run, f2.run, f3.run, f4.run, …'),
      data: { candidates: expect.arrayContaining(['f6.run']) },
    });
  });
});
