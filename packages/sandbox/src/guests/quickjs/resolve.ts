import type { JsonValue } from '@trocar/core';

/** What the resolver may ask about the guest's files. */
export interface ResolverFiles {
  kindOf(path: string): 'file' | 'directory' | undefined;
  readText(path: string): string;
  /** Whether the text is valid as the body of a CommonJS module. */
  isScript(source: string): boolean;
}

/** Where a specifier leads, or why nowhere. */
export type Resolution =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'builtin'; readonly name: string }
  | {
      readonly kind: 'missing';
      readonly code: 'ERR_MODULE_NOT_FOUND' | 'ERR_PACKAGE_PATH_NOT_EXPORTED' | 'ERR_UNSUPPORTED';
      readonly message: string;
    };

const mostPackageLevels = 64;

/**
 * Resolves module specifiers as Node does (ECMAScript resolver and `require`), inside the guest's files.
 *
 * @see https://nodejs.org/api/esm.html#resolution-algorithm-specification
 */
export class ModuleResolver {
  readonly #files: ResolverFiles;
  readonly #builtins: ReadonlySet<string>;
  readonly #manifests = new Map<string, Manifest | undefined>();

  constructor(files: ResolverFiles, builtins: ReadonlySet<string>) {
    this.#files = files;
    this.#builtins = builtins;
  }

  /** `style` decides between `import` and `require` conditions, and whether file endings may be left out. */
  resolve(specifier: string, from: string, style: 'import' | 'require'): Resolution {
    if (specifier.startsWith('node:')) {
      const name = specifier.slice(5);
      if (this.#builtins.has(name)) return { kind: 'builtin', name };
      return missing('ERR_UNSUPPORTED', `the sandbox has no module ${specifier} (imported from ${from})`);
    }
    if (this.#builtins.has(specifier) && specifier !== 'test') return { kind: 'builtin', name: specifier };
    const directory = from.slice(0, from.lastIndexOf('/'));
    if (specifier.startsWith('file://')) return this.#file(decodeURIComponent(specifier.slice(7)), from, style);
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..') {
      const path = specifier.startsWith('/') ? specifier : `${directory}/${specifier}`;
      return this.#file(normalizePath(style === 'import' ? stripQuery(path) : path), from, style);
    }
    if (specifier.startsWith('#')) return this.#imports(specifier, from, style);
    if (/^[a-z][a-z0-9+.-]*:/i.test(specifier)) {
      return missing(
        'ERR_UNSUPPORTED',
        `the sandbox loads no ${specifier.slice(0, specifier.indexOf(':') + 1)} modules (imported from ${from})`,
      );
    }
    return this.#package(specifier, from, style);
  }

  /** Whether the file is an ECMAScript module, a CommonJS module or JSON. */
  formatOf(path: string): 'module' | 'commonjs' | 'json' {
    if (path.endsWith('.json')) return 'json';
    if (path.endsWith('.mjs')) return 'module';
    if (path.endsWith('.cjs')) return 'commonjs';
    const declared = this.#closestManifest(path)?.manifest.type;
    if (declared === 'module') return 'module';
    if (declared === 'commonjs') return 'commonjs';
    // Node 20.19 and later: a file without a declared type is a module if only a module may have its syntax.
    const source = this.#files.readText(path).replace(/^#!.*/, '');
    return /\b(?:import|export|await)\b/.test(source) && !this.#files.isScript(source) ? 'module' : 'commonjs';
  }

  #file(path: string, from: string, style: 'import' | 'require'): Resolution {
    const trailing = path.endsWith('/');
    const kind = this.#files.kindOf(path);
    if (kind === 'file' && !trailing) return { kind: 'file', path };
    if (style === 'require') {
      if (!trailing) {
        for (const ending of ['.js', '.json', '.cjs', '.mjs']) {
          if (this.#files.kindOf(path + ending) === 'file') return { kind: 'file', path: path + ending };
        }
      }
      if (kind === 'directory') {
        const main = this.#directory(path.replace(/\/+$/, ''));
        if (main !== undefined) return { kind: 'file', path: main };
      }
    }
    const why = kind === 'directory' && style === 'import' ? ' (directories cannot be imported)' : '';
    return missing('ERR_MODULE_NOT_FOUND', `Cannot find module '${path}' imported from ${from}${why}`);
  }

  #directory(path: string): string | undefined {
    const main = this.#manifestAt(path)?.main;
    const candidates =
      main === undefined ? [] : [main, `${main}.js`, `${main}.json`, `${main}.cjs`, `${main}/index.js`];
    for (const candidate of [...candidates, 'index.js', 'index.json', 'index.cjs', 'index.mjs']) {
      const file = normalizePath(`${path}/${candidate}`);
      if (this.#files.kindOf(file) === 'file') return file;
    }
    return undefined;
  }

  #package(specifier: string, from: string, style: 'import' | 'require'): Resolution {
    const match = /^((?:@[^/\\%]+\/)?[^./\\%@][^/\\%]*)(\/.*)?$/.exec(specifier);
    if (match === null)
      return missing('ERR_MODULE_NOT_FOUND', `'${specifier}' is not a module specifier (imported from ${from})`);
    const name = match[1]!;
    const subpath = `.${match[2] ?? ''}`;
    const self = this.#closestManifest(from);
    if (self !== undefined && self.manifest.name === name && self.manifest.exports !== undefined) {
      return this.#exports(self.directory, self.manifest.exports, subpath, from, style);
    }
    let directory = from.slice(0, from.lastIndexOf('/'));
    for (let level = 0; level < mostPackageLevels; level += 1) {
      const root = `${directory}/node_modules/${name}`;
      if (!directory.endsWith('/node_modules') && this.#files.kindOf(root) === 'directory') {
        const exports = this.#manifestAt(root)?.exports;
        if (exports !== undefined) return this.#exports(root, exports, subpath, from, style);
        if (subpath !== '.') return this.#file(normalizePath(`${root}/${subpath}`), from, style);
        const main = this.#directory(root);
        if (main !== undefined) return { kind: 'file', path: main };
      }
      if (directory === '') break;
      directory = directory.slice(0, directory.lastIndexOf('/'));
    }
    return missing('ERR_MODULE_NOT_FOUND', `Cannot find package '${name}' imported from ${from}`);
  }

