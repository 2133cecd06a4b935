import { symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestBytes } from '@trocar/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanResult, TestReport } from '../src/index.js';
import { openSnapshot } from '../src/snapshot/snapshot.js';
import { type Bench, openBench } from './bench.js';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    'run.js': "import { exec } from 'node:child_process';\nexport const run = (req) => exec('ls ' + req.query.dir);\n",
    'app.py': 'def double(n):\n    return n + n\n',
    'README.md': '# Shop\n',
    '.env': 'SECRET=1\n',
    'node_modules/x/index.js': 'export {};\n',
  });
  await writeFile(join(bench.root, 'huge.js'), '');
  await truncate(join(bench.root, 'huge.js'), 11 * 1024 * 1024);
  await symlink('/etc', join(bench.root, 'etc'));
});

afterAll(() => bench[Symbol.asyncDispose]());

const takeSnapshot = () =>
  bench.call<{ snapshot: `sha256:${string}`; files: number }>('snapshot_tree', { root: bench.root });

describe('snapshot_tree', () => {
  it('keeps code and prose, and names what it does not keep', async () => {
    const { snapshot, files } = await takeSnapshot();
    const { manifest, read, has } = openSnapshot(bench.engines.blobs, snapshot);
    expect(files).toBe(5);
    expect(manifest.files.map(({ path, reason }) => [path, reason])).toEqual([
      ['.env', 'its name says that it holds secrets'],
      ['README.md', undefined],
      ['app.py', undefined],
      ['huge.js', 'larger than 10485760 bytes'],
      ['run.js', undefined],
    ]);
    expect(manifest.omissions.map(({ path }) => path)).toEqual(['etc', 'node_modules']);
    expect(new TextDecoder().decode(read('README.md'))).toBe('# Shop\n');
    expect([has('README.md'), has('.env'), has('missing')]).toEqual([true, false, false]);
    for (const path of ['.env', 'missing']) {
      expect(() => read(path)).toThrowError(expect.objectContaining({ code: 'file-too-large' }));
    }
  });

  it('does not follow a root that is a link, nor copy the state of Trocar', async () => {
    await using wide = await openBench({ 'a.js': 'export {};\n' }, true);
    await symlink(wide.root, join(wide.base, 'link'));
    await expect(wide.call('snapshot_tree', { root: join(wide.base, 'link') })).rejects.toMatchObject({
      code: 'file-changed',
    });
    await expect(bench.call('snapshot_tree', { root: join(bench.root, 'etc') })).rejects.toMatchObject({
      code: 'denied',
    });
    await wide.write({ '../state/journal.db': 'x' });
    const { snapshot } = await wide.call<{ snapshot: `sha256:${string}` }>('snapshot_tree', { root: wide.base });
    const journal = openSnapshot(wide.engines.blobs, snapshot).manifest.files.find(({ path }) =>
      path.startsWith('state'),
    );
    expect(journal).toMatchObject({ reason: 'it is state of Trocar itself' });
  });

  it('is the same for the same folder', async () => {
    expect((await takeSnapshot()).snapshot).toBe((await takeSnapshot()).snapshot);
  });
});

describe('the steps on a snapshot', () => {
  it('find what a scan of the folder finds', async () => {
    const { snapshot } = await takeSnapshot();
    const { root } = bench;
    const copied = await bench.call<ScanResult>('scan_snapshot', { root, snapshot });
    const direct = await bench.call<ScanResult>('security_scan', { path: '.' });
    expect(copied.findings).toEqual(direct.findings);
    expect(copied.complete).toBe(false);
    expect(direct.complete).toBe(false);
    const single = await bench.call<ScanResult>('security_scan', { path: 'app.py' });
    expect(single).toMatchObject({ findings: [], coverage: { files: 1, analysed: 1 }, complete: true });
  });

  it('run no tests where there are none, and none of Python', async () => {
    const { snapshot } = await takeSnapshot();
    const report = await bench.call<TestReport>('test_snapshot', { root: bench.root, snapshot });
    expect(report.passed).toBe(0);
    await using python = await openBench({ 'app.py': 'x = 1\n' });
    const taken = await python.call<{ snapshot: string }>('snapshot_tree', { root: python.root });
    expect(await python.call('test_snapshot', { root: python.root, snapshot: taken.snapshot })).toMatchObject({
      tier: 'none',
      reason: 'the sandbox has no Python guest yet',
    });
    await using prose = await openBench({ 'README.md': '# A\n' });
    const other = await prose.call<{ snapshot: string }>('snapshot_tree', { root: prose.root });
    expect(await prose.call('test_snapshot', { root: prose.root, snapshot: other.snapshot })).toMatchObject({
      tier: 'none',
      reason: 'there is no code that the sandbox can run',
    });
  });

  it('refuse edits that do not fit', async () => {
    const { snapshot } = await takeSnapshot();
    const change = { path: 'run.js', before: digestBytes('other'), after: digestBytes('x'), edits: [] };
    await expect(
      bench.call('edit_snapshot', { root: bench.root, snapshot, changes: { files: [change] } }),
    ).rejects.toMatchObject({ code: 'edit-refused' });
    await expect(
      bench.call('edit_snapshot', {
        root: bench.root,
        snapshot,
        changes: { files: [{ ...change, path: '../run.js' }] },
      }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
