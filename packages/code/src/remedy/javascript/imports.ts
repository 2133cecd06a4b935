import type { TextEdit } from '../../edit/text-edit.js';
import { detectTextLayout, lineEnd, lineEndingAt } from '../../edit/text-layout.js';
import type { FileContext } from '../../outline/file-context.js';
import { type FlatTree, nodeFlag } from '../../syntax/flat-tree.js';
import { callArguments, stringValue } from './expressions.js';

/** One way in which a file gets at a module. */
export interface ModuleImport {
  /** Module as written, such as `node:path` or `path`. */
  readonly specifier: string;
  /** The import declaration, or the declarator of a `require`. */
  readonly node: number;
  readonly style: 'import' | 'require';
  /** Local name of the whole module, from a default or namespace import or `const x = require(…)`. */
  readonly whole: { readonly name: string; readonly node: number } | undefined;
  /** Exported names with their local names. */
  readonly named: readonly {
    readonly name: string;
    readonly local: string;
    readonly node: number;
    readonly specifier: number;
  }[];
}

/** What the file imports, by `import` and by `require` at the top level. Type-only imports are left out. */
export function readImports(tree: FlatTree): ModuleImport[] {
  const found: ModuleImport[] = [];
  for (const statement of tree.childrenOf(0)) {
    const kind = tree.kindOf(statement);
    if (kind === 'ImportDeclaration' && !tree.hasFlag(statement, nodeFlag.typeOnly)) {
      const item = readImportDeclaration(tree, statement);
      if (item !== undefined) found.push(item);
    } else if (kind === 'VariableDeclaration') {
      for (const declarator of tree.childrenByField(statement, 'declarations')) {
        const item = readRequire(tree, declarator);
        if (item !== undefined) found.push(item);
      }
    }
  }
  return found;
}

function readImportDeclaration(tree: FlatTree, statement: number): ModuleImport | undefined {
  const specifier = stringValue(tree, tree.childByField(statement, 'source'));
  if (specifier === undefined) return undefined;
  let whole: ModuleImport['whole'];
  const named: ModuleImport['named'][number][] = [];
  for (const child of tree.childrenByField(statement, 'specifiers')) {
    const node = tree.childByField(child, 'local');
    const local = tree.textOf(node);
    if (tree.kindOf(child) !== 'ImportSpecifier') whole = { name: local, node };
    else named.push({ name: tree.textOf(tree.childByField(child, 'imported')), local, node, specifier: child });
  }
  return { specifier, node: statement, style: 'import', whole, named };
}

function readRequire(tree: FlatTree, declarator: number): ModuleImport | undefined {
  const call = tree.childByField(declarator, 'init');
  if (tree.kindOf(call) !== 'CallExpression' || tree.textOf(tree.childByField(call, 'callee')) !== 'require')
    return undefined;
  const [argument = -1] = callArguments(tree, call);
  const specifier = argument < 0 ? undefined : stringValue(tree, argument);
  const id = tree.childByField(declarator, 'id');
  if (specifier === undefined) return undefined;
  if (tree.kindOf(id) === 'Identifier') {
    return { specifier, node: declarator, style: 'require', whole: { name: tree.textOf(id), node: id }, named: [] };
  }
  const named: ModuleImport['named'][number][] = [];
  for (const property of tree.childrenOf(id)) {
    const key = tree.childByField(property, 'key');
    const value = tree.childByField(property, 'value');
    if (tree.kindOf(property) !== 'Property' || tree.kindOf(value) !== 'Identifier') continue;
    named.push({ name: tree.textOf(key), local: tree.textOf(value), node: value, specifier: property });
  }
  return { specifier, node: declarator, style: 'require', whole: undefined, named };
}

/** A built-in module's name without `node:`. */
function moduleName(specifier: string): string {
  return specifier.replace(/^node:/, '');
}