  #exports(root: string, exports: JsonValue, subpath: string, from: string, style: 'import' | 'require'): Resolution {
    const table = isSubpathTable(exports) ? exports : { '.': exports };
    const target = matchTarget(table, subpath, conditionsOf(style));
    if (target === undefined) {
      return missing(
        'ERR_PACKAGE_PATH_NOT_EXPORTED',
        `Package subpath '${subpath}' is not defined by "exports" in ${root}/package.json (imported from ${from})`,
      );
    }
    return this.#file(normalizePath(`${root}/${target}`), from, 'import');
  }

  #imports(specifier: string, from: string, style: 'import' | 'require'): Resolution {
    const closest = this.#closestManifest(from);
    const table = closest?.manifest.imports;
    const target = isSubpathTable(table, '#') ? matchTarget(table, specifier, conditionsOf(style)) : undefined;
    if (closest === undefined || target === undefined) {
      return missing(
        'ERR_MODULE_NOT_FOUND',
        `Package import specifier '${specifier}' is not defined (imported from ${from})`,
      );
    }
    if (target.startsWith('./')) return this.#file(normalizePath(`${closest.directory}/${target}`), from, 'import');
    return this.resolve(target, `${closest.directory}/package.json`, style);
  }

  #closestManifest(path: string): { readonly directory: string; readonly manifest: Manifest } | undefined {
    let directory = path.slice(0, path.lastIndexOf('/'));
    for (let level = 0; level < mostPackageLevels; level += 1) {
      if (directory.endsWith('/node_modules')) return undefined;
      const manifest = this.#manifestAt(directory);
      if (manifest !== undefined) return { directory, manifest };
      if (directory === '') return undefined;
      directory = directory.slice(0, directory.lastIndexOf('/'));
    }
    return undefined;
  }

  #manifestAt(directory: string): Manifest | undefined {
    const known = this.#manifests.get(directory);
    if (known !== undefined || this.#manifests.has(directory)) return known;
    const path = `${directory}/package.json`;
    const manifest = this.#files.kindOf(path) === 'file' ? parseManifest(this.#files.readText(path)) : undefined;
    this.#manifests.set(directory, manifest);
    return manifest;
  }
}

