import { withCode } from 'trocar:errors';
import { call, compile, loadBuiltin } from 'trocar:host';

const cache = Object.create(null);

class Module {
  constructor(id, parent) {
    this.id = id;
    this.filename = id;
    this.path = id.slice(0, id.lastIndexOf('/')) || '/';
    this.exports = {};
    this.loaded = false;
    this.children = [];
    this.parent = parent;
    this.require = createRequire(id, this);
  }
}

/** A `require` for the file at `from`. */
export function createRequire(from, parent = null) {
  const file = String(from).replace(/^file:\/\//, '');
  const require = (specifier) => {
    if (typeof specifier !== 'string')
      throw withCode(new TypeError('The "id" argument must be of type string.'), 'ERR_INVALID_ARG_TYPE');
    return load(find(specifier, file), parent);
  };
  require.resolve = (specifier) => find(specifier, file).path;
  require.cache = cache;
  Object.defineProperty(require, 'main', { enumerable: true, get: () => main });
  return require;
}

let main;

/** Loads the CommonJS module at `path` for an `import` of it. */
export function requirePath(path) {
  return load({ path, format: 'commonjs' }, null);
}

function find(specifier, from) {
  return call('resolve', [specifier, from, 'require']);
}

function load(found, parent) {
  if (found.builtin !== undefined) {
    const namespace = loadBuiltin(found.builtin);
    return namespace.default ?? namespace;
  }
  const { path, format } = found;
  const known = cache[path];
  if (known !== undefined) return known.exports;
  if (format === 'module') {
    throw withCode(
      new Error(`require() of ES Module ${path} is not supported in the sandbox; use import()`),
      'ERR_REQUIRE_ESM',
    );
  }
  const module = new Module(path, parent);
  main ??= module;
  cache[path] = module;
  try {
    const text = call('source', path);
    if (format === 'json') module.exports = JSON.parse(text);
    else compile(text, path).call(module.exports, module.exports, module.require, module, path, module.path);
    module.loaded = true;
  } catch (error) {
    delete cache[path];
    throw error;
  }
  return module.exports;
}