/** The module and exported name that an expression such as `join` or `path.join` refers to, by the file's imports. */
export function importedMember(file: FileContext, expression: number): { module: string; name: string } | undefined {
  const { tree, scopes } = file;
  const imports = readImports(tree);
  if (tree.kindOf(expression) === 'Identifier') {
    const declaration = scopes.bindingOf.get(expression)?.declarations[0];
    for (const { specifier, named } of imports) {
      const item = named.find(({ node }) => node === declaration);
      if (item !== undefined) return { module: moduleName(specifier), name: item.name };
    }
    return undefined;
  }
  if (tree.kindOf(expression) !== 'MemberExpression' || tree.hasFlag(expression, nodeFlag.computed)) return undefined;
  const object = tree.childByField(expression, 'object');
  const name = tree.textOf(tree.childByField(expression, 'property'));
  const module = importedModule(file, object);
  if (module !== undefined) return { module, name };
  const outer = importedMember(file, object);
  return outer === undefined ? undefined : { module: `${outer.module}/${outer.name}`, name };
}

/** The module that an identifier stands for as a whole. */
function importedModule(file: FileContext, identifier: number): string | undefined {
  const { tree, scopes } = file;
  if (
    tree.kindOf(identifier) === 'CallExpression' &&
    tree.textOf(tree.childByField(identifier, 'callee')) === 'require'
  ) {
    const [argument = -1] = callArguments(tree, identifier);
    const value = argument < 0 ? undefined : stringValue(tree, argument);
    return value === undefined ? undefined : moduleName(value);
  }
  const declaration = scopes.bindingOf.get(identifier)?.declarations[0];
  if (declaration === undefined) return undefined;
  const found = readImports(tree).find(({ whole }) => whole?.node === declaration);
  return found === undefined ? undefined : moduleName(found.specifier);
}

