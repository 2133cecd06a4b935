/**
 * Checks what imports what: layers point down, rooms point left to right, packages are entered by their doors only, and
 * everything imported is declared. Reads every module below packages/NAME/src with the parser that Trocar itself uses.
 */
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { parseSync } from 'oxc-parser';
import { reportVerdict, selfCheck } from './verdict.mjs';
import { listFiles, ROOT, readPackages, shownPath } from './workspace.mjs';

/** The layer of each package, as on the architecture page; a package that is not here is refused. */
const LAYERS = {
  core: 0,
  sandbox: 1,
  durable: 1,
  decoding: 1,
  code: 1,
  identity: 1,
  telemetry: 1,
  evidence: 1,
  'durable-temporal': 2,
  disclosure: 2,
  plane: 3,
  tools: 4,
  workflows: 4,
  mcp: 5,
  cli: 5,
  console: 5,
};

/** Steps sideways that the architecture page allows; `lazy` ones only where they cost nothing until they are used. */
const SIDEWAYS = { 'workflows>tools': 'any', 'cli>mcp': 'lazy', 'cli>console': 'lazy' };

/**
 * Folders of code that runs inside a guest and is never imported by the host. Its modules know the sandbox's own scheme
 * and the guest's `node:` modules, import what a guest names, and reach no package.
 */
const GUEST_CODE = { sandbox: 'src/guest-library/' };

/** Rooms of a package from left to right; but for types, a room imports from itself and from rooms to its left. */
const ROOMS = { code: ['source', 'syntax', 'ir', 'taint', 'languages', 'scan', 'remedy'] };

/**
 * Everything that a module asks for by name, with how: `static`, `type` or `lazy`. An argument that is not a literal has
 * no specifier.
 * @param {string} file
 * @param {string} source
 * @returns {{ imports: { specifier: string | undefined, how: 'static' | 'type' | 'lazy' }[], errors: string[] }}
 */
export function readImports(file, source) {
  const { module, program, errors } = parseSync(file, source);
  const imports = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typesOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    imports.push({ specifier: moduleRequest.value, how: typesOnly ? 'type' : 'static' });
  }
  for (const { entries } of module.staticExports) {
    const asked = new Map();
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) asked.set(moduleRequest.value, (asked.get(moduleRequest.value) ?? true) && isType);
    }
    for (const [specifier, typesOnly] of asked) imports.push({ specifier, how: typesOnly ? 'type' : 'static' });
  }
  const pending = [program];
  while (pending.length > 0) {
    const node = pending.pop();
    const asked = askedBy(node);
    if (asked) imports.push({ specifier: asked.argument?.value, how: asked.how });
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) pending.push(...value.filter((item) => typeof item?.type === 'string'));
      else if (typeof value?.type === 'string') pending.push(value);
    }
  }
  return { imports, errors: errors.map((error) => error.message) };
}

/** What a node of the tree asks for: `import()`, a type's `import()`, `require`, `require.resolve`, `import.meta.resolve`. */
function askedBy(node) {
  if (node.type === 'ImportExpression') return { argument: node.source, how: 'lazy' };
  if (node.type === 'TSImportType') return { argument: node.source, how: 'type' };
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = node;
  const isRequire = callee.type === 'Identifier' && callee.name === 'require';
  const isResolve =
    callee.type === 'MemberExpression' &&
    callee.property.name === 'resolve' &&
    (callee.object.name === 'require' || callee.object.type === 'MetaProperty');
  return isRequire || isResolve ? { argument: node.arguments[0], how: 'lazy' } : undefined;
}

/**
 * Reads every module of a workspace and lists what breaks the rules.
 * @param {string} root
 * @param {Record<string, string[]>} rooms
 */
export function checkLayers(root, rooms = ROOMS) {
  const packages = readPackages(root);
  const byName = new Map(packages.map((one) => [one.manifest.name, one]));
  const problems = [];
  let moduleCount = 0;
  let importCount = 0;
  for (const owner of packages) {
    if (!(owner.folder in LAYERS)) problems.push(`packages/${owner.folder} has no layer`);
    const modules = new Map();
    for (const file of listFiles(join(owner.path, 'src'), /\.[cm]?[jt]sx?$/)) {
      const { imports, errors } = readImports(file, readFileSync(file, 'utf8'));
      modules.set(file, imports);
      for (const error of errors) problems.push(`${shownPath(root, file)} cannot be read: ${error}`);
    }
    const eager = eagerModules(owner, modules);
    for (const [file, imports] of modules) {
      moduleCount += 1;
      for (const asked of imports) {
        importCount += 1;
        const isEager = asked.how === 'static' && eager.has(file);
        const why = judge({ owner, file, asked: { ...asked, isEager }, byName, rooms: rooms[owner.folder] ?? [] });
        if (why !== undefined) problems.push(`${shownPath(root, file)} ${why}`);
      }
    }
  }
  if (moduleCount === 0) problems.push('no module was read');
  if (moduleCount > 0 && importCount === 0) problems.push('no import was read');
  return { read: `${packages.length} packages, ${moduleCount} modules, ${importCount} imports read`, problems };
}

