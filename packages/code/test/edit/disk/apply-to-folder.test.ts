import { chmod, chown, lstat, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { digestBytes } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { applyToFolder } from '../../../src/edit/disk/apply-to-folder.js';
import { undoFromFolder } from '../../../src/edit/disk/undo-from-folder.js';
import { openSampleFolder, sampleAfter, sampleBefore, toChange } from './sample-folder.js';
import { createStoppingFs, Stopped } from './stopping-fs.js';

describe('applyToFolder', () => {
  it('writes every file, keeps its mode, and says what it did', async () => {
    await using sample = await openSampleFolder();
    await chmod(join(sample.root, 'app.js'), 0o750);
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(outcome).toEqual({ status: 'applied', written: ['app.js', 'deep/er/b.py', 'new/folder/c.js'], already: [] });
    expect(await sample.list()).toEqual(sampleAfter);
    expect((await lstat(join(sample.root, 'app.js'))).mode & 0o7777).toBe(0o750);
  });

  it('does nothing the second time', async () => {
    await using sample = await openSampleFolder();
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(outcome).toEqual({ status: 'applied', written: [], already: ['app.js', 'deep/er/b.py', 'new/folder/c.js'] });
    expect(await sample.list()).toEqual(sampleAfter);
  });

  it('writes nothing when one file is not what the edits were made for', async () => {
    await using sample = await openSampleFolder();
    await writeFile(join(sample.root, 'deep/er/b.py'), 'changed by hand\n');
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    const conflict = {
      path: 'deep/er/b.py',
      expected: digestBytes('b = 1\r\n'),
      actual: digestBytes('changed by hand\n'),
    };
    expect(outcome).toEqual({ status: 'conflict', conflicts: [conflict], kept: [] });
    expect(await sample.list()).toEqual({ ...sampleBefore, 'deep/er/b.py': 'changed by hand\n' });
  });

  it('does not create over a file that appeared, nor edit one that vanished', async () => {
    await using sample = await openSampleFolder();
    await mkdir(join(sample.root, 'new/folder'), { recursive: true });
    await writeFile(join(sample.root, 'new/folder/c.js'), 'mine\n');
    await unlink(join(sample.root, 'app.js'));
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(outcome).toMatchObject({
      status: 'conflict',
      conflicts: [
        { path: 'app.js', actual: 'absent' },
        { path: 'new/folder/c.js', expected: 'absent' },
      ],
    });
  });

  it('takes back what it wrote when a later file changes meanwhile', async () => {
    await using sample = await openSampleFolder();
    let renames = 0;
    const fs = createStoppingFs((_, name) => {
      if (name === 'rename') renames += 1;
    });
    const racing: typeof fs = {
      ...fs,
      mkdir: fs.mkdir,
      link: fs.link,
      lstat: fs.lstat,
      open: fs.open,
      realpath: fs.realpath,
      rmdir: fs.rmdir,
      unlink: fs.unlink,
      async rename(from, to) {
        await fs.rename(from, to);
        if (String(to).endsWith('app.js')) await writeFile(join(sample.root, 'deep/er/b.py'), 'raced\n');
      },
    };
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs: racing });
    expect(outcome).toMatchObject({ status: 'conflict', conflicts: [{ path: 'deep/er/b.py' }], kept: [] });
    expect(renames).toBeGreaterThan(0);
    expect(await sample.list()).toEqual({ ...sampleBefore, 'deep/er/b.py': 'raced\n' });
  });

  it('looks again between writing the temporary file and the rename', async () => {
    await using sample = await openSampleFolder();
    const fs = createStoppingFs(() => {});
    const racing = new Proxy(fs, {
      get(target, name) {
        if (name !== 'open') return Reflect.get(target, name);
        return async (...args: Parameters<typeof fs.open>) => {
          const handle = await fs.open(...args);
          if (String(args[0]).includes('.trocar-')) await writeFile(join(sample.root, 'app.js'), 'raced\n');
          return handle;
        };
      },
    });
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs: racing });
    expect(outcome).toMatchObject({ status: 'conflict', conflicts: [{ path: 'app.js' }] });
    expect(await sample.list()).toEqual({ ...sampleBefore, 'app.js': 'raced\n' });
  });

  it('does not replace a file that is created at the last moment', async () => {
    await using sample = await openSampleFolder();
    const fs = createStoppingFs(() => {});
    const racing = new Proxy(fs, {
      get(target, name) {
        if (name !== 'link') return Reflect.get(target, name);
        return async (from: string, to: string) => {
          await writeFile(to, 'mine\n');
          return fs.link(from, to);
        };
      },
    });
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs: racing });
    expect(outcome).toMatchObject({ status: 'conflict', conflicts: [{ path: 'new/folder/c.js', expected: 'absent' }] });
    expect(await sample.list()).toEqual({ ...sampleBefore, 'new/folder/c.js': 'mine\n' });
  });

  it.each(['EPERM', 'ENOTSUP'])('renames where the file system has no links (%s)', async (code) => {
    await using sample = await openSampleFolder();
    const fs = createStoppingFs(() => {});
    const linkless = new Proxy(fs, {
      get(target, name) {
        if (name !== 'link') return Reflect.get(target, name);
        return () => Promise.reject(Object.assign(new Error('no links here'), { code }));
      },
    });
    await applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs: linkless });
    expect(await sample.list()).toEqual(sampleAfter);
  });

  it('refuses links on the way and in the place of a file', async () => {
    await using sample = await openSampleFolder();
    await rename(join(sample.root, 'deep'), join(sample.root, '..', 'elsewhere'));
    await symlink('../elsewhere', join(sample.root, 'deep'));
    const apply = () => applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    await expect(apply()).rejects.toMatchObject({ code: 'path-refused', data: { path: 'deep/er/b.py' } });

    await unlink(join(sample.root, 'deep'));
    await rename(join(sample.root, '..', 'elsewhere'), join(sample.root, 'deep'));
    await rename(join(sample.root, 'app.js'), join(sample.root, 'real.js'));
    await symlink('real.js', join(sample.root, 'app.js'));
    await expect(apply()).rejects.toMatchObject({ code: 'path-refused', data: { path: 'app.js' } });
    expect(await readFile(join(sample.root, 'real.js'), 'utf8')).toBe(sampleBefore['app.js']);
  });

  const badPaths = [
    '',
    '/etc/x',
    'C:/x',
    '../x',
    'a/../../x',
    'a//b',
    './a',
    'a\\b',
    'a\0b',
    '.git/hooks/pre-commit',
    'x/.GIT/y',
  ];
  it.each(badPaths)('refuses the path %j', async (path) => {
    await using sample = await openSampleFolder();
    const { changeSet, contents } = toChange({}, { [path]: 'x' });
    const apply = applyToFolder(sample.root, changeSet, contents, sample);
    await expect(apply).rejects.toMatchObject({ code: 'path-refused' });
    expect(await sample.list()).toEqual(sampleBefore);
  });

  it('refuses a path twice and a path that another one makes a folder', async () => {
    await using sample = await openSampleFolder();
    const once = toChange({}, { 'x.js': 'x' });
    const twice = { files: [...once.changeSet.files, ...once.changeSet.files] };
    await expect(applyToFolder(sample.root, twice, once.contents, sample)).rejects.toMatchObject({
      code: 'path-refused',
    });
    const nested = toChange({}, { x: '1', 'x/y': '2' });
    const apply = applyToFolder(sample.root, nested.changeSet, nested.contents, sample);
    await expect(apply).rejects.toMatchObject({ code: 'path-refused' });
  });

  it('refuses contents that are missing or not those of the change set', async () => {
    await using sample = await openSampleFolder();
    const apply = applyToFolder(sample.root, sample.changeSet, new Map(), sample);
    await expect(apply).rejects.toMatchObject({ code: 'contents-wrong' });
    const wrong = new Map([...sample.contents].map(([path]) => [path, new Uint8Array([1])]));
    await expect(applyToFolder(sample.root, sample.changeSet, wrong, sample)).rejects.toMatchObject({
      code: 'contents-wrong',
    });
  });

  it('refuses an undo folder inside the tree, also through a link, without creating it', async () => {
    await using sample = await openSampleFolder();
    const inside = { undoFolder: join(sample.root, 'undo', 'x') };
    const apply = (options: { undoFolder: string }) =>
      applyToFolder(sample.root, sample.changeSet, sample.contents, options);
    await expect(apply(inside)).rejects.toMatchObject({ code: 'undo-folder-refused' });
    await expect(apply({ undoFolder: sample.root })).rejects.toMatchObject({ code: 'undo-folder-refused' });
    await symlink(sample.root, join(sample.root, '..', 'way-in'));
    const linked = { undoFolder: join(sample.root, '..', 'way-in', 'undo') };
    await expect(apply(linked)).rejects.toMatchObject({ code: 'undo-folder-refused' });
    expect(await sample.list()).toEqual(sampleBefore);
  });

  it('says so when the folder is gone', async () => {
    await using sample = await openSampleFolder();
    const gone = join(sample.root, 'gone');
    const apply = applyToFolder(gone, sample.changeSet, sample.contents, sample);
    await expect(apply).rejects.toMatchObject({ code: 'folder-missing' });
    await expect(undoFromFolder(gone, sample)).rejects.toMatchObject({ code: 'folder-missing' });
  });

  it('refuses an undo folder of another change set', async () => {
    await using sample = await openSampleFolder();
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    const other = toChange({}, { 'other.js': 'x' });
    const apply = applyToFolder(sample.root, other.changeSet, other.contents, sample);
    await expect(apply).rejects.toMatchObject({ code: 'undo-folder-refused' });
  });

  it('leaves a file alone that was done before the first attempt and changed back since', async () => {
    await using sample = await openSampleFolder();
    await writeFile(join(sample.root, 'app.js'), sampleAfter['app.js'] as string);
    const outcome = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(outcome).toMatchObject({ status: 'applied', already: ['app.js'] });
    await writeFile(join(sample.root, 'app.js'), sampleBefore['app.js'] as string);
    const again = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(again).toMatchObject({ status: 'conflict', conflicts: [{ path: 'app.js' }] });
  });

  it('keeps the owner, also another one where this user may give files away', async () => {
    await using sample = await openSampleFolder();
    const mine = await lstat(join(sample.root, 'app.js'));
    const owner = mine.uid === 0 ? { uid: 1234, gid: 2345 } : { uid: mine.uid, gid: mine.gid };
    await chown(join(sample.root, 'app.js'), owner.uid, owner.gid);
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    expect(await lstat(join(sample.root, 'app.js'))).toMatchObject(owner);
  });
});

