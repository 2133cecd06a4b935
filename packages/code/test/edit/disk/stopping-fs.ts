import { type FileHandle, open } from 'node:fs/promises';
import { diskFs, type FolderFs } from '../../../src/edit/disk/folder-fs.js';

/** Thrown by {@link createStoppingFs} in the place of a process that ends. */
export class Stopped extends Error {}

/**
 * The real disk, calling `before` with a running number ahead of every call that reads or writes. When `before` throws,
 * that call and every later one throw too, so that nothing reaches the disk any more: what a killed process leaves.
 */
export function createStoppingFs(before: (call: number, name: string) => void): FolderFs {
  let calls = 0;
  let stopped: unknown;
  const step = (name: string) => {
    if (stopped === undefined) {
      try {
        before(calls, name);
        calls += 1;
      } catch (error) {
        stopped = error;
      }
    }
    if (stopped !== undefined) throw stopped;
  };
  const wrapHandle = (handle: FileHandle) =>
    new Proxy(handle, {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if (name !== 'close') step(String(name));
          return Reflect.apply(value, target, args);
        };
      },
    });
  return new Proxy(diskFs, {
    get(target, name) {
      const value = Reflect.get(target, name);
      return (...args: unknown[]) => {
        step(String(name));
        if (name === 'open') return open(...(args as Parameters<typeof open>)).then(wrapHandle);
        return Reflect.apply(value, target, args);
      };
    },
  });
}
