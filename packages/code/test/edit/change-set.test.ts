import { digestBytes } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { materialiseChange, planChange } from '../../src/edit/change-set.js';
import { createOverlay } from '../../src/edit/overlay.js';
import { createMemoryTree, type SourceTree } from '../../src/source/source-tree.js';

const tree = () => createMemoryTree({ 'b.js': 'let b;\n', 'a.js': 'let a;\n' });

async function textOf(source: SourceTree, path: string): Promise<string> {
  return new TextDecoder().decode(await source.read(path));
}

async function plan(edits: Parameters<typeof planChange>[1], options?: Parameters<typeof planChange>[2]) {
  const change = await planChange(tree(), edits, options);
  if (!change.ok) throw new Error(change.problem.message);
  return change;
}

describe('planChange', () => {
  it('computes files in order, with digests before and after, and shows them in an overlay', async () => {
    const change = await plan(
      new Map([
        ['new/c.js', [{ start: 0, end: 0, text: 'let c;\n' }]],
        ['a.js', [{ start: 4, end: 5, text: 'aa' }]],
      ]),
    );
    expect(change.changeSet.files.map(({ path, before, after }) => [path, before, after])).toEqual([
      ['a.js', digestBytes('let a;\n'), digestBytes('let aa;\n')],
      ['new/c.js', 'absent', digestBytes('let c;\n')],
    ]);
    expect(change.overlay.files().map(({ path }) => path)).toEqual(['a.js', 'b.js', 'new/c.js']);
    expect(await textOf(change.overlay, 'a.js')).toBe('let aa;\n');
    expect(await textOf(change.overlay, 'b.js')).toBe('let b;\n');
    expect(change.overlay.changedPaths()).toEqual(['a.js', 'new/c.js']);
    expect(await textOf(tree(), 'a.js')).toBe('let a;\n');
  });

  it('leaves out files that stay as they are, but creates an empty one', async () => {
    const change = await plan(
      new Map([
        ['a.js', [{ start: 0, end: 3, text: 'let' }]],
        ['empty.js', []],
      ]),
    );
    expect(change.changeSet.files.map(({ path }) => path)).toEqual(['empty.js']);
  });

  it('names the file whose edits do not fit', async () => {
    const broken = new Map([['a.js', [{ start: 0, end: 99, text: '' }]]]);
    expect(await planChange(tree(), broken)).toMatchObject({
      ok: false,
      path: 'a.js',
      problem: { code: 'edit-out-of-range' },
    });
  });

  it('refuses when the author saw another file', async () => {
    const edits = new Map([['a.js', [{ start: 0, end: 0, text: 'x' }]]]);
    const baseDigests = new Map([['a.js', digestBytes('let z;\n')]]);
    expect(await planChange(tree(), edits, { baseDigests })).toMatchObject({
      ok: false,
      problem: { code: 'base-changed' },
    });
  });
});

describe('materialiseChange', () => {
  it('gives the same bytes again, and refuses on another tree', async () => {
    const edits = new Map([
      ['a.js', [{ start: 4, end: 5, text: 'x' }]],
      ['c.js', [{ start: 0, end: 0, text: 'c' }]],
    ]);
    const { changeSet, contents } = await plan(edits);
    const again = await materialiseChange(tree(), changeSet);
    expect(again).toMatchObject({ ok: true, changeSet });
    expect(again.ok && [...again.contents]).toEqual([...contents]);
    const moved = createMemoryTree({ 'a.js': 'let z;\n' });
    expect(await materialiseChange(moved, changeSet)).toMatchObject({
      ok: false,
      path: 'a.js',
      problem: { code: 'base-changed' },
    });
    const taken = createMemoryTree({ 'a.js': 'let a;\n', 'c.js': 'mine' });
    expect(await materialiseChange(taken, changeSet)).toMatchObject({
      ok: false,
      path: 'c.js',
      problem: { code: 'base-changed' },
    });
  });
});

describe('createOverlay', () => {
  it('shows later writes and passes on the rest', async () => {
    const overlay = createOverlay(tree());
    overlay.write('a.js', new TextEncoder().encode('new'));
    expect(await textOf(overlay, 'a.js')).toBe('new');
    expect(overlay.files()).toEqual([
      { path: 'a.js', sizeBytes: 3 },
      { path: 'b.js', sizeBytes: 7 },
    ]);
    expect(overlay.omissions()).toEqual([]);
    await expect(overlay.read('missing.js')).rejects.toThrow();
  });
});