/** The modules that are loaded as soon as an entry or a command of the package is: those reached without `import()`. */
function eagerModules(owner, modules) {
  const entries = Object.values(owner.manifest.exports ?? {}).map((entry) => entry['@trocar/source'] ?? entry);
  const pending = entries.filter((entry) => typeof entry === 'string').map((entry) => join(owner.path, entry));
  for (const command of Object.values(owner.manifest.bin ?? {})) {
    const file = join(owner.path, command);
    for (const { specifier } of readImports(file, readFileSync(file, 'utf8')).imports) {
      if (specifier?.startsWith('.')) pending.push(toSource(owner, resolve(dirname(file), specifier)));
    }
  }
  const eager = new Set();
  while (pending.length > 0) {
    const file = pending.pop();
    if (eager.has(file)) continue;
    eager.add(file);
    for (const { specifier, how } of modules.get(file) ?? []) {
      if (how === 'static' && specifier?.startsWith('.'))
        pending.push(toSource(owner, resolve(dirname(file), specifier)));
    }
  }
  return eager;
}

/** The source of a module that is imported by the name it has once it is built. */
function toSource(owner, path) {
  return path.replace(join(owner.path, 'dist') + sep, join(owner.path, 'src') + sep).replace(/\.js$/, '.ts');
}

/** Why an import is refused, or undefined. */
function judge({ owner, file, asked, byName, rooms }) {
  const { specifier } = asked;
  if (isGuestCode(owner, file)) {
    const isGuests = specifier === undefined || /^(?:trocar|node):/.test(specifier);
    return isGuests ? undefined : `is code of a guest and imports ${specifier}`;
  }
  if (typeof specifier !== 'string') return 'imports something that is only known when it runs';
  if (isBuiltin(specifier)) return undefined;
  if (specifier.startsWith('.')) return judgeRelative(owner, file, asked, rooms);
  const name = packageNameOf(specifier);
  const { dependencies, optionalDependencies, peerDependencies } = owner.manifest;
  if (!(name in { ...dependencies, ...optionalDependencies, ...peerDependencies })) {
    return `imports ${name}, which its package.json does not declare`;
  }
  const target = byName.get(name);
  return target === undefined ? undefined : judgeLayer(owner, target, asked);
}

function judgeRelative(owner, file, { specifier, how }, rooms) {
  const target = resolve(dirname(file), specifier);
  if (relative(owner.path, target).startsWith('..')) return `leaves its package with ${specifier}`;
  if (isGuestCode(owner, target)) return `imports ${specifier}, which is code of a guest`;
  const from = rooms.indexOf(roomOf(owner, file));
  const to = rooms.indexOf(roomOf(owner, target));
  return how !== 'type' && from >= 0 && to > from
    ? `goes from room ${rooms[from]} to room ${rooms[to]} with ${specifier}`
    : undefined;
}

function isGuestCode(owner, file) {
  const folder = GUEST_CODE[owner.folder];
  return folder !== undefined && relative(owner.path, file).split(sep).join('/').startsWith(folder);
}

const roomOf = (owner, file) => relative(join(owner.path, 'src'), file).split(sep)[0];

function judgeLayer(owner, target, { specifier, isEager }) {
  const entry = `.${specifier.slice(target.manifest.name.length)}`;
  if (!(entry in (target.manifest.exports ?? {}))) return `reaches into ${specifier}, which is not an entry`;
  if (LAYERS[target.folder] < LAYERS[owner.folder]) return undefined;
  const allowed = SIDEWAYS[`${owner.folder}>${target.folder}`];
  if (allowed === 'any' || (allowed === 'lazy' && !isEager)) return undefined;
  if (allowed === 'lazy') return `imports ${specifier} and is loaded at once; reach it through import()`;
  return `imports ${specifier}: layer ${LAYERS[owner.folder]} must not know layer ${LAYERS[target.folder]}`;
}

