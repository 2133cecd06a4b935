import type { TextEdit } from '../../edit/text-edit.js';
import { lineEnd, lineEndingAt } from '../../edit/text-layout.js';
import type { FileContext } from '../../outline/file-context.js';
import type { ImportedName } from '../javascript/imports.js';
import { stringValue } from './expressions.js';

/** What a local name was imported as: a module, or a member of one. */
export interface PythonImport {
  readonly local: string;
  /** Dotted name of what the local name stands for. */
  readonly target: string;
  readonly node: number;
  readonly statement: number;
}

/** Names that the file imports, at any level; relative imports keep their leading dots. */
export function readImports(file: FileContext): PythonImport[] {
  const { tree } = file;
  const found: PythonImport[] = [];
  for (let statement = 0; statement < tree.size; statement += 1) {
    const kind = tree.kindOf(statement);
    if (kind !== 'import_statement' && kind !== 'import_from_statement') continue;
    const source = tree.childByField(statement, 'module_name');
    const prefix = source < 0 ? '' : `${tree.textOf(source)}.`;
    for (const item of tree.childrenByField(statement, 'name')) {
      const isAliased = tree.kindOf(item) === 'aliased_import';
      const dotted = isAliased ? tree.childByField(item, 'name') : item;
      const name = tree.textOf(dotted);
      const first = name.split('.')[0] as string;
      const node = isAliased ? tree.childByField(item, 'alias') : (tree.firstChild[dotted] as number);
      // `import os.path` binds `os`; with an alias the whole dotted name is bound.
      const target = source < 0 && !isAliased ? first : prefix + name;
      found.push({ local: isAliased ? tree.textOf(node) : first, target, node, statement });
    }
  }
  return found;
}

/** Dotted name of what an expression such as `subprocess.run` or `run` refers to, by the file's imports. */
export function importedName(file: FileContext, expression: number): string | undefined {
  const { tree, scopes } = file;
  if (tree.kindOf(expression) === 'attribute') {
    const object = importedName(file, tree.childByField(expression, 'object'));
    return object === undefined ? undefined : `${object}.${tree.textOf(tree.childByField(expression, 'attribute'))}`;
  }
  if (tree.kindOf(expression) !== 'identifier') return undefined;
  const binding = scopes.bindingOf.get(expression);
  if (binding === undefined) return undefined;
  const targets = readImports(file).filter(({ node }) => binding.declarations.includes(node));
  const [first] = targets;
  return first !== undefined && targets.every(({ target }) => target === first.target) ? first.target : undefined;
}

/** How to write a member of a module in a file (`os.path.abspath`), and the import that has to be added for it. */
export function importMember(file: FileContext, module: string, member: string): ImportedName | undefined {
  const imports = readImports(file).filter(({ node }) => isTop(file, node));
  const direct = imports.find(({ target }) => target === `${module}.${member}`);
  if (direct !== undefined) return isReachable(file, direct.local) ? { code: direct.local, edits: [] } : undefined;
  const root = module.split('.')[0] as string;
  const whole = imports.find(({ target }) => target === module);
  if (whole !== undefined && isReachable(file, whole.local)) return { code: `${whole.local}.${member}`, edits: [] };
  const package_ = imports.find(({ target, local }) => target === root && local === root);
  const isLoaded =
    module === root ||
    module === 'os.path' ||
    imports.some(({ statement }) => file.tree.textOf(statement).includes(module));
  if (package_ !== undefined && isLoaded)
    return isReachable(file, root) ? { code: `${module}.${member}`, edits: [] } : undefined;
  const { scopes } = file;
  const isTaken = scopes.scopes.some(({ bindings }) => bindings.has(root)) || scopes.unresolved.has(root);
  // `os.path` comes with `os`.
  const name = module === 'os.path' ? 'os' : module;
  return isTaken ? undefined : { code: `${module}.${member}`, edits: [newImport(file, name)] };
}

function isTop(file: FileContext, node: number): boolean {
  return file.scopes.bindingOf.get(node)?.scope === 0;
}

function isReachable(file: FileContext, name: string): boolean {
  return file.scopes.scopes.every(({ bindings }, index) => index === 0 || !bindings.has(name));
}

/** A line `import NAME` among the plain imports at the top, in their order, else in front of the first import. */
function newImport(file: FileContext, module: string): TextEdit {
  const { tree, text } = file;
  const statements = tree.childrenOf(0);
  const imports = statements.filter((node) => /^import(_from)?_statement$/.test(tree.kindOf(node)));
  const plain = imports.filter((node) => tree.kindOf(node) === 'import_statement');
  const next = plain.find((node) => tree.textOf(node) > `import ${module}`);
  const last = plain[plain.length - 1];
  const line = (offset: number) => `import ${module}${lineEndingAt(text, offset)}`;
  if (next !== undefined || (last === undefined && imports.length > 0)) {
    const start = tree.start[next ?? (imports[0] as number)] as number;
    return { start, end: start, text: line(start) };
  }
  if (last !== undefined) {
    const start = lineEnd(text, (tree.end[last] as number) - 1);
    return { start, end: start, text: line(start) };
  }
  const start = placeBehindHead(file);
  return { start, end: start, text: `${line(start)}${lineEndingAt(text, start)}` };
}

/** Behind a hash-bang and encoding line, the module's docstring and `from __future__` imports. */
function placeBehindHead(file: FileContext): number {
  const { tree, text } = file;
  let place = 0;
  while (/^#(!|.*coding[:=])/.test(text.slice(place, lineEnd(text, place)))) place = lineEnd(text, place);
  for (const statement of tree.childrenOf(0)) {
    const [expression = -1] = tree.childrenOf(statement);
    const isDocstring =
      tree.kindOf(statement) === 'expression_statement' &&
      expression >= 0 &&
      stringValue(tree, expression) !== undefined;
    if (!isDocstring && tree.kindOf(statement) !== 'future_import_statement') break;
    place = lineEnd(text, (tree.end[statement] as number) - 1);
    if (isDocstring) place += /^[ \t]*\r?\n/.exec(text.slice(place))?.[0].length ?? 0;
  }
  return place;
}
