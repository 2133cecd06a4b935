import promises from 'node:fs/promises';
import { invalidArgument } from 'trocar:errors';
import { constants, Dirent, files, Stats } from 'trocar:files';

function withCallback(operation) {
  return (...args) => {
    const callback = args.pop();
    if (typeof callback !== 'function') throw invalidArgument('cb', 'of type function', callback);
    let result;
    try {
      result = [null, operation(...args)];
    } catch (error) {
      result = [error];
    }
    globalThis.setImmediate(callback, ...result);
  };
}

const fs = { constants, Dirent, Stats, promises };
for (const [name, operation] of Object.entries(files)) {
  fs[`${name}Sync`] = operation;
  fs[name] = withCallback(operation);
}
fs.exists = (path, callback) => globalThis.setImmediate(callback, files.exists(path));

export const {
  access,
  accessSync,
  appendFile,
  appendFileSync,
  chmod,
  chmodSync,
  close,
  closeSync,
  copyFile,
  copyFileSync,
  cp,
  cpSync,
  exists,
  existsSync,
  fstat,
  fstatSync,
  fsync,
  fsyncSync,
  lstat,
  lstatSync,
  mkdir,
  mkdirSync,
  mkdtemp,
  mkdtempSync,
  open,
  openSync,
  read,
  readdir,
  readdirSync,
  readFile,
  readFileSync,
  readlink,
  readlinkSync,
  readSync,
  realpath,
  realpathSync,
  rename,
  renameSync,
  rm,
  rmdir,
  rmdirSync,
  rmSync,
  stat,
  statSync,
  symlink,
  symlinkSync,
  truncate,
  truncateSync,
  unlink,
  unlinkSync,
  utimes,
  utimesSync,
  write,
  writeFile,
  writeFileSync,
  writeSync,
} = fs;
export { constants, Dirent, promises, Stats };
export default fs;