function packageNameOf(specifier) {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** A workspace of two packages: `upper` on its layer imports what is given, `lower` is there to be imported. */
function workspaceOf(upper, lower, source, declared = { [`@trocar/${lower}`]: '0.1.0' }) {
  const exports = { '.': './src/index.ts' };
  return {
    [`packages/${upper}/package.json`]: JSON.stringify({ name: `@trocar/${upper}`, exports, dependencies: declared }),
    [`packages/${upper}/src/index.ts`]: source,
    [`packages/${upper}/src/right/two.ts`]: "export const two = 2;\nimport 'node:fs';\n",
    [`packages/${lower}/package.json`]: JSON.stringify({ name: `@trocar/${lower}`, exports }),
    [`packages/${lower}/src/index.ts`]: "import 'node:path';\n",
  };
}

const ROOM_CASE = {
  ...workspaceOf('plane', 'core', "import '@trocar/core';"),
  'packages/plane/src/left/one.ts': "import '../right/two.js';",
};

const GUEST_CASE = {
  ...workspaceOf('sandbox', 'core', "import '@trocar/core';"),
  'packages/sandbox/src/guest-library/a.js': "import 'trocar:host'; await import(name);",
};

const HOST_IN_GUEST_CASE = { ...GUEST_CASE, 'packages/sandbox/src/guest-library/b.js': "import '@trocar/core';" };

const GUEST_IN_HOST_CASE = { ...GUEST_CASE, 'packages/sandbox/src/b.ts': "import './guest-library/a.js';" };

const COMMAND_CASE = {
  ...workspaceOf('cli', 'mcp', "await import('./serve.js');"),
  'packages/cli/src/serve.ts': "import { a } from '@trocar/mcp';",
};

const CASES = [
  { name: 'lazy module', files: COMMAND_CASE, expects: undefined },
  { name: 'guest in host', files: GUEST_IN_HOST_CASE, expects: 'which is code of a guest' },
  { name: 'guest', files: GUEST_CASE, expects: undefined },
  { name: 'host in guest', files: HOST_IN_GUEST_CASE, expects: 'is code of a guest and imports @trocar/core' },
  { name: 'down', files: workspaceOf('plane', 'core', "import { a } from '@trocar/core';"), expects: undefined },
  {
    name: 'up',
    files: workspaceOf('core', 'plane', "import { a } from '@trocar/plane';"),
    expects: 'layer 0 must not',
  },
  {
    name: 'sideways',
    files: workspaceOf('code', 'sandbox', "export * from '@trocar/sandbox';"),
    expects: 'layer 1 must not',
  },
  {
    name: 'type',
    files: workspaceOf('code', 'durable', "type A = import('@trocar/durable').A;"),
    expects: 'layer 1 must not',
  },
  { name: 'allowed', files: workspaceOf('workflows', 'tools', "import '@trocar/tools';"), expects: undefined },
  { name: 'lazy', files: workspaceOf('cli', 'mcp', "await import('@trocar/mcp');"), expects: undefined },
  {
    name: 'eager',
    files: workspaceOf('cli', 'mcp', "import { a } from '@trocar/mcp';"),
    expects: 'is loaded at once',
  },
  { name: 'deep', files: workspaceOf('plane', 'core', "import '@trocar/core/src/a.js';"), expects: 'not an entry' },
  { name: 'undeclared', files: workspaceOf('plane', 'core', "import 'left-pad';"), expects: 'does not declare' },
  {
    name: 'resolved',
    files: workspaceOf('plane', 'core', "require.resolve('left-pad/a.wasm');"),
    expects: 'does not declare',
  },
  {
    name: 'escape',
    files: workspaceOf('plane', 'core', "import '../../core/src/index.js';"),
    expects: 'leaves its package',
  },
  { name: 'computed', files: workspaceOf('plane', 'core', 'await import(name);'), expects: 'only known when it runs' },
  { name: 'broken', files: workspaceOf('plane', 'core', 'import {'), expects: 'cannot be read' },
  { name: 'stranger', files: workspaceOf('helpers', 'core', "import '@trocar/core';"), expects: 'has no layer' },
  { name: 'rooms', files: ROOM_CASE, expects: 'from room left to room right' },
  { name: 'empty', files: { 'packages/core/package.json': '{"name":"@trocar/core"}' }, expects: 'no module was read' },
];

if (process.argv.includes('--self-check')) {
  await selfCheck('layers', CASES, (root) => checkLayers(root, { plane: ['left', 'right'] }));
} else {
  reportVerdict('layers', checkLayers(ROOT));
}
