import { constants, files } from 'trocar:files';

class FileHandle {
  constructor(fd, path) {
    this.fd = fd;
    this.path = path;
  }
  async read(buffer, offset, length, position) {
    return { bytesRead: files.read(this.fd, buffer, offset, length, position), buffer };
  }
  async readFile(options) {
    return files.readFile(this.path, options);
  }
  async write(data, ...rest) {
    return { bytesWritten: files.write(this.fd, data, ...rest), buffer: data };
  }
  async writeFile(data, options) {
    files.writeFile(this.path, data, options);
  }
  async appendFile(data, options) {
    files.appendFile(this.path, data, options);
  }
  async stat() {
    return files.stat(this.path);
  }
  async truncate(size) {
    files.truncate(this.path, size);
  }
  async sync() {}
  async close() {
    files.close(this.fd);
  }
  async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() {
    await this.close();
  }
}

const toPromise =
  (operation) =>
  async (...args) =>
    operation(...args);
const promised = Object.fromEntries(Object.entries(files).map(([name, operation]) => [name, toPromise(operation)]));

export const {
  access,
  appendFile,
  chmod,
  copyFile,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
} = promised;

export async function open(path, flags) {
  return new FileHandle(files.open(path, flags), path);
}

export { constants };
export default {
  access,
  appendFile,
  chmod,
  constants,
  copyFile,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  symlink,
  truncate,
  unlink,
  utimes,
  writeFile,
};
