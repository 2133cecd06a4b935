import { Buffer } from 'node:buffer';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invalidArgument, withCode } from 'trocar:errors';
import { call } from 'trocar:host';

const kinds = { file: 0o100000, directory: 0o040000, link: 0o120000 };

const descriptions = {
  ENOENT: 'no such file or directory',
  EEXIST: 'file already exists',
  ENOTDIR: 'not a directory',
  EISDIR: 'illegal operation on a directory',
  ENOTEMPTY: 'directory not empty',
  EINVAL: 'invalid argument',
  ELOOP: 'too many symbolic links encountered',
  ENAMETOOLONG: 'name too long',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EPERM: 'operation not permitted',
  EBADF: 'bad file descriptor',
};

function toPath(path, name = 'path') {
  const text = path instanceof URL ? fileURLToPath(path) : Buffer.isBuffer(path) ? path.toString() : path;
  if (typeof text !== 'string') throw invalidArgument(name, 'of type string or an instance of Buffer or URL', path);
  if (text.includes('\0'))
    throw withCode(
      new TypeError(`The argument '${name}' must be a string without null bytes.`),
      'ERR_INVALID_ARG_VALUE',
    );
  return text.startsWith('/') ? text : resolve(text) + (text.endsWith('/') ? '/' : '');
}

function fileError(code, syscall, path, target) {
  const shown = target === undefined ? `'${path}'` : `'${path}' -> '${target}'`;
  const error = withCode(
    new Error(`${code}: ${descriptions[code]}, ${syscall}${path === undefined ? '' : ` ${shown}`}`),
    code,
  );
  return Object.assign(error, {
    errno: -1,
    syscall,
    ...(path !== undefined && { path }),
    ...(target !== undefined && { dest: target }),
  });
}

function run(syscall, operation, path, ...rest) {
  const bytes = rest.at(-1) instanceof Uint8Array ? rest.pop() : undefined;
  try {
    return call('fs', [operation, path, ...rest], bytes);
  } catch (error) {
    if (descriptions[error.code] === undefined) throw error;
    throw fileError(error.code, syscall, path);
  }
}

export class Stats {
  constructor(status) {
    const time = new Date(status.modifiedMs);
    Object.assign(this, {
      dev: 1,
      ino: status.node,
      mode: kinds[status.kind] | status.mode,
      nlink: 1,
      uid: 0,
      gid: 0,
      rdev: 0,
      size: status.sizeBytes,
      blksize: 4096,
      blocks: Math.ceil(status.sizeBytes / 512),
    });
    for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) {
      this[`${name}Ms`] = status.modifiedMs;
      this[name] = time;
    }
  }
  isFile() {
    return (this.mode & 0o170000) === kinds.file;
  }
  isDirectory() {
    return (this.mode & 0o170000) === kinds.directory;
  }
  isSymbolicLink() {
    return (this.mode & 0o170000) === kinds.link;
  }
  isFIFO() {
    return false;
  }
  isSocket() {
    return false;
  }
  isBlockDevice() {
    return false;
  }
  isCharacterDevice() {
    return false;
  }
}

export class Dirent {
  constructor(name, kind, parentPath) {
    Object.assign(this, { name, kind, parentPath, path: parentPath });
  }
  isFile() {
    return this.kind === 'file';
  }
  isDirectory() {
    return this.kind === 'directory';
  }
  isSymbolicLink() {
    return this.kind === 'link';
  }
}

const encodingOf = (options) => (typeof options === 'string' ? options : options?.encoding);
const toBytes = (data, options) =>
  typeof data === 'string'
    ? Buffer.from(data, encodingOf(options) ?? 'utf8')
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(String(data));

const descriptors = new Map();
let nextDescriptor = 3;

function descriptorOf(fd, syscall) {
  const found = descriptors.get(fd);
  if (found === undefined) throw fileError('EBADF', syscall);
  return found;
}

