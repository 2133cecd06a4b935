import { mkdir, readFile, rm, symlink, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createManualClock, digestBytes } from '@trocar/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlannedChange } from '../src/index.js';
import { createLinkedProjects } from '../src/project/linked-projects.js';
import { isUnchanged, stampTree } from '../src/project/tree-stamp-disk.js';
import { type Bench, openBench } from './bench.js';

const files = {
  'src/tax.js': 'export function tax(net) {\n  return net * 0.2;\n}\nexport class Rate {\n  get() {}\n}\n',
  'src/shop.js':
    "import { tax } from './tax.js';\n\nexport const price = (net) => net + tax(net);\nconst f = (tax) => tax;\n",
  'src/index.js': "export { tax } from './tax.js';\nexport { price as cost } from './shop.js';\n",
  'src/old.cjs': 'function once() {}\nmodule.exports = { once };\n',
  'src/user.cjs': "const all = require('./old.cjs');\nall.once();\n",
  'src/main.js': 'export default function main() {}\n',
  'src/start.js': "import go from './main.js';\ngo();\n",
  'lib/a.py': 'def double(x):\n    return x * 2\n',
  'lib/b.py': 'from lib.a import double\n\nprint(double(2))\n',
  'page.html': '<script>tax(1)</script>\n',
  'note.txt': 'tax\n',
};

interface References {
  readonly proven: number;
  readonly possible: number;
  readonly complete: boolean;
  readonly references: { file: string; kind: string; places: { line: number; role?: string }[] }[];
  readonly coverage: { files: number; analysed: number; searched: number; skipped: unknown[] };
}

let bench: Bench;

beforeAll(async () => {
  bench = await openBench(files);
});

afterAll(() => bench[Symbol.asyncDispose]());

describe('get_symbol_references', () => {
  const find = (path: string, symbol: string, more: object = {}) =>
    bench.call<References>('get_symbol_references', { path, symbol, ...more });

  it('finds declaration, imports and uses in all files, and none of another thing of that name', async () => {
    expect(await find('src/tax.js', 'tax')).toEqual({
      symbol: 'tax',
      kind: 'function',
      file: 'src/tax.js',
      line: 1,
      end_line: 3,
      proven: 4,
      possible: 1,
      complete: false,
      references: [
        { file: 'src/index.js', kind: 'proven', places: [{ line: 1, column: 10, role: 'import' }] },
        {
          file: 'src/shop.js',
          kind: 'proven',
          places: [
            { line: 1, column: 10, role: 'import' },
            { line: 3, column: 37, role: 'reference' },
          ],
        },
        { file: 'src/tax.js', kind: 'proven', places: [{ line: 1, column: 17, role: 'declaration' }] },
        {
          file: 'page.html',
          kind: 'possible',
          places: [{ line: 1, reason: 'the file cannot be analysed and holds the name' }],
        },
      ],
      coverage: { files: 11, analysed: 7, searched: 1, skipped: [] },
    });
  });

  it('is complete where every use is sure', async () => {
    expect(await find('lib/a.py', 'double', { line: 1 })).toMatchObject({ proven: 3, possible: 0, complete: true });
  });

  it.each([
    ['src/main.js', 'main', 'src/start.js'],
    ['src/old.cjs', 'once', 'src/user.cjs'],
    ['src/shop.js', 'price', 'src/index.js'],
  ])('does not call complete what leaves %s under another name', async (path, symbol, user) => {
    const { complete, references } = await find(path, symbol);
    const named = references.filter(({ file }) => file === user);
    expect(complete && named.length === 0).toBe(false);
    expect(named.length).toBeGreaterThan(0);
  });

  it('lists many places of a file in groups, so that the list can be cut', async () => {
    await using many = await openBench({ 'a.js': `let x = 0;\n${'x += 1;\n'.repeat(100)}` });
    const { references, proven } = await many.call<References>('get_symbol_references', { path: 'a.js', symbol: 'x' });
    expect(proven).toBe(101);
    expect(references.map(({ places }) => places.length)).toEqual([40, 40, 21]);
  });

  it('names what it could not look at', async () => {
    await using odd = await openBench({
      'a.js': 'export const a = 1;\n',
      'bad.js': Uint8Array.of(0xff, 0xfe, 0),
      '.env.js': 'a\n',
    });
    await mkdir(join(odd.root, 'node_modules'));
    await symlink('a.js', join(odd.root, 'link.js'));
    const { complete, coverage } = await odd.call<References>('get_symbol_references', { path: 'a.js', symbol: 'a' });
    expect(complete).toBe(false);
    expect(coverage).toMatchObject({
      files: 2,
      skipped: [
        { file: 'bad.js', code: 'unreadable' },
        { file: 'link.js', code: 'symlink' },
        { file: 'node_modules', code: 'dependency-folder' },
      ],
    });
  });

  it.each([
    ['src/tax.js', 'get', 'needs-types'],
    ['src/tax.js', 'taxes', 'symbol-missing'],
    ['src/none.js', 'x', 'path-missing'],
    ['note.txt', 'x', 'file-not-code'],
    ['src', 'x', 'not-a-file'],
    ['..', 'x', 'denied'],
  ])('refuses %s %s with %s', async (path, symbol, code) => {
    await expect(find(path, symbol)).rejects.toMatchObject({ code });
  });

  it('gives the candidates of a name that means several symbols', async () => {
    await using two = await openBench({
      'a.js': 'var x = 1;\nvar x = 2;\n{ const y = 1; }\n',
      'broken.js': 'let a = ;',
    });
    await expect(two.call('get_symbol_references', { path: 'a.js', symbol: 'x' })).rejects.toMatchObject({
      code: 'symbol-ambiguous',
      message: expect.stringContaining('a.js:2'),
      data: { candidates: [{ file: 'a.js', line: 1 }, { line: 2 }] },
    });
    await expect(two.call('get_symbol_references', { path: 'broken.js', symbol: 'a' })).rejects.toMatchObject({
      code: 'file-not-code',
    });
  });
});

