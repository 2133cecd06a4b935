import { readFile, rename, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { digestBytes } from '@trocar/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedChange } from '../src/index.js';
import { type Bench, openBench } from './bench.js';

const shop = `import { tax } from './tax.js';

/** Adds the tax. */
export function price(net) {
  return net + tax(net); // both in cents
}

export class Cart {
  add(item) {
    this.items.push(item);
  }
}

export class List {
  add(item) {
    return [item];
  }
}
`;

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    'shop.js': shop,
    'shop.py': 'def price(net):\n    return net * 2\n',
    'broken.bin.js': Uint8Array.of(0, 1, 2, 3),
    'latin.js': Uint8Array.of(0x2f, 0x2f, 0xe4, 0x0a),
    'note.txt': 'no code\n',
    '.env': 'SECRET=1\n',
    'folder.js/inner.js': 'export const x = 1;\n',
    'huge.js': '',
  });
  await truncate(join(bench.root, 'huge.js'), 11 * 1024 * 1024);
});

afterAll(() => bench[Symbol.asyncDispose]());

describe('extract_code', () => {
  it('cuts a symbol out exactly as written', async () => {
    const { code, ...rest } = await bench.call<{ code: string }>('extract_code', { path: 'shop.js', symbol: 'price' });
    expect(code).toBe(shop.slice(shop.indexOf('export function price'), shop.indexOf('export class Cart')).trimEnd());
    expect(rest).toEqual({
      symbol: 'price',
      kind: 'function',
      line: 4,
      end_line: 6,
      comment: '/** Adds the tax. */',
      imports: ["import { tax } from './tax.js';"],
      digest: digestBytes(shop),
    });
  });

  it('reads Python as well', async () => {
    expect(await bench.call('extract_code', { path: 'shop.py', symbol: 'price' })).toMatchObject({
      code: 'def price(net):\n    return net * 2',
    });
  });

  it('tells symbols of one name apart by their line', async () => {
    await expect(bench.call('extract_code', { path: 'shop.js', symbol: 'add' })).rejects.toMatchObject({
      code: 'symbol-ambiguous',
      data: {
        candidates: [
          { symbol: 'Cart.add', line: 9 },
          { symbol: 'List.add', line: 15 },
        ],
      },
    });
    expect(await bench.call('extract_code', { path: 'shop.js', symbol: 'add', line: 15 })).toMatchObject({
      symbol: 'List.add',
    });
  });

  it.each([
    ['missing.js', 'x', 'path-missing'],
    ['shop.js', 'prices', 'symbol-missing'],
    ['shop.js', 'zzz', 'symbol-missing'],
    ['broken.bin.js', 'x', 'file-not-code'],
    ['latin.js', 'x', 'file-not-code'],
    ['note.txt', 'x', 'file-not-code'],
    ['.env', 'SECRET', 'file-not-code'],
    ['folder.js', 'x', 'not-a-file'],
    ['huge.js', 'x', 'file-too-large'],
    ['..', 'x', 'denied'],
    ['a\0b', 'x', 'path-missing'],
  ])('refuses %j %s with %s', async (path, symbol, code) => {
    await expect(bench.call('extract_code', { path, symbol })).rejects.toMatchObject({ code });
  });
});

describe('update_symbol', () => {
  const newCode = 'function price(net) {\n  return net;\n}';

  it('plans the change of that symbol alone and writes nothing', async () => {
    const plan = await bench.call<PlannedChange>('update_symbol', {
      path: 'shop.js',
      symbol: 'price',
      new_code: newCode,
      expected_digest: digestBytes(shop),
    });
    expect(plan.root).toBe(bench.root);
    expect(plan.edits).toMatchObject([{ file: 'shop.js', added: 1, removed: 1 }]);
    expect(await readFile(join(bench.root, 'shop.js'), 'utf8')).toBe(shop);
    const { root, snapshot, changes } = plan;
    expect(await bench.call('apply_changes', { root, snapshot, changes })).toEqual({ written: ['shop.js'] });
    expect(await readFile(join(bench.root, 'shop.js'), 'utf8')).toBe(
      shop.replace('  return net + tax(net); // both in cents\n', '  return net;\n'),
    );
    await bench.write({ 'shop.js': shop });
  });

  it('works beside the working folder where that was granted', async () => {
    await using wide = await openBench({ '../beside/a.js': 'export function one() {\n  return 1;\n}\n' }, true);
    const path = '../beside/a.js';
    const plan = await wide.call<PlannedChange>('update_symbol', {
      path,
      symbol: 'one',
      new_code: 'function one() {}',
    });
    expect(plan).toMatchObject({ root: join(wide.base, 'beside'), edits: [{ file: 'a.js' }] });
  });

  it('plans nothing where the code stays the same', async () => {
    const plan = await bench.call<PlannedChange>('update_symbol', {
      path: 'shop.py',
      symbol: 'price',
      new_code: 'def price(net):\n    return net * 2',
    });
    expect(plan.edits).toEqual([]);
    expect(plan.changes.files).toEqual([]);
  });

  it('is not applied to a folder that was replaced by a link', async () => {
    await using wide = await openBench({ 'a.js': 'export function one() {}\n', '../other/a.js': 'other\n' }, true);
    const input = { path: 'a.js', symbol: 'one', new_code: 'function one() { return 1; }' };
    const { root, snapshot, changes } = await wide.call<PlannedChange>('update_symbol', input);
    await rename(root, `${root}-moved`);
    await symlink(join(wide.base, 'other'), root);
    await expect(wide.call('apply_changes', { root, snapshot, changes })).rejects.toMatchObject({
      code: 'file-changed',
    });
    expect(await readFile(join(wide.base, 'other/a.js'), 'utf8')).toBe('other\n');
  });

  it('is not applied to a file that changed after the plan', async () => {
    const plan = await bench.call<PlannedChange>('update_symbol', {
      path: 'shop.js',
      symbol: 'price',
      new_code: newCode,
    });
    await bench.write({ 'shop.js': `${shop}// later\n` });
    const { root, snapshot, changes } = plan;
    await expect(bench.call('apply_changes', { root, snapshot, changes })).rejects.toMatchObject({
      code: 'file-changed',
      data: { paths: ['shop.js'] },
    });
    expect(await readFile(join(bench.root, 'shop.js'), 'utf8')).toBe(`${shop}// later\n`);
    await bench.write({ 'shop.js': shop });
  });

  it.each([
    [{ symbol: 'price', expected_digest: digestBytes('other') }, 'file-changed'],
    [{ symbol: 'prize' }, 'symbol-missing'],
    [{ symbol: 'add' }, 'symbol-ambiguous'],
    [{ symbol: 'price', new_code: 'function price( {' }, 'edit-refused'],
    [{ symbol: 'price', new_code: 'function other() {}' }, 'edit-refused'],
    [{ symbol: 'price', path: '../outside.js' }, 'denied'],
  ])('refuses %j with %s', async (input, code) => {
    await expect(bench.call('update_symbol', { path: 'shop.js', new_code: newCode, ...input })).rejects.toMatchObject({
      code,
    });
  });
});