/** How to write an exported name of a module in a file, and what has to be added to its imports for it. */
export interface ImportedName {
  readonly code: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Finds or adds a name of a built-in module: through a whole import if there is one (`path.join`), else by adding it to
 * the named import, else by a new import in the file's own style. A name that is taken gets
 * an alias; undefined where that is taken too.
 */
export function importName(file: FileContext, module: string, name: string): ImportedName | undefined {
  const { tree, scopes } = file;
  const imports = readImports(tree).filter(({ specifier }) => moduleName(specifier) === module);
  for (const { named } of imports) {
    const item = named.find((candidate) => candidate.name === name);
    if (item !== undefined)
      return isReachable(file, item.local, item.node) ? { code: item.local, edits: [] } : undefined;
  }
  for (const { whole } of imports) {
    if (whole !== undefined && isReachable(file, whole.name, whole.node))
      return { code: `${whole.name}.${name}`, edits: [] };
  }
  const isTaken = (candidate: string) =>
    scopes.scopes.some(({ bindings }) => bindings.has(candidate)) || scopes.unresolved.has(candidate);
  const alias = `${module.replace(/[^a-zA-Z0-9]+(\w?)/g, (_, letter: string) => letter.toUpperCase())}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const local = isTaken(name) ? alias : name;
  if (isTaken(local)) return undefined;
  const last = imports.findLast(({ named }) => named.length > 0);
  const edit = last === undefined ? newImport(file, module, name, local) : extendImport(file, last, name, local);
  return { code: local, edits: [edit] };
}

function writeSpecifier(style: ModuleImport['style'], name: string, local: string): string {
  if (name === local) return name;
  return style === 'import' ? `${name} as ${local}` : `${name}: ${local}`;
}

/** Whether nothing inside the file hides a top-level name. */
function isReachable(file: FileContext, local: string, declaration: number): boolean {
  const binding = file.scopes.bindingOf.get(declaration);
  for (const other of file.scopes.bindings()) if (other.name === local && other !== binding) return false;
  return true;
}

/** Adds a name to a list in braces, where the alphabet puts it if the list is sorted. */
function extendImport(file: FileContext, item: ModuleImport, name: string, local: string): TextEdit {
  const { tree } = file;
  const specifier = writeSpecifier(item.style, name, local);
  const names = item.named;
  const isSorted = names.every((entry, index) => index === 0 || (names[index - 1]?.name ?? '') <= entry.name);
  const next = isSorted ? names.find((entry) => entry.name > name) : undefined;
  const last = names[names.length - 1] as (typeof names)[number];
  const around = next ?? last;
  const isOwnLine = names.length > 1 && tree.lineOf(names[0]?.specifier ?? 0) !== tree.lineOf(names[1]?.specifier ?? 0);
  const start = tree.start[around.specifier] as number;
  const lineBreak = lineEndingAt(file.text, start) + /[ \t]*$/.exec(file.text.slice(0, start))?.[0];
  const separator = isOwnLine ? `,${lineBreak}` : ', ';
  if (next !== undefined) return { start, end: start, text: specifier + separator };
  const end = tree.end[last.specifier] as number;
  return { start: end, end, text: separator + specifier };
}

function newImport(file: FileContext, module: string, name: string, local: string): TextEdit {
  const { tree, text } = file;
  const imports = readImports(tree);
  const quoteMark = /from\s+"|require\("/.test(text) && !/from\s+'|require\('/.test(text) ? '"' : "'";
  const hasPrefix =
    imports.some(({ specifier }) => specifier.startsWith('node:')) ||
    !imports.some(({ specifier }) => isBuiltIn(specifier));
  const source = `${quoteMark}${hasPrefix ? 'node:' : ''}${module}${quoteMark}`;
  const isRequire =
    imports.some(({ style }) => style === 'require') && !imports.some(({ style }) => style === 'import');
  const isScript =
    isRequire || (imports.length === 0 && !isModule(tree) && /\b(module\.exports|exports\.\w|require\()/.test(text));
  const semicolon = usesSemicolons(tree) ? ';' : '';
  const { lineEnding } = detectTextLayout(text);
  const specifier = writeSpecifier(isScript ? 'require' : 'import', name, local);
  const line = isScript ? `const { ${specifier} } = require(${source})` : `import { ${specifier} } from ${source}`;
  const start = placeOfImport(file, imports, `node:${module}`);
  const needsBreak = start > 0 && text[start - 1] !== '\n';
  const isAlone = imports.length === 0 && start < text.length && text[start] !== '\n' && text[start] !== '\r';
  const lead = needsBreak ? lineEnding : '';
  return { start, end: start, text: `${lead}${line}${semicolon}${lineEnding}${isAlone ? lineEnding : ''}` };
}

function isBuiltIn(specifier: string): boolean {
  return /^(node:|(fs|path|os|url|util|http|https|crypto|child_process|stream|events|assert|buffer|zlib|net|fs\/promises)$)/.test(
    specifier,
  );
}

function isModule(tree: FlatTree): boolean {
  return tree.childrenOf(0).some((statement) => /^(Import|Export)/.test(tree.kindOf(statement)));
}

function usesSemicolons(tree: FlatTree): boolean {
  const ends = tree
    .childrenOf(0)
    .filter((statement) =>
      /^(ImportDeclaration|VariableDeclaration|ExpressionStatement)$/.test(tree.kindOf(statement)),
    );
  return ends.length === 0 || ends.some((statement) => tree.textOf(statement).endsWith(';'));
}

/** Before the first import that sorts behind it among the built-in ones at the top, else behind the last import. */
function placeOfImport(file: FileContext, imports: readonly ModuleImport[], specifier: string): number {
  const { tree, text } = file;
  const statementOf = (node: number) =>
    tree.kindOf(node) === 'ImportDeclaration' ? node : (tree.parent[node] as number);
  const before = imports.find((item) => item.specifier > specifier || !isBuiltIn(item.specifier));
  if (before !== undefined) {
    const start = tree.start[statementOf(before.node)] as number;
    return start === 0 || text[start - 1] === '\n'
      ? start
      : endOfStatementLine(text, tree.end[statementOf(before.node)] as number);
  }
  const last = imports[imports.length - 1];
  if (last !== undefined) return endOfStatementLine(text, tree.end[statementOf(last.node)] as number);
  return placeBehindHead(file);
}

/** Behind a hash-bang line, a leading comment and directives such as 'use strict'. */
function placeBehindHead(file: FileContext): number {
  const { tree, text } = file;
  let place = text.startsWith('#!') ? lineEnd(text, 0) : 0;
  for (const statement of tree.childrenOf(0)) {
    const expression = tree.childByField(statement, 'expression');
    if (
      tree.kindOf(statement) !== 'ExpressionStatement' ||
      expression < 0 ||
      stringValue(tree, expression) === undefined
    )
      break;
    place = lineEnd(text, tree.end[statement] as number);
  }
  return place;
}

function endOfStatementLine(text: string, end: number): number {
  return lineEnd(text, Math.max(end - 1, 0));
}

const newImportLine = /^(\r?\n)?((?:import|const) \{ )([^}]*)( \} (?:from|= require)[\s\S]*)$/;

/** New imports of one module at one place as one line. */
export function joinNewImports(edits: readonly TextEdit[]): TextEdit[] {
  const joined: TextEdit[] = [];
  for (const edit of edits) {
    const [, lead = '', head, names = '', tail] = newImportLine.exec(edit.text) ?? [];
    const index = joined.findIndex((other) => {
      const match = newImportLine.exec(other.text);
      return head !== undefined && other.start === edit.start && match?.[2] === head && match[4] === tail;
    });
    const known = joined[index];
    if (known === undefined) {
      joined.push(edit);
      continue;
    }
    const others = newImportLine.exec(known.text)?.[3] ?? '';
    const all = [...new Set([...others.split(', '), ...names.split(', ')])].sort();
    joined[index] = { ...known, text: `${lead}${head}${all.join(', ')}${tail}` };
  }
  return joined;
}

/**
 * Takes an import out whose every use is dropped, if it is certain that nothing needs it any more. `added` are the edits
 * that extend imports: where one extends the list that would become empty, the names change places. Gives all edits.
 */
export function dropUnusedImport(
  file: FileContext,
  declaration: number,
  dropped: ReadonlySet<number>,
  added: readonly TextEdit[],
): TextEdit[] {
  const { tree, text, scopes } = file;
  const binding = scopes.bindingOf.get(declaration);
  if (binding === undefined || scopes.isDynamic || binding.declarations.length !== 1) return [...added];
  if (!binding.references.every(({ node }) => dropped.has(node))) return [...added];
  for (const { named, whole, specifier, node } of readImports(tree)) {
    const index = named.findIndex((item) => item.node === declaration);
    const item = named[index];
    if (item === undefined) continue;
    const start = tree.start[item.specifier] as number;
    const end = tree.end[item.specifier] as number;
    const next = named[index + 1];
    const previous = named[index - 1];
    if (next !== undefined) return [...added, { start, end: tree.start[next.specifier] as number, text: '' }];
    if (previous !== undefined) {
      const from = tree.end[previous.specifier] as number;
      const isPlain = /^\s*,\s*$/.test(text.slice(from, start));
      return isPlain ? mergeAt(added, { start: from, end, text: '' }) : [...added];
    }
    const inserted = added.filter((edit) => edit.start === edit.end && (edit.start === start || edit.start === end));
    if (inserted.length > 0) {
      const names = inserted.map((edit) => edit.text.replace(/^[,\s]+|[,\s]+$/g, '')).join(', ');
      return [...added.filter((edit) => !inserted.includes(edit)), { start, end, text: names }];
    }
    const isWholeLine = tree.kindOf(node) === 'ImportDeclaration' && whole === undefined && isBuiltIn(specifier);
    if (isWholeLine)
      return [
        ...added,
        { start: tree.start[node] as number, end: lineEnd(text, (tree.end[node] as number) - 1), text: '' },
      ];
  }
  return [...added];
}

/** Adds a deletion; an insertion at its end moves into it, since the two would overlap. */
function mergeAt(added: readonly TextEdit[], deletion: TextEdit): TextEdit[] {
  const inside = added.filter((edit) => edit.start === edit.end && edit.start === deletion.end);
  const text = inside.map((edit) => edit.text).join('');
  return [...added.filter((edit) => !inside.includes(edit)), { ...deletion, text }];
}
