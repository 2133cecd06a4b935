/** The errors that file operations give, named as POSIX names them. */
export type FileErrorCode =
  | 'ENOENT'
  | 'EEXIST'
  | 'ENOTDIR'
  | 'EISDIR'
  | 'ENOTEMPTY'
  | 'EINVAL'
  | 'ELOOP'
  | 'ENAMETOOLONG'
  | 'ENOSPC'
  | 'EROFS'
  | 'EPERM';

/** A file operation that could not be done. It crosses to the guest as a code and a guest path, nothing else. */
export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string) {
    super(`${code}: ${path}`);
    this.code = code;
    this.path = path;
  }
}

/** What is known about a node of the tree. Times are virtual milliseconds. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'link';
  readonly sizeBytes: number;
  readonly mode: number;
  readonly modifiedMs: number;
  readonly node: number;
}

interface BaseNode {
  readonly id: number;
  mode: number;
  modifiedMs: number;
}
interface FileNode extends BaseNode {
  readonly kind: 'file';
  bytes: Uint8Array;
  /** Content that the caller owns: copied before the first change. */
  shared: boolean;
}
interface DirectoryNode extends BaseNode {
  readonly kind: 'directory';
  readonly entries: Map<string, Node>;
}
interface LinkNode extends BaseNode {
  readonly kind: 'link';
  readonly target: string;
}
type Node = FileNode | DirectoryNode | LinkNode;

const mostLinksFollowed = 32;
const longestPath = 4096;
const longestName = 255;

/** Bounds of a file system: bytes of written content and number of nodes made by the guest. */
export interface FileQuota {
  readonly bytes: number;
  readonly nodes: number;
}

/**
 * A tree of files in memory. Nothing of the host can be reached through it, because nothing of the host is in it: a
 * link that points outside points to a path of this tree or to nothing.
 */
export class VirtualFileSystem {
  readonly #root: DirectoryNode;
  readonly #quota: FileQuota;
  readonly #nowMs: () => number;
  #usedBytes = 0;
  #usedNodes = 0;
  #nextId = 1;

  constructor(quota: FileQuota, nowMs: () => number) {
    this.#quota = quota;
    this.#nowMs = nowMs;
    this.#root = this.#createDirectory(0o755);
  }