describe('undoFromFolder', () => {
  it('restores what was there, modes and folders included', async () => {
    await using sample = await openSampleFolder();
    await chmod(join(sample.root, 'app.js'), 0o700);
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    await chmod(join(sample.root, 'app.js'), 0o600);
    const outcome = await undoFromFolder(sample.root, sample);
    expect(outcome).toMatchObject({ status: 'applied', written: ['app.js', 'deep/er/b.py', 'new/folder/c.js'] });
    expect(await sample.list()).toEqual(sampleBefore);
    expect((await lstat(join(sample.root, 'app.js'))).mode & 0o7777).toBe(0o700);
    expect(await undoFromFolder(sample.root, sample)).toMatchObject({ status: 'applied', written: [] });
    expect(await applyToFolder(sample.root, sample.changeSet, sample.contents, sample)).toMatchObject({
      status: 'applied',
    });
    expect(await sample.list()).toEqual(sampleAfter);
  });

  it('keeps a created folder that somebody put a file into', async () => {
    await using sample = await openSampleFolder();
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    await writeFile(join(sample.root, 'new/mine.txt'), 'mine\n');
    await undoFromFolder(sample.root, sample);
    expect(await sample.list()).toEqual({ ...sampleBefore, 'new/mine.txt': 'mine\n' });
  });

  it('writes nothing when a file changed since', async () => {
    await using sample = await openSampleFolder();
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    await writeFile(join(sample.root, 'app.js'), 'later work\n');
    const outcome = await undoFromFolder(sample.root, sample);
    expect(outcome).toMatchObject({ status: 'conflict', conflicts: [{ path: 'app.js' }] });
    expect(await sample.list()).toEqual({ ...sampleAfter, 'app.js': 'later work\n' });
  });

  it('names a file that changes while it restores', async () => {
    await using sample = await openSampleFolder();
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    const fs = createStoppingFs(() => {});
    const racing = new Proxy(fs, {
      get(target, name) {
        if (name !== 'rename') return Reflect.get(target, name);
        return async (from: string, to: string) => {
          await fs.rename(from, to);
          await writeFile(join(sample.root, 'new/folder/c.js'), 'raced\n');
        };
      },
    });
    const outcome = await undoFromFolder(sample.root, { ...sample, fs: racing });
    expect(outcome).toMatchObject({ status: 'conflict', kept: ['new/folder/c.js'] });
  });

  it('refuses a folder without a record, and copies or a record that were changed', async () => {
    await using sample = await openSampleFolder();
    await mkdir(sample.undoFolder, { recursive: true });
    const undo = () => undoFromFolder(sample.root, sample);
    await expect(undo()).rejects.toMatchObject({ code: 'undo-damaged' });
    await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
    const record = join(sample.undoFolder, 'record.json');
    const written = await readFile(record, 'utf8');
    const copy = join(sample.undoFolder, `${digestBytes(sampleBefore['app.js'] as string).slice(7)}.before`);
    await writeFile(copy, 'tampered');
    await expect(undo()).rejects.toMatchObject({ code: 'undo-damaged' });
    await rm(copy);
    await expect(undo()).rejects.toMatchObject({ code: 'undo-damaged' });
    const forged = [
      'no json',
      'null',
      '{}',
      written.replace('"version":1', '"version":2'),
      written.replace('app.js', '../app.js'),
      written.replace('"new"', '"../new"'),
      written.replace(/"mode":\d+/, '"mode":-1'),
      written.replace(/"files":\[.*?\]/, '"files":[null]'),
    ];
    for (const text of forged) {
      await writeFile(record, text);
      await expect(undo()).rejects.toMatchObject({ code: 'undo-damaged' });
    }
    expect(await sample.list()).toEqual(sampleAfter);
  });
});