describe('rename_symbol', () => {
  it('plans the new name in every file that uses it, and nothing else', async () => {
    await using shop = await openBench({ ...files, 'page.html': '' });
    const input = { path: 'src/tax.js', symbol: 'tax', new_name: 'vat', line: 1 };
    const expected_digest = digestBytes(files['src/tax.js']);
    const plan = await shop.call<PlannedChange>('rename_symbol', { ...input, expected_digest });
    expect(plan.edits.map(({ file, added, removed }) => [file, added, removed])).toEqual([
      ['src/index.js', 1, 1],
      ['src/shop.js', 2, 2],
      ['src/tax.js', 1, 1],
    ]);
    expect(await readFile(join(shop.root, 'src/tax.js'), 'utf8')).toBe(files['src/tax.js']);
    const { root, snapshot, changes } = plan;
    await shop.call('apply_changes', { root, snapshot, changes });
    expect(await readFile(join(shop.root, 'src/shop.js'), 'utf8')).toBe(
      "import { vat } from './tax.js';\n\nexport const price = (net) => net + vat(net);\nconst f = (tax) => tax;\n",
    );
    // The project in memory is not the one before the change.
    const after = await shop.call<References>('get_symbol_references', { path: 'src/tax.js', symbol: 'vat' });
    expect(after).toMatchObject({ proven: 4, complete: true });
  });

  it('renames in a folder beside the working folder where that was granted', async () => {
    await using wide = await openBench({ '../beside/a.js': 'export function one() {}\n' }, true);
    const input = { path: '../beside/a.js', symbol: 'one', new_name: 'two' };
    const plan = await wide.call<PlannedChange>('rename_symbol', input);
    expect(plan).toMatchObject({ root: join(wide.base, 'beside'), edits: [{ file: 'a.js' }] });
  });

  it.each([
    [{ new_name: 'a b' }, 'rename-refused', 'name-unusable'],
    [{ new_name: 'Rate' }, 'rename-refused', 'name-collides'],
    [{ new_name: 'vat' }, 'rename-refused', 'uncertain-references'],
    [{ new_name: 'vat', symbol: 'Rate.get' }, 'needs-types', 'needs-types'],
    [{ new_name: 'vat', symbol: 'taxes' }, 'symbol-missing', 'symbol-missing'],
  ])('refuses %j with %s (%s)', async (input, code, reason) => {
    const call = bench.call('rename_symbol', { path: 'src/tax.js', symbol: 'tax', ...input });
    await expect(call).rejects.toMatchObject({ code, data: { reason } });
  });

  it('refuses a file that changed since it was read', async () => {
    const input = { path: 'lib/a.py', symbol: 'double', new_name: 'twice', expected_digest: digestBytes('other') };
    await expect(bench.call('rename_symbol', input)).rejects.toMatchObject({ code: 'file-changed' });
  });

  it('names the places that stand in the way, in the message as well', async () => {
    const call = bench.call('rename_symbol', { path: 'src/tax.js', symbol: 'tax', new_name: 'vat' });
    await expect(call).rejects.toMatchObject({
      message: expect.stringContaining('page.html:1'),
      data: { candidates: [{ file: 'page.html', line: 1 }] },
    });
  });
});