interface Manifest {
  readonly name?: string;
  readonly type?: string;
  readonly main?: string;
  readonly exports?: JsonValue;
  readonly imports?: JsonValue;
}

/** A broken manifest counts as an empty one, as far as resolution goes. */
function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const { name, type, main, exports, imports } = value as Record<string, unknown>;
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof type === 'string' && { type }),
    ...(typeof main === 'string' && { main }),
    ...(exports !== undefined && exports !== null && { exports: exports as JsonValue }),
    ...(imports !== undefined && { imports: imports as JsonValue }),
  };
}

type SubpathTable = { readonly [key: string]: JsonValue | undefined };

function isSubpathTable(value: JsonValue | undefined, prefix = '.'): value is SubpathTable {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.keys(value).some((key) => key.startsWith(prefix));
}

function conditionsOf(style: 'import' | 'require'): ReadonlySet<string> {
  return new Set([style, 'node', 'default', ...(style === 'require' ? ['module-sync'] : ['module-sync'])]);
}

function matchTarget(table: SubpathTable, subpath: string, conditions: ReadonlySet<string>): string | undefined {
  if (Object.hasOwn(table, subpath) && !subpath.includes('*')) return pickTarget(table[subpath], '', conditions, 0);
  let best: { readonly key: string; readonly middle: string } | undefined;
  for (const key of Object.keys(table)) {
    const star = key.indexOf('*');
    if (star < 0) continue;
    const tail = key.slice(star + 1);
    if (subpath.length < key.length || !subpath.startsWith(key.slice(0, star)) || !subpath.endsWith(tail)) continue;
    if (best === undefined || star > best.key.indexOf('*')) {
      best = { key, middle: subpath.slice(star, subpath.length - tail.length) };
    }
  }
  return best === undefined ? undefined : pickTarget(table[best.key], best.middle, conditions, 0);
}

function pickTarget(
  target: JsonValue | undefined,
  middle: string,
  conditions: ReadonlySet<string>,
  depth: number,
): string | undefined {
  if (typeof target === 'string') return target.replaceAll('*', () => middle);
  if (typeof target !== 'object' || target === null || depth > 16) return undefined;
  if (Array.isArray(target)) {
    for (const candidate of target) {
      const picked = pickTarget(candidate, middle, conditions, depth + 1);
      if (picked !== undefined) return picked;
    }
    return undefined;
  }
  for (const [condition, value] of Object.entries(target)) {
    if (!conditions.has(condition)) continue;
    const picked = pickTarget(value, middle, conditions, depth + 1);
    if (picked !== undefined || value === null) return picked;
  }
  return undefined;
}

/** Resolves `.`, `..` and empty parts; the result is absolute, a slash at the end is kept. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}${parts.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function stripQuery(path: string): string {
  return decodeURIComponentSafely(path.replace(/[?#].*$/, ''));
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function missing(
  code: 'ERR_MODULE_NOT_FOUND' | 'ERR_PACKAGE_PATH_NOT_EXPORTED' | 'ERR_UNSUPPORTED',
  message: string,
): Resolution {
  return { kind: 'missing', code, message };
}