describe('stopping between any two calls to the disk', () => {
  it('leaves every file before or after, and the next call finishes and cleans up', async () => {
    for (let stopAt = 0, finished = false; !finished; stopAt += 1) {
      await using sample = await openSampleFolder();
      const fs = createStoppingFs((call) => {
        if (call === stopAt) throw new Stopped();
      });
      try {
        await applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs });
        finished = true;
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
      }
      for (const [path, text] of Object.entries(await sample.list())) {
        if (path.endsWith('/') || path.includes('.trocar-')) continue;
        expect([sampleBefore[path], sampleAfter[path]]).toContain(text);
      }
      const next = await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
      expect(next.status).toBe('applied');
      expect(await sample.list()).toEqual(sampleAfter);
      expect(await undoFromFolder(sample.root, sample)).toMatchObject({ status: 'applied' });
      expect(await sample.list()).toEqual(sampleBefore);
      if (finished) expect(stopAt).toBeGreaterThan(40);
    }
  });

  it('lets undo be stopped and finished in the same way', async () => {
    for (let stopAt = 0, finished = false; !finished; stopAt += 1) {
      await using sample = await openSampleFolder();
      await applyToFolder(sample.root, sample.changeSet, sample.contents, sample);
      const fs = createStoppingFs((call) => {
        if (call === stopAt) throw new Stopped();
      });
      try {
        await undoFromFolder(sample.root, { ...sample, fs });
        finished = true;
      } catch (error) {
        if (!(error instanceof Stopped)) throw error;
      }
      await undoFromFolder(sample.root, sample);
      expect(await sample.list()).toEqual(sampleBefore);
    }
  });

  it('takes back a half-applied change set', async () => {
    await using sample = await openSampleFolder();
    const fs = createStoppingFs((_, name) => {
      if (name === 'link') throw new Stopped();
    });
    await expect(applyToFolder(sample.root, sample.changeSet, sample.contents, { ...sample, fs })).rejects.toThrow(
      Stopped,
    );
    expect(dirname(sample.undoFolder)).not.toContain(sample.root);
    await undoFromFolder(sample.root, sample);
    expect(await sample.list()).toEqual(sampleBefore);
  });
});
