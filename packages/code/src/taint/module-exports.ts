import type { Engine } from './engine.js';
import type { Site } from './engine-types.js';
import { externalValue } from './sources.js';
import { bottom, join, objectValue, unknown, type Value } from './value.js';

/** Path under which models know a module that lies outside the analysed files. */
function externalPath(specifier: string): string {
  return specifier
    .replace(/^node:/, '')
    .replace(/\/promises$/, '.promises')
    .replace(/\//g, '.');
}

/** Value of an import: `*` is the whole module, `module.exports` what `require` gives. */
export function importValue(engine: Engine, fromFile: string, specifier: string, name: string, site: Site): Value {
  const file = engine.resolve(fromFile, specifier);
  if (file === undefined) {
    const path = externalPath(specifier);
    const inner = namespacedModule(engine, `${path}.${name}`, site);
    if (inner !== undefined) return inner;
    const isWhole = name === '*' || name === 'default' || name === 'module.exports';
    return isWhole ? objectValue(engine.external(path)) : externalValue(engine, `${path}.${name}`, site);
  }
  engine.evaluateModule(file);
  if (name === '*') return objectValue(engine.moduleObject(file));
  if (name === 'module.exports') return requiredValue(engine, file);
  return exportOf(engine, file, name, site) ?? submodule(engine, file, fromFile, specifier, name) ?? unknown;
}

/** A module of a Python package without `__init__.py`, by its dotted name; undefined where there is no such file. */
export function namespacedModule(engine: Engine, path: string, site: Site): Value | undefined {
  if (site.module.language !== 'python' || !/^[A-Za-z_][\w.]*$/.test(path)) return undefined;
  const file = engine.resolve(site.module.file, path);
  if (file === undefined) return undefined;
  engine.evaluateModule(file);
  return objectValue(engine.moduleObject(file));
}

/** `from . import name` may mean a module of the package. */
function submodule(engine: Engine, file: string, fromFile: string, specifier: string, name: string): Value | undefined {
  if (engine.modules.get(file)?.language !== 'python') return undefined;
  const inner = engine.resolve(fromFile, specifier.endsWith('.') ? `${specifier}${name}` : `${specifier}.${name}`);
  if (inner === undefined) return undefined;
  engine.evaluateModule(inner);
  return objectValue(engine.moduleObject(inner));
}

/** What `module.exports` of a CommonJS module is, else the module's namespace. */
function requiredValue(engine: Engine, file: string): Value {
  const record = engine.environmentOf(file).fields.get('<module>');
  const exported = record?.objects[0]?.fields.get('exports');
  const module = engine.modules.get(file);
  return exported === undefined || (module?.exports.size ?? 0) > 0 ? objectValue(engine.moduleObject(file)) : exported;
}

/** Value that a module exports under a name; undefined where it has no such export. */
export function exportOf(
  engine: Engine,
  file: string,
  name: string,
  site: Site,
  seen: ReadonlySet<string> = new Set(),
): Value | undefined {
  const module = engine.modules.get(file);
  if (module === undefined || seen.has(`${file}\0${name}`) || seen.size > 50) return undefined;
  const visited = new Set(seen).add(`${file}\0${name}`);
  engine.evaluateModule(file);
  const environment = engine.environmentOf(file);
  if (module.language === 'python') return pythonName(engine, file, name, site, visited);
  const exported = module.exports.get(name);
  if (exported?.kind === 'cell') return environment.fields.get(exported.name) ?? unknown;
  if (exported?.kind === 'reexport') return reexported(engine, file, exported.from, exported.name, site, visited);
  for (const from of module.starExports) {
    const target = engine.resolve(file, from);
    if (target === undefined) continue;
    const found = exportOf(engine, target, name, site, visited);
    if (found !== undefined) return found;
  }
  return commonJsExport(engine, file, name);
}

function reexported(
  engine: Engine,
  file: string,
  from: string,
  name: string,
  site: Site,
  seen: ReadonlySet<string>,
): Value | undefined {
  const target = engine.resolve(file, from);
  if (target === undefined || name === '*') return importValue(engine, file, from, name, site);
  return exportOf(engine, target, name, site, seen);
}

function commonJsExport(engine: Engine, file: string, name: string): Value | undefined {
  const record = engine.environmentOf(file).fields.get('<module>');
  const exported = record?.objects[0]?.fields.get('exports');
  if (exported === undefined) return undefined;
  if (name === 'default') return exported;
  let value = bottom;
  for (const object of exported.objects) value = join(value, object.fields.get(name) ?? bottom);
  return value === bottom ? undefined : value;
}

function pythonName(
  engine: Engine,
  file: string,
  name: string,
  site: Site,
  seen: ReadonlySet<string>,
): Value | undefined {
  const own = engine.environmentOf(file).fields.get(name);
  if (own !== undefined) return own;
  const module = engine.modules.get(file);
  for (const from of module?.starExports ?? []) {
    const target = engine.resolve(file, from);
    const found = target === undefined ? undefined : exportOf(engine, target, name, site, seen);
    if (found !== undefined) return found;
  }
  if (!file.endsWith('__init__.py')) return undefined;
  const inner = engine.resolve(file, `.${name}`);
  if (inner === undefined) return undefined;
  engine.evaluateModule(inner);
  return objectValue(engine.moduleObject(inner));
}
