import { constants, type Dirent } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { CodeError } from '../errors.js';
import { comparePaths, type Omission, type SourceFile, type SourceTree } from './source-tree.js';

/** Folders that hold dependencies, build output or version control data, never the project's own source. */
const skippedFolders = new Set([
  ...['node_modules', 'bower_components', 'jspm_packages', '.git', '.hg', '.svn', '.venv', 'venv', 'site-packages'],
  ...['__pycache__', '.tox', '.nox', '.mypy_cache', '.pytest_cache', '.ruff_cache', '.eggs', 'dist', 'coverage'],
  ...['.next', '.nuxt', '.svelte-kit', '.turbo', '.cache', '.parcel-cache', '.yarn', '.pnpm-store', '.idea', '.vscode'],
]);

/** Bounds of a walk. */
export interface FolderOptions {
  readonly maxFiles?: number;
  readonly maxDepth?: number;
  /** Largest file that {@link SourceTree.read} returns, in bytes. */
  readonly maxFileBytes?: number;
}

interface Pending {
  readonly path: string;
  readonly depth: number;
}

class FolderWalk {
  readonly files: SourceFile[] = [];
  readonly omissions: Omission[] = [];
  readonly #root: string;
  readonly #maxFiles: number;
  readonly #maxDepth: number;

  constructor(root: string, options: FolderOptions) {
    this.#root = root;
    this.#maxFiles = options.maxFiles ?? 100_000;
    this.#maxDepth = options.maxDepth ?? 64;
  }

  async run(): Promise<void> {
    const stack: Pending[] = [{ path: '', depth: 0 }];
    for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
      for (const entry of await this.#list(folder.path)) {
        const path = folder.path === '' ? entry.name : `${folder.path}/${entry.name}`;
        if (this.files.length >= this.#maxFiles) {
          this.omissions.push({ path: '.', code: 'too-many-files', reason: `more than ${this.#maxFiles} files` });
          return;
        }
        if (entry.isDirectory()) this.#enter(stack, { path, depth: folder.depth + 1 }, entry.name);
        else await this.#addFile(path, entry);
      }
    }
  }

  async #list(path: string): Promise<Dirent[]> {
    try {
      return (await readdir(join(this.#root, path), { withFileTypes: true })).sort((a, b) =>
        comparePaths(a.name, b.name),
      );
    } catch (error) {
      if (path === '') throw error;
      this.omissions.push({ path, code: 'unreadable', reason: 'the folder cannot be read' });
      return [];
    }
  }

  #enter(stack: Pending[], folder: Pending, name: string): void {
    if (skippedFolders.has(name)) {
      this.omissions.push({ path: folder.path, code: 'dependency-folder', reason: `${name} is not source` });
    } else if (folder.depth > this.#maxDepth) {
      this.omissions.push({ path: folder.path, code: 'too-deep', reason: `deeper than ${this.#maxDepth} folders` });
    } else {
      stack.push(folder);
    }
  }

  async #addFile(path: string, entry: Dirent): Promise<void> {
    if (entry.isSymbolicLink()) {
      this.omissions.push({ path, code: 'symlink', reason: 'symbolic links are not followed' });
    } else if (!entry.isFile()) {
      this.omissions.push({ path, code: 'special-file', reason: 'not a regular file' });
    } else {
      try {
        this.files.push({ path, sizeBytes: (await lstat(join(this.#root, path))).size });
      } catch {
        this.omissions.push({ path, code: 'unreadable', reason: 'the file cannot be read' });
      }
    }
  }
}

async function readInside(root: string, path: string, maxBytes: number): Promise<Uint8Array> {
  const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new RangeError(`larger than ${maxBytes} bytes`);
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/**
 * Lists a folder once, without following symbolic links and without entering folders of dependencies, and reads its
 * files on demand. Throws `folder-unreadable`.
 */
export async function openFolder(root: string, options: FolderOptions = {}): Promise<SourceTree> {
  try {
    const absolute = await realpath(root);
    const walk = new FolderWalk(absolute, options);
    await walk.run();
    const files = walk.files.sort((a, b) => comparePaths(a.path, b.path));
    const listed = new Set(files.map((file) => file.path));
    const omissions = walk.omissions.sort((a, b) => comparePaths(a.path, b.path));
    return {
      files: () => files,
      omissions: () => omissions,
      read: (path) =>
        listed.has(path)
          ? readInside(absolute, path, options.maxFileBytes ?? 64_000_000)
          : Promise.reject(new RangeError(`no file ${path}`)),
    };
  } catch (cause) {
    throw new CodeError('folder-unreadable', 'The folder cannot be opened; give an existing, readable folder.', {
      cause,
    });
  }
}