describe('the projects that are kept in memory', () => {
  // Long after every file was written, so that their times can be trusted.
  const later = () => createManualClock(Date.now() + 1_000_000);

  it('are used again while nothing has changed', async () => {
    const projects = createLinkedProjects(later());
    const [first, second] = await Promise.all([projects.open(bench.root), projects.open(bench.root)]);
    expect(await projects.open(bench.root)).toBe(second);
    expect(await second.linked(false)).toBe(await second.linked(false));
    expect(first.root).toBe(second.root);
  });

  it.each<[string, (root: string, { write }: Bench) => Promise<void>]>([
    ['a file has other text of the same size', (_, { write }) => write({ 'a.js': 'let b = 1;\n' })],
    ['a file is new', (_, { write }) => write({ 'c.js': '' })],
    ['a file is new in a folder that was empty', (_, { write }) => write({ 'empty/deep/c.js': '' })],
    ['a file is gone', (root) => unlink(join(root, 'a.js'))],
    ['a folder is gone', (root) => rm(join(root, 'empty'), { recursive: true })],
    ['a file is shorter', (root) => truncate(join(root, 'a.js'), 1)],
  ])('are opened anew when %s', async (_, change) => {
    await using small = await openBench({ 'a.js': 'let a = 1;\n', 'b/b.js': '' });
    await mkdir(join(small.root, 'empty/deep'), { recursive: true });
    const projects = createLinkedProjects(later());
    const before = await projects.open(small.root);
    expect(await projects.open(small.root)).toBe(before);
    await change(small.root, small);
    const after = await projects.open(small.root);
    expect(after).not.toBe(before);
    expect(await projects.open(small.root)).toBe(after);
  });

  it('are not trusted right after a change, when the next one may bear the same time', async () => {
    await using small = await openBench({ 'a.js': 'let a = 1;\n' });
    const clock = createManualClock(Date.now());
    const projects = createLinkedProjects(clock);
    const before = await projects.open(small.root);
    expect(await projects.open(small.root)).not.toBe(before);
    clock.advance(1_000_000);
    const settled = await projects.open(small.root);
    expect(await projects.open(small.root)).toBe(settled);
  });

  it('are two at most', async () => {
    await using one = await openBench({ 'a.js': '' });
    await using two = await openBench({ 'a.js': '' });
    const projects = createLinkedProjects(later());
    const first = await projects.open(bench.root);
    await projects.open(one.root);
    await projects.open(two.root);
    expect(await projects.open(bench.root)).not.toBe(first);
  });

  it('refuse a folder with too much code, and work again when it is smaller', async () => {
    await using big = await openBench({ 'a.js': '' });
    await truncate(join(big.root, 'a.js'), 65 * 1024 * 1024);
    const projects = createLinkedProjects(later());
    await expect(projects.open(big.root)).rejects.toMatchObject({ code: 'tree-too-large' });
    await truncate(join(big.root, 'a.js'), 0);
    expect((await projects.open(big.root)).tree.files()).toHaveLength(1);
  });

  it('have no stamp where the listing is not what stands there, or not all of it', async () => {
    const listed = (paths: string[], omitted: 'too-many-files'[] = []) => ({
      files: () => paths.map((path) => ({ path, sizeBytes: 1 })),
      omissions: () => omitted.map((code) => ({ path: '.', code, reason: 'too many' })),
      read: async () => new Uint8Array(),
    });
    await using small = await openBench({ 'a.js': '1' });
    const stamp = stampTree(small.root, listed(['a.js']));
    expect(stamp && isUnchanged(small.root, stamp)).toBe(true);
    expect(stampTree(small.root, listed([]))).toBeUndefined();
    expect(stampTree(small.root, listed(['a.js', 'b.js']))).toBeUndefined();
    expect(stampTree(small.root, listed(['a.js'], ['too-many-files']))).toBeUndefined();
    expect(stampTree(join(small.root, 'none'), listed([]))).toBeUndefined();
    expect(stampTree(small.root, listed(Array.from({ length: 50_001 }, (_, at) => `${at}.js`)))).toBeUndefined();
  });
});