  /** Puts a file of the caller's into the tree; it does not count against the quota and is never changed in place. */
  mount(path: string, bytes: Uint8Array): void {
    const names = splitPath(path);
    const last = names.pop();
    if (last === undefined) throw new FileError('EISDIR', path);
    const directory = this.#mountPoint(names, path);
    if (directory.entries.get(last)?.kind === 'directory') throw new FileError('EISDIR', path);
    directory.entries.set(last, { ...this.#base(0o644), kind: 'file', bytes, shared: true });
  }

  /** Makes a directory of the caller's, with those above it. */
  mountDirectory(path: string): void {
    this.#mountPoint(splitPath(path), path);
  }

  #mountPoint(names: readonly string[], path: string): DirectoryNode {
    let directory = this.#root;
    for (const name of names) {
      const existing = directory.entries.get(name);
      if (existing !== undefined && existing.kind !== 'directory') throw new FileError('ENOTDIR', path);
      const next: DirectoryNode = existing ?? this.#createDirectory(0o755);
      directory.entries.set(name, next);
      directory = next;
    }
    return directory;
  }

  status(path: string, follow = true): FileStatus {
    return toStatus(this.#lookUp(path, follow));
  }

  /** The node's status, or undefined when there is none; for callers to whom absence is no error. */
  find(path: string): FileStatus | undefined {
    try {
      return this.status(path);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  /** The content of a file; not to be changed by the caller. */
  read(path: string): Uint8Array {
    const node = this.#lookUp(path, true);
    if (node.kind !== 'file') throw new FileError('EISDIR', path);
    return node.bytes;
  }

  write(
    path: string,
    bytes: Uint8Array,
    options: { readonly exclusive?: boolean; readonly append?: boolean } = {},
  ): void {
    const { directory, name, node } = this.#place(path);
    if (node !== undefined && options.exclusive === true) throw new FileError('EEXIST', path);
    if (node?.kind === 'directory') throw new FileError('EISDIR', path);
    const file = node ?? this.#createFile(path);
    const before = options.append === true ? file.bytes : new Uint8Array(0);
    this.#replace(file, before.length + bytes.length, path);
    const content = new Uint8Array(before.length + bytes.length);
    content.set(before);
    content.set(bytes, before.length);
    file.bytes = content;
    file.shared = false;
    file.modifiedMs = this.#nowMs();
    directory.entries.set(name, file);
  }

  truncate(path: string, sizeBytes: number): void {
    const file = this.#lookUp(path, true);
    if (file.kind !== 'file') throw new FileError('EISDIR', path);
    this.#replace(file, sizeBytes, path);
    const content = new Uint8Array(sizeBytes);
    content.set(file.bytes.subarray(0, sizeBytes));
    file.bytes = content;
    file.shared = false;
    file.modifiedMs = this.#nowMs();
  }

  list(path: string): readonly { readonly name: string; readonly kind: FileStatus['kind'] }[] {
    const node = this.#lookUp(path, true);
    if (node.kind !== 'directory') throw new FileError('ENOTDIR', path);
    return [...node.entries].map(([name, { kind }]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  makeDirectory(path: string, recursive = false): void {
    const names = splitPath(path);
    let at = '';
    let made = false;
    for (const [index, name] of names.entries()) {
      at += `/${name}`;
      const last = index === names.length - 1;
      const { directory, name: placed, node } = this.#place(at);
      if (node === undefined) {
        if (!last && !recursive) throw new FileError('ENOENT', path);
        this.#countNode(path);
        directory.entries.set(placed, this.#createDirectory(0o755));
        directory.modifiedMs = this.#nowMs();
        made = true;
      } else if (node.kind !== 'directory') {
        throw new FileError(last ? 'EEXIST' : 'ENOTDIR', path);
      }
    }
    if (!made && !recursive) throw new FileError('EEXIST', path);
  }

  remove(path: string, options: { readonly recursive?: boolean; readonly directory?: boolean } = {}): void {
    const { directory, name, node } = this.#place(path, false);
    if (node === undefined) throw new FileError('ENOENT', path);
    if (node.kind === 'directory') {
      if (options.recursive !== true) {
        if (options.directory !== true) throw new FileError('EPERM', path);
        if (node.entries.size > 0) throw new FileError('ENOTEMPTY', path);
      }
    } else if (options.directory === true) {
      throw new FileError('ENOTDIR', path);
    }
    directory.entries.delete(name);
    directory.modifiedMs = this.#nowMs();
    this.#release(node);
  }

  rename(from: string, to: string): void {
    const source = this.#place(from, false);
    if (source.node === undefined) throw new FileError('ENOENT', from);
    const target = this.#place(to, false);
    if (target.node === source.node) return;
    if (source.node.kind === 'directory') {
      if (isInside(source.node, target.directory)) throw new FileError('EINVAL', to);
      if (target.node !== undefined && target.node.kind !== 'directory') throw new FileError('ENOTDIR', to);
      if (target.node?.kind === 'directory' && target.node.entries.size > 0) throw new FileError('ENOTEMPTY', to);
    } else if (target.node?.kind === 'directory') {
      throw new FileError('EISDIR', to);
    }
    if (target.node !== undefined) this.#release(target.node);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, source.node);
  }

  makeLink(target: string, path: string): void {
    const { directory, name, node } = this.#place(path, false);
    if (node !== undefined) throw new FileError('EEXIST', path);
    if (target.length > longestPath || target.includes('\0')) throw new FileError('EINVAL', path);
    this.#countNode(path);
    directory.entries.set(name, { ...this.#base(0o777), kind: 'link', target });
  }

  readLink(path: string): string {
    const node = this.#lookUp(path, false);
    if (node.kind !== 'link') throw new FileError('EINVAL', path);
    return node.target;
  }

  changeMode(path: string, mode: number): void {
    this.#lookUp(path, true).mode = mode & 0o7777;
  }

  changeTime(path: string, modifiedMs: number): void {
    this.#lookUp(path, true).modifiedMs = modifiedMs;
  }

  /** The path without links, `.` and `..`. */
  realPath(path: string): string {
    const trail: string[] = [];
    this.#walk(path, true, trail);
    return `/${trail.join('/')}`;
  }

  #lookUp(path: string, follow: boolean): Node {
    const found = this.#walk(path, follow, []);
    if (found.node === undefined) throw new FileError('ENOENT', path);
    if (path.endsWith('/') && found.node.kind === 'file') throw new FileError('ENOTDIR', path);
    return found.node;
  }

  /** Where `path` is or would be; its directory has to exist. */
  #place(path: string): { directory: DirectoryNode; name: string; node: Exclude<Node, LinkNode> | undefined };
  #place(path: string, follow: false): { directory: DirectoryNode; name: string; node: Node | undefined };
  #place(path: string, follow = true): { directory: DirectoryNode; name: string; node: Node | undefined } {
    const { directory, name, node } = this.#walk(path, follow, []);
    if (name === undefined) throw new FileError(node === this.#root ? 'EPERM' : 'EINVAL', path);
    return { directory, name, node };
  }

  #walk(
    path: string,
    follow: boolean,
    trail: string[],
  ): { directory: DirectoryNode; name?: string; node: Node | undefined } {
    const directories: DirectoryNode[] = [this.#root];
    const pending = splitPath(path).reverse();
    let links = 0;
    for (;;) {
      const name = pending.pop();
      const directory = directories.at(-1)!;
      if (name === undefined)
        return { directory: directories.at(-2) ?? this.#root, node: directory, ...lastName(trail) };
      if (name === '.') continue;
      if (name === '..') {
        // Above the root is the root, as everywhere.
        if (directories.length > 1) {
          directories.pop();
          trail.pop();
        }
        continue;
      }
      const node = directory.entries.get(name);
      const last = pending.length === 0;
      if (node === undefined) {
        if (!last) throw new FileError('ENOENT', path);
        trail.push(name);
        return { directory, name, node: undefined };
      }
      if (node.kind === 'link' && (follow || !last)) {
        links += 1;
        if (links > mostLinksFollowed) throw new FileError('ELOOP', path);
        if (node.target.startsWith('/')) {
          directories.length = 1;
          trail.length = 0;
        }
        pending.push(...splitPath(node.target).reverse());
        if (pending.length > longestPath) throw new FileError('ELOOP', path);
        continue;
      }
      trail.push(name);
      if (last) return { directory, name, node };
      if (node.kind !== 'directory') throw new FileError('ENOTDIR', path);
      directories.push(node);
    }
  }

  #replace(file: FileNode, sizeBytes: number, path: string): void {
    const used = this.#usedBytes - (file.shared ? 0 : file.bytes.length) + sizeBytes;
    if (used > this.#quota.bytes) throw new FileError('ENOSPC', path);
    this.#usedBytes = used;
  }

  #countNode(path: string): void {
    if (this.#usedNodes >= this.#quota.nodes) throw new FileError('ENOSPC', path);
    this.#usedNodes += 1;
  }

  #release(node: Node): void {
    if (node.kind === 'directory') {
      for (const child of node.entries.values()) this.#release(child);
    } else if (node.kind === 'file' && !node.shared) {
      this.#usedBytes -= node.bytes.length;
    }
    this.#usedNodes = Math.max(0, this.#usedNodes - 1);
  }

  #createFile(path: string): FileNode {
    this.#countNode(path);
    return { ...this.#base(0o644), kind: 'file', bytes: new Uint8Array(0), shared: false };
  }

  #createDirectory(mode: number): DirectoryNode {
    return { ...this.#base(mode), kind: 'directory', entries: new Map() };
  }

  #base(mode: number): BaseNode {
    return { id: this.#nextId++, mode, modifiedMs: this.#nowMs() };
  }
}

function splitPath(path: string): string[] {
  if (path.length > longestPath) throw new FileError('ENAMETOOLONG', `${path.slice(0, 80)}…`);
  if (path.includes('\0')) throw new FileError('EINVAL', path.replaceAll('\0', '\\0'));
  const names = path.split('/').filter((name) => name !== '');
  const long = names.find((name) => name.length > longestName);
  if (long !== undefined) throw new FileError('ENAMETOOLONG', `${long.slice(0, 80)}…`);
  return names;
}

function lastName(trail: readonly string[]): { name?: string } {
  const name = trail.at(-1);
  return name === undefined ? {} : { name };
}

function isInside(outer: DirectoryNode, inner: DirectoryNode): boolean {
  if (outer === inner) return true;
  for (const child of outer.entries.values()) if (child.kind === 'directory' && isInside(child, inner)) return true;
  return false;
}

function toStatus(node: Node): FileStatus {
  const sizeBytes = node.kind === 'file' ? node.bytes.length : node.kind === 'link' ? node.target.length : 0;
  return { kind: node.kind, sizeBytes, mode: node.mode, modifiedMs: node.modifiedMs, node: node.id };
}
