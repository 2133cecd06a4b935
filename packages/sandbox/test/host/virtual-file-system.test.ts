import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileError, VirtualFileSystem } from '../../src/host/virtual-file-system.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const create = (quota = { bytes: 1_000, nodes: 20 }) => new VirtualFileSystem(quota, () => 7);

function codeOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'done';
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
}

describe('VirtualFileSystem', () => {
  const files = create();
  files.mount('/p/a.txt', bytes('abc'));
  files.mountDirectory('/p/empty');
  files.makeLink('a.txt', '/p/link');
  files.makeLink('/p', '/p/up');
  files.makeLink('loop-b', '/loop-a');
  files.makeLink('loop-a', '/loop-b');
  files.makeLink('../../../../etc/passwd', '/p/out');
  files.makeLink('gone', '/p/dangling');

  const cases: readonly (readonly [string, () => unknown, string])[] = [
    ['a missing file', () => files.read('/p/b'), 'ENOENT'],
    ['a directory as a file', () => files.read('/p'), 'EISDIR'],
    ['a file as a directory', () => files.read('/p/a.txt/x'), 'ENOTDIR'],
    ['a file with a slash behind it', () => files.read('/p/a.txt/'), 'ENOTDIR'],
    ['a loop of links', () => files.read('/loop-a'), 'ELOOP'],
    ['a link that leads out', () => files.read('/p/out'), 'ENOENT'],
    ['a dangling link', () => files.read('/p/dangling'), 'ENOENT'],
    ['a path with NUL', () => files.read('/p/\0'), 'EINVAL'],
    ['a path of 64 KB', () => files.read('/a'.repeat(32_768)), 'ENAMETOOLONG'],
    ['a long name', () => files.read(`/${'a'.repeat(300)}`), 'ENAMETOOLONG'],
    ['the root as a file to write', () => files.write('/', bytes('')), 'EPERM'],
    ['a directory to write', () => files.write('/p', bytes('')), 'EISDIR'],
    ['a directory above nothing', () => files.makeDirectory('/x/y'), 'ENOENT'],
    ['a directory that is there', () => files.makeDirectory('/p'), 'EEXIST'],
    ['a directory below a file', () => files.makeDirectory('/p/a.txt/x', true), 'ENOTDIR'],
    ['a directory where a file is', () => files.makeDirectory('/p/a.txt', true), 'EEXIST'],
    ['removing nothing', () => files.remove('/p/b'), 'ENOENT'],
    ['removing a full directory', () => files.remove('/p', { directory: true }), 'ENOTEMPTY'],
    ['removing a file as a directory', () => files.remove('/p/a.txt', { directory: true }), 'ENOTDIR'],
    ['renaming nothing', () => files.rename('/p/b', '/p/c'), 'ENOENT'],
    ['renaming a directory into itself', () => files.rename('/p', '/p/empty/p'), 'EINVAL'],
    ['renaming a directory over a file', () => files.rename('/p/empty', '/p/a.txt'), 'ENOTDIR'],
    ['renaming a file over a directory', () => files.rename('/p/a.txt', '/p/empty'), 'EISDIR'],
    ['renaming over a full directory', () => files.rename('/p/empty', '/p'), 'ENOTEMPTY'],
    ['listing a file', () => files.list('/p/a.txt'), 'ENOTDIR'],
    ['a link where something is', () => files.makeLink('x', '/p/a.txt'), 'EEXIST'],
    ['a link to a target with NUL', () => files.makeLink('x\0', '/p/n'), 'EINVAL'],
    ['reading a file as a link', () => files.readLink('/p/a.txt'), 'EINVAL'],
    ['cutting a directory', () => files.truncate('/p', 0), 'EISDIR'],
    ['mounting on a directory', () => files.mount('/p/empty', bytes('')), 'EISDIR'],
    ['mounting on the root', () => files.mount('/', bytes('')), 'EISDIR'],
    ['mounting below a file', () => files.mount('/p/a.txt/x', bytes('')), 'ENOTDIR'],
  ];
  for (const [what, attempt, code] of cases)
    it(`refuses ${what} with ${code}`, () => expect(codeOf(attempt)).toBe(code));

  it('follows links, and names where they end', () => {
    expect(new TextDecoder().decode(files.read('/p/up/up/link'))).toBe('abc');
    expect(files.realPath('/p/up/./empty/../link')).toBe('/p/a.txt');
    expect(files.status('/p/link', false)).toMatchObject({ kind: 'link', sizeBytes: 5 });
    expect(files.find('/p/up')).toMatchObject({ kind: 'directory' });
    expect(files.find('/nope')).toBeUndefined();
    expect(files.realPath('/../..')).toBe('/');
  });

  it('never changes the bytes of its caller', () => {
    const mine = bytes('mine');
    const own = create();
    own.mount('/f', mine);
    own.write('/f', bytes('!'), { append: true });
    own.truncate('/f', 3);
    expect(new TextDecoder().decode(mine)).toBe('mine');
    expect(new TextDecoder().decode(own.read('/f'))).toBe('min');
  });

  it('holds its quota, and gives back what is freed', () => {
    const small = create({ bytes: 10, nodes: 3 });
    small.write('/a', new Uint8Array(10));
    expect(codeOf(() => small.write('/b', new Uint8Array(1)))).toBe('ENOSPC');
    small.remove('/a');
    small.write('/c', new Uint8Array(10));
    expect(codeOf(() => small.truncate('/c', 11))).toBe('ENOSPC');
    small.makeDirectory('/d');
    expect(codeOf(() => small.makeDirectory('/d/e/f/g', true))).toBe('ENOSPC');
    small.remove('/d', { recursive: true });
    small.changeMode('/c', 0o600);
    small.changeTime('/c', 99);
    expect(small.status('/c')).toMatchObject({ mode: 0o600, modifiedMs: 99 });
  });

  it('stays inside itself whatever is done to it', () => {
    const name = fc.constantFrom('a', 'b', '..', '.', 'c', '');
    const path = fc.array(name, { maxLength: 5 }).map((parts) => `/${parts.join('/')}`);
    const operation = fc.tuple(fc.constantFrom('write', 'mkdir', 'remove', 'rename', 'link', 'read'), path, path);
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const tree = create({ bytes: 100, nodes: 15 });
        for (const [kind, from, to] of operations) {
          codeOf(() => {
            if (kind === 'write') tree.write(from, bytes(to));
            else if (kind === 'mkdir') tree.makeDirectory(from, true);
            else if (kind === 'remove') tree.remove(from, { recursive: true });
            else if (kind === 'rename') tree.rename(from, to);
            else if (kind === 'link') tree.makeLink(to, from);
            else tree.read(from);
          });
        }
        let total = 0;
        const visit = (at: string, depth: number): void => {
          expect(depth).toBeLessThan(40);
          for (const entry of tree.list(at)) {
            const child = `${at === '/' ? '' : at}/${entry.name}`;
            if (entry.kind === 'directory') visit(child, depth + 1);
            if (entry.kind === 'file') total += tree.status(child).sizeBytes;
          }
        };
        visit('/', 0);
        expect(total).toBeLessThanOrEqual(100);
      }),
      { numRuns: 300 },
    );
  });
});
