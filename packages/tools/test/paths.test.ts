import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCanonicalPath, toJudgedPath } from '../src/path/canonical-path.js';
import { isSecretFile } from '../src/path/secret-file.js';
import { type Bench, openBench } from './bench.js';

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({ 'src/a.js': 'export const a = 1;\n' });
  await symlink('/', join(bench.root, 'everything'));
  await symlink('loop', join(bench.root, 'loop'));
});

afterAll(() => bench[Symbol.asyncDispose]());

describe('toCanonicalPath', () => {
  it('resolves links and dots', async () => {
    expect(await toCanonicalPath(bench.root, 'src/../src/a.js')).toBe(join(bench.root, 'src/a.js'));
    expect(await toCanonicalPath(bench.root, 'everything')).toBe('/');
  });

  it.each([
    ['missing.js', 'path-missing'],
    ['src/a.js/b', 'path-missing'],
    ['a\0b', 'path-missing'],
    ['loop', 'path-unreadable'],
  ])('refuses %j', async (path, code) => {
    await expect(toCanonicalPath(bench.root, path)).rejects.toMatchObject({ code });
  });
});

describe('a path that leaves the root through a link', () => {
  it.each(['security_scan', 'extract_code', 'run_in_sandbox'])('is denied to %s', async (tool) => {
    const input = tool === 'extract_code' ? { path: 'everything/etc', symbol: 'x' } : { path: 'everything/etc' };
    await expect(bench.call(tool, input)).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('a path outside of the root', () => {
  it.each(['..', '../nothing-is-here', '/etc/passwd', '/nothing/is/here', 'everything/nothing', 'a/../../x'])(
    'is denied alike whether something is there or not: %s',
    async (path) => {
      const refusal = await bench.call('extract_code', { path, symbol: 'x' }).catch((error: Error) => error.message);
      expect(refusal).toBe('No grant lets local:ada read that place with extract_code.');
    },
  );

  it('is judged by the place that it means', async () => {
    expect(await toJudgedPath(bench.root, 'src/new/file.js')).toBe(join(bench.root, 'src/new/file.js'));
    expect(await toJudgedPath(bench.root, 'everything/new')).toBe('/new');
    expect(await toJudgedPath(bench.root, 'a\0b')).toBe(join(bench.root, 'ab'));
  });
});

describe('isSecretFile', () => {
  it.each([
    ['.env', true],
    ['config/.env.local', true],
    ['deploy/server.pem', true],
    ['id_ed25519', true],
    ['.npmrc', true],
    ['src/env.js', false],
    ['keys.js', false],
    ['id_ed25519.pub', false],
  ])('%s: %s', (path, secret) => {
    expect(isSecretFile(path)).toBe(secret);
  });
});