/** The synchronous file operations, on which all others are built. */
export const files = {
  readFile(path, options) {
    const name = typeof path === 'number' ? descriptorOf(path, 'read').path : toPath(path);
    const buffer = Buffer.from(run(typeof path === 'number' ? 'read' : 'open', 'read', name));
    const encoding = encodingOf(options);
    return encoding === undefined || encoding === null || encoding === 'buffer' ? buffer : buffer.toString(encoding);
  },
  writeFile(path, data, options) {
    const name = typeof path === 'number' ? descriptorOf(path, 'write').path : toPath(path);
    const flag = options?.flag ?? 'w';
    run('open', 'write', name, { exclusive: flag.includes('x'), append: flag.startsWith('a') }, toBytes(data, options));
  },
  appendFile(path, data, options) {
    run('open', 'write', toPath(path), { append: true }, toBytes(data, options));
  },
  exists(path) {
    try {
      return run('access', 'find', toPath(path)) !== null;
    } catch {
      return false;
    }
  },
  access(path) {
    run('access', 'stat', toPath(path));
  },
  stat(path, options) {
    if (options?.throwIfNoEntry === false && !files.exists(path)) return undefined;
    return new Stats(run('stat', 'stat', toPath(path)));
  },
  lstat(path, options) {
    if (options?.throwIfNoEntry === false && !files.exists(path)) return undefined;
    return new Stats(run('lstat', 'lstat', toPath(path)));
  },
  readdir(path, options) {
    const directory = toPath(path);
    const found = [];
    const visit = (at, prefix) => {
      for (const { name, kind } of run('scandir', 'list', at)) {
        const parent = prefix === '' ? directory : `${directory}/${prefix}`.replace('//', '/');
        found.push(
          options?.withFileTypes ? new Dirent(name, kind, parent) : prefix === '' ? name : `${prefix}/${name}`,
        );
        if (options?.recursive && kind === 'directory')
          visit(`${at}/${name}`, prefix === '' ? name : `${prefix}/${name}`);
      }
    };
    visit(directory, '');
    return found;
  },
  mkdir(path, options) {
    const recursive = typeof options === 'object' && options?.recursive === true;
    run('mkdir', 'mkdir', toPath(path), { recursive });
    return recursive ? toPath(path) : undefined;
  },
  mkdtemp(prefix) {
    const base = toPath(prefix, 'prefix');
    for (let attempt = 0; ; attempt += 1) {
      const path = `${base}${attempt.toString(36).padStart(6, '0')}`;
      if (files.exists(path)) continue;
      run('mkdtemp', 'mkdir', path, { recursive: false });
      return path;
    }
  },
  rm(path, options = {}) {
    const name = toPath(path);
    if (options.force && !files.exists(path) && run('lstat', 'find', name) === null) return;
    const isDirectory = run('rm', 'lstat', name).kind === 'directory';
    if (isDirectory && !options.recursive)
      throw withCode(new Error(`Path is a directory: rm returned EISDIR (is a directory) ${name}`), 'ERR_FS_EISDIR');
    run('rm', 'remove', name, { recursive: options.recursive === true });
  },
  rmdir(path, options = {}) {
    run('rmdir', 'remove', toPath(path), { directory: true, recursive: options.recursive === true });
  },
  unlink(path) {
    run('unlink', 'remove', toPath(path), {});
  },
  rename(from, to) {
    run('rename', 'rename', toPath(from), toPath(to));
  },
  copyFile(from, to, mode = 0) {
    run(
      'copyfile',
      'write',
      toPath(to),
      { exclusive: (mode & 1) === 1 },
      new Uint8Array(run('copyfile', 'read', toPath(from))),
    );
  },
  cp(from, to, options = {}) {
    const status = files.lstat(from);
    if (status.isSymbolicLink()) return files.symlink(resolve(dirname(toPath(from)), files.readlink(from)), to);
    if (!status.isDirectory()) return files.copyFile(from, to);
    if (!options.recursive)
      throw withCode(new Error(`Recursive option not enabled, cannot copy a directory: ${from}`), 'ERR_FS_EISDIR');
    files.mkdir(to, { recursive: true });
    for (const name of files.readdir(from)) files.cp(`${toPath(from)}/${name}`, `${toPath(to)}/${name}`, options);
    return undefined;
  },
  symlink(target, path) {
    run('symlink', 'symlink', toPath(path), String(target));
  },
  readlink(path) {
    return run('readlink', 'readlink', toPath(path));
  },
  realpath(path) {
    return run('realpath', 'realpath', toPath(path));
  },
  chmod(path, mode) {
    run('chmod', 'chmod', toPath(path), typeof mode === 'string' ? Number.parseInt(mode, 8) : mode);
  },
  utimes(path, _accessed, modified) {
    run('utime', 'utimes', toPath(path), modified instanceof Date ? modified.getTime() : Number(modified) * 1000);
  },
  truncate(path, size = 0) {
    run('truncate', 'truncate', toPath(path), size);
  },
  open(path, flags = 'r') {
    const name = toPath(path);
    const mode = String(flags);
    if (mode.startsWith('r')) run('open', 'stat', name);
    else if (mode.startsWith('w')) run('open', 'write', name, { exclusive: mode.includes('x') }, new Uint8Array(0));
    else run('open', 'write', name, { append: true, exclusive: mode.includes('x') }, new Uint8Array(0));
    nextDescriptor += 1;
    descriptors.set(nextDescriptor, { path: name, position: 0, append: mode.startsWith('a'), writable: mode !== 'r' });
    return nextDescriptor;
  },
  close(fd) {
    descriptorOf(fd, 'close');
    descriptors.delete(fd);
  },
  read(fd, buffer, offsetOrOptions = 0, length = buffer.byteLength - offsetOrOptions, position = null) {
    const descriptor = descriptorOf(fd, 'read');
    const start = position === null ? descriptor.position : Number(position);
    const part = new Uint8Array(run('read', 'read', descriptor.path)).subarray(start, start + length);
    buffer.set(part, offsetOrOptions);
    if (position === null) descriptor.position += part.length;
    return part.length;
  },
  write(fd, data, ...rest) {
    const descriptor = descriptorOf(fd, 'write');
    if (!descriptor.writable) throw fileError('EBADF', 'write');
    const bytes = toBytes(
      data,
      rest.find((item) => typeof item === 'string'),
    );
    const old = new Uint8Array(run('write', 'read', descriptor.path));
    const at = descriptor.append ? old.length : descriptor.position;
    const next = new Uint8Array(Math.max(old.length, at + bytes.length));
    next.set(old);
    next.set(bytes, at);
    run('write', 'write', descriptor.path, {}, next);
    descriptor.position = at + bytes.length;
    return bytes.length;
  },
  fstat(fd) {
    return files.stat(descriptorOf(fd, 'fstat').path);
  },
  fsync(fd) {
    descriptorOf(fd, 'fsync');
  },
};

export const constants = {
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  COPYFILE_EXCL: 1,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 64,
  O_EXCL: 128,
  O_TRUNC: 512,
  O_APPEND: 1024,
  S_IFMT: 0o170000,
  S_IFREG: 0o100000,
  S_IFDIR: 0o040000,
  S_IFLNK: 0o120000,
};
