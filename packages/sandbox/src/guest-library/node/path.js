import { invalidArgument } from 'trocar:errors';

function check(path, name = 'path') {
  if (typeof path !== 'string') throw invalidArgument(name, 'of type string', path);
}

function clean(path, absolute) {
  const parts = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push('..');
  }
  return parts.join('/');
}

export const sep = '/';
export const delimiter = ':';

export function isAbsolute(path) {
  check(path);
  return path.startsWith('/');
}

export function normalize(path) {
  check(path);
  if (path === '') return '.';
  const absolute = isAbsolute(path);
  let result = clean(path, absolute);
  if (result === '' && !absolute) result = '.';
  if (result !== '' && path.endsWith('/')) result += '/';
  return absolute ? `/${result}` : result;
}

export function join(...parts) {
  for (const part of parts) check(part);
  const joined = parts.filter((part) => part !== '').join('/');
  return joined === '' ? '.' : normalize(joined);
}

export function resolve(...parts) {
  let path = '';
  for (let index = parts.length - 1; index >= 0 && !path.startsWith('/'); index -= 1) {
    check(parts[index], `paths[${index}]`);
    if (parts[index] !== '') path = path === '' ? parts[index] : `${parts[index]}/${path}`;
  }
  if (!path.startsWith('/')) path = `${globalThis.process.cwd()}/${path}`;
  return `/${clean(path, true)}`;
}

export function dirname(path) {
  check(path);
  const bare = path.replace(/\/+$/, '');
  if (bare === '') return path.startsWith('/') ? '/' : '.';
  const at = bare.lastIndexOf('/');
  if (at < 0) return '.';
  return at === 0 ? '/' : bare.slice(0, at).replace(/\/+$/, '') || '/';
}

export function basename(path, suffix) {
  check(path);
  if (suffix === path) return '';
  const bare = path.replace(/\/+$/, '');
  const name = bare.slice(bare.lastIndexOf('/') + 1);
  return suffix !== undefined && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export function extname(path) {
  const name = basename(path);
  const at = name.lastIndexOf('.');
  return at <= 0 || name === '..' ? '' : name.slice(at);
}

export function relative(from, to) {
  const source = resolve(from);
  const target = resolve(to);
  if (source === target) return '';
  const sourceParts = source.split('/').filter((part) => part !== '');
  const targetParts = target.split('/').filter((part) => part !== '');
  let same = 0;
  while (same < sourceParts.length && same < targetParts.length && sourceParts[same] === targetParts[same]) same += 1;
  return [...sourceParts.slice(same).map(() => '..'), ...targetParts.slice(same)].join('/');
}

export function parse(path) {
  check(path);
  const base = basename(path);
  const ext = extname(path);
  const root = path.startsWith('/') ? '/' : '';
  const dir = path.replace(/\/+$/, '').includes('/') ? dirname(path) : root;
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) };
}

export function format(parts) {
  const dir = parts.dir || parts.root;
  const extension = parts.ext && !parts.ext.startsWith('.') ? `.${parts.ext}` : (parts.ext ?? '');
  const base = parts.base || `${parts.name ?? ''}${extension}`;
  if (!dir) return base;
  return dir === parts.root ? `${dir}${base}` : `${dir}/${base}`;
}

export function toNamespacedPath(path) {
  return path;
}

export const posix = {
  basename,
  delimiter,
  dirname,
  extname,
  format,
  isAbsolute,
  join,
  normalize,
  parse,
  relative,
  resolve,
  sep,
  toNamespacedPath,
};
posix.posix = posix;
export default posix;
