import { patternNames } from '../languages/javascript/scopes.js';
import { type FlatTree, nodeFlag, type Span } from '../syntax/flat-tree.js';
import { OutlineBuilder } from './outline-builder.js';
import type { OutlineSymbol, SymbolKind } from './outline-symbol.js';

const declarationKinds: ReadonlyMap<string, SymbolKind> = new Map([
  ['FunctionDeclaration', 'function'],
  ['TSDeclareFunction', 'function'],
  ['ClassDeclaration', 'class'],
  ['TSInterfaceDeclaration', 'interface'],
  ['TSTypeAliasDeclaration', 'type'],
  ['TSEnumDeclaration', 'enum'],
  ['TSModuleDeclaration', 'namespace'],
]);
const memberKinds = new Set([
  'MethodDefinition',
  'TSAbstractMethodDefinition',
  'PropertyDefinition',
  'TSAbstractPropertyDefinition',
  'AccessorProperty',
  'TSAbstractAccessorProperty',
  'TSPropertySignature',
  'TSMethodSignature',
]);
const exportKinds = new Set(['ExportNamedDeclaration', 'ExportDefaultDeclaration']);
const functionKinds = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'FunctionDeclaration']);
const wrapperKinds = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
]);

/** The outline of a JavaScript or TypeScript tree. One pass over the rows; nothing recurses. */
export function outlineJavaScript(tree: FlatTree): OutlineSymbol[] {
  return new JavaScriptOutline(tree).collect();
}

class JavaScriptOutline {
  readonly #tree: FlatTree;
  readonly #builder: OutlineBuilder;
  /** Symbol that a node and what lies in it belongs to, -1 at the top. */
  readonly #owner: Int32Array;
  /** Symbol whose value a node is: only the members of such an object or type are symbols. */
  readonly #valueOf: Int32Array;
  /** Statement or member of the last declaration without a body, by its symbol: the next overload joins it. */
  readonly #overloads = new Map<number, number>();

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#builder = new OutlineBuilder(tree);
    this.#owner = new Int32Array(tree.size).fill(-1);
    this.#valueOf = new Int32Array(tree.size).fill(-1);
  }

  collect(): OutlineSymbol[] {
    const tree = this.#tree;
    for (let node = 1; node < tree.size; node += 1) {
      this.#owner[node] = this.#owner[tree.parent[node] as number] as number;
      const kind = tree.kindOf(node);
      const declared = declarationKinds.get(kind);
      if (declared !== undefined) this.#addDeclaration(node, declared);
      else if (memberKinds.has(kind)) this.#addMember(node);
      else if (kind === 'VariableDeclarator') this.#addVariable(node);
      else if (kind === 'AssignmentExpression') this.#addAssignment(node);
      else if (kind === 'Property') this.#addProperty(node);
      else if (kind === 'TSEnumMember') this.#addEnumMember(node);
      else if (kind === 'ExportDefaultDeclaration') this.#addDefaultExport(node);
    }
    return this.#builder.symbols;
  }

  #addDeclaration(node: number, kind: SymbolKind): void {
    const tree = this.#tree;
    const parent = tree.parent[node] as number;
    const isExported = exportKinds.has(tree.kindOf(parent));
    const outer = isExported ? parent : node;
    const id = tree.childByField(node, 'id');
    const name =
      id < 0 ? 'default' : tree.kindOf(id) === 'Identifier' ? this.#identifier(id) : stripQuotes(tree.textOf(id));
    const bodySpan = this.#spanOfField(node, 'body');
    const owner = this.#owner[node] as number;
    const span = tree.spanOf(outer);
    const joined = kind === 'function' ? this.#joinOverload(outer, name, owner, bodySpan) : undefined;
    const index =
      joined ??
      this.#builder.add({
        name,
        kind,
        span,
        nameSpan: id < 0 ? undefined : this.#nameSpan(id),
        bodySpan,
        decorators: this.#decoratorsOf(node),
        parent: owner,
        isAsync: tree.hasFlag(node, nodeFlag.async),
        isExported,
      });
    if (kind === 'function' && bodySpan === undefined) this.#overloads.set(index, outer);
    this.#owner[node] = index;
    const annotation = kind === 'type' ? tree.childByField(node, 'typeAnnotation') : tree.childByField(node, 'body');
    if (annotation >= 0) this.#valueOf[annotation] = index;
  }

  /** The symbol of the overload right before, when this declaration belongs to it. */
  #joinOverload(outer: number, name: string, owner: number, bodySpan: Span | undefined): number | undefined {
    const last = this.#builder.symbols.length - 1;
    const symbol = this.#builder.symbols[last];
    const before = this.#overloads.get(last);
    if (symbol === undefined || before === undefined || symbol.name !== name || symbol.parent !== owner)
      return undefined;
    if (this.#tree.nextSibling[before] !== outer) return undefined;
    this.#builder.extend(last, this.#tree.end[outer] as number, bodySpan);
    return last;
  }

  #addMember(node: number): void {
    const tree = this.#tree;
    const parent = tree.parent[node] as number;
    const isSignature = tree.kindOf(node).endsWith('Signature');
    // Members of a class count always, those of a type literal only where the literal is a declared type.
    if (isSignature && (this.#valueOf[parent] as number) < 0) return;
    const key = tree.childByField(node, 'key');
    const name = key < 0 ? undefined : this.#keyName(node, key);
    if (key < 0 || name === undefined) return;
    const value = tree.childByField(node, 'value');
    const isMethod = tree.kindOf(node).includes('Method');
    const isCallable = isMethod || (value >= 0 && functionKinds.has(tree.kindOf(this.#unwrap(value))));
    const detail = tree.detailOf(node);
    const kind: SymbolKind =
      detail === 'get'
        ? 'getter'
        : detail === 'set'
          ? 'setter'
          : detail === 'constructor'
            ? 'constructor'
            : isCallable
              ? 'method'
              : 'property';
    const bodySpan = value < 0 ? undefined : this.#spanOfField(this.#unwrap(value), 'body');
    const owner = this.#owner[node] as number;
    const decorators = this.#decoratorsOf(node);
    const joined = isMethod ? this.#joinOverload(node, name, owner, bodySpan) : undefined;
    const index =
      joined ??
      this.#builder.add({
        name,
        kind,
        span: { start: this.#afterDecorators(node, decorators), end: tree.end[node] as number },
        nameSpan: this.#nameSpan(key),
        bodySpan,
        decorators,
        parent: owner,
        isStatic: tree.hasFlag(node, nodeFlag.static),
        isAsync: value >= 0 && tree.hasFlag(this.#unwrap(value), nodeFlag.async),
      });
    if (isMethod && bodySpan === undefined) this.#overloads.set(index, node);
    this.#owner[node] = index;
  }

  #addVariable(node: number): void {
    const tree = this.#tree;
    const declaration = tree.parent[node] as number;
    const statement = tree.parent[declaration] as number;
    const isExported = exportKinds.has(tree.kindOf(statement));
    const scope = tree.kindOf(isExported ? (tree.parent[statement] as number) : statement);
    const isTop = scope === 'Program' || scope === 'TSModuleBlock';
    const id = tree.childByField(node, 'id');
    const init = tree.childByField(node, 'init');
    const value = init < 0 ? -1 : this.#unwrap(init);
    const valueKind = this.#kindOfValue(value);
    if (id < 0 || scope.startsWith('For') || (valueKind === undefined && !isTop)) return;
    const outer = isExported ? statement : declaration;
    const siblings = tree.childrenByField(declaration, 'declarations');
    const plain = tree.detailOf(declaration) === 'const' ? 'constant' : 'variable';
    const names = tree.kindOf(id) === 'Identifier' ? [id] : patternNames(tree, id);
    let index = -1;
    for (const name of names) {
      index = this.#builder.add({
        name: this.#identifier(name),
        kind: valueKind === undefined || names.length > 1 ? plain : valueKind,
        span: tree.spanOf(outer),
        nameSpan: this.#nameSpan(name),
        bodySpan: valueKind === undefined ? undefined : this.#spanOfField(value, 'body'),
        parent: this.#owner[node] as number,
        isAsync: value >= 0 && valueKind === 'function' && tree.hasFlag(value, nodeFlag.async),
        isExported,
        isShared: siblings.length > 1 || tree.kindOf(id) !== 'Identifier',
      });
    }
    if (index < 0 || names.length !== 1) return;
    this.#owner[node] = index;
    this.#markValue(value, index);
  }

  /** `res.status = function …`, `module.exports = { … }`, `A.prototype.b = …`, also in chains. */
  #addAssignment(node: number): void {
    const tree = this.#tree;
    const left = tree.childByField(node, 'left');
    if (tree.detailOf(node) !== '=' || left < 0) return;
    let value = this.#unwrap(tree.childByField(node, 'right'));
    let isChain = tree.kindOf(tree.parent[node] as number) === 'AssignmentExpression';
    while (tree.kindOf(value) === 'AssignmentExpression') {
      isChain = true;
      value = this.#unwrap(tree.childByField(value, 'right'));
    }
    const valueKind = this.#kindOfValue(value);
    const target = this.#assignmentTarget(left);
    const statement = this.#statementOf(node);
    const isObject = tree.kindOf(value) === 'ObjectExpression';
    if (target === undefined || statement < 0 || (valueKind === undefined && !isObject)) return;
    const index = this.#builder.add({
      name: target.name,
      kind: valueKind ?? 'property',
      ...(target.ownerPath !== undefined && { ownerPath: target.ownerPath }),
      span: tree.spanOf(statement),
      nameSpan: target.nameSpan,
      bodySpan: this.#spanOfField(value, 'body'),
      parent: this.#owner[node] as number,
      isAsync: valueKind === 'function' && tree.hasFlag(value, nodeFlag.async),
      isExported: target.ownerPath === 'exports' || target.name === 'exports',
      isShared: isChain,
    });
    this.#owner[node] = index;
    this.#markValue(value, index);
  }

  /** The name and owner that a member expression assigns to; undefined for computed members and plain variables. */
  #assignmentTarget(left: number): { name: string; ownerPath?: string; nameSpan: Span } | undefined {
    const tree = this.#tree;
    if (tree.kindOf(left) !== 'MemberExpression' || tree.hasFlag(left, nodeFlag.computed)) return undefined;
    const property = tree.childByField(left, 'property');
    const name = tree.textOf(property);
    const nameSpan = tree.spanOf(property);
    const object = tree.textOf(tree.childByField(left, 'object'));
    if (object === 'this') return { name, nameSpan };
    if (!/^[\w$]+(\.[\w$]+)*$/.test(object)) return undefined;
    const ownerPath = object.replace(/^module\.exports(?=\.|$)/, 'exports');
    return ownerPath === 'module' && name === 'exports'
      ? { name, nameSpan, ownerPath: '' }
      : { name, nameSpan, ownerPath };
  }

  #statementOf(node: number): number {
    const tree = this.#tree;
    let outer = tree.parent[node] as number;
    while (tree.kindOf(outer) === 'AssignmentExpression') outer = tree.parent[outer] as number;
    return tree.kindOf(outer) === 'ExpressionStatement' ? outer : -1;
  }

  #addProperty(node: number): void {
    const tree = this.#tree;
    const owner = this.#valueOf[tree.parent[node] as number] as number;
    const key = tree.childByField(node, 'key');
    const field = tree.childByField(node, 'value');
    if (owner < 0 || key < 0 || field < 0 || tree.hasFlag(node, nodeFlag.shorthand)) return;
    const value = this.#unwrap(field);
    const valueKind = this.#kindOfValue(value);
    const name = this.#keyName(node, key);
    const isObject = tree.kindOf(value) === 'ObjectExpression';
    if (name === undefined || (valueKind === undefined && !isObject)) return;
    const detail = tree.detailOf(node);
    const callable = detail === 'get' ? 'getter' : detail === 'set' ? 'setter' : 'method';
    const index = this.#builder.add({
      name,
      kind: valueKind === 'function' ? callable : (valueKind ?? 'property'),
      span: tree.spanOf(node),
      nameSpan: this.#nameSpan(key),
      bodySpan: this.#spanOfField(value, 'body'),
      parent: owner,
      isAsync: valueKind === 'function' && tree.hasFlag(value, nodeFlag.async),
    });
    this.#owner[node] = index;
    this.#markValue(value, index);
  }

  #addEnumMember(node: number): void {
    const tree = this.#tree;
    const id = tree.childByField(node, 'id');
    const nameSpan = this.#nameSpan(id);
    const span = tree.spanOf(node);
    this.#builder.add({
      name: stripQuotes(tree.textOf(id)),
      kind: 'member',
      span,
      nameSpan,
      parent: this.#owner[node] as number,
    });
  }

  #addDefaultExport(node: number): void {
    const tree = this.#tree;
    const declaration = tree.childByField(node, 'declaration');
    const value = this.#unwrap(declaration);
    if (declarationKinds.has(tree.kindOf(declaration)) || tree.kindOf(value) === 'Identifier') return;
    const index = this.#builder.add({
      name: 'default',
      kind: this.#kindOfValue(value) ?? 'constant',
      span: tree.spanOf(node),
      bodySpan: this.#kindOfValue(value) === undefined ? undefined : this.#spanOfField(value, 'body'),
      parent: this.#owner[node] as number,
      isAsync: tree.hasFlag(value, nodeFlag.async),
      isExported: true,
    });
    this.#owner[node] = index;
    this.#markValue(value, index);
  }

  #markValue(value: number, index: number): void {
    if (value >= 0) this.#valueOf[value] = index;
  }

  #kindOfValue(value: number): 'function' | 'class' | undefined {
    const kind = this.#tree.kindOf(value);
    if (functionKinds.has(kind)) return 'function';
    return kind === 'ClassExpression' ? 'class' : undefined;
  }

  /** The expression inside parentheses and type assertions. */
  #unwrap(node: number): number {
    let inner = node;
    while (wrapperKinds.has(this.#tree.kindOf(inner))) inner = this.#tree.childByField(inner, 'expression');
    return inner;
  }

  #keyName(member: number, key: number): string | undefined {
    const tree = this.#tree;
    if (tree.hasFlag(member, nodeFlag.computed)) return `[${tree.textOf(key)}]`;
    return tree.kindOf(key) === 'Literal' ? stripQuotes(tree.textOf(key)) : this.#identifier(key);
  }

  /** An identifier's name; the node's own text may go on with a type annotation. */
  #identifier(node: number): string {
    const span = this.#nameSpan(node);
    return this.#tree.text.slice(span.start, span.end);
  }

  #nameSpan(node: number): Span {
    const span = this.#tree.spanOf(node);
    const length = /^#?[\w$\u0080-\uffff\\]+/.exec(this.#tree.textOf(node))?.[0].length;
    return length === undefined ? span : { start: span.start, end: span.start + length };
  }

  #spanOfField(node: number, field: string): Span | undefined {
    const child = this.#tree.childByField(node, field);
    return child < 0 ? undefined : this.#tree.spanOf(child);
  }

  #decoratorsOf(node: number): Span[] {
    return this.#tree.childrenByField(node, 'decorators').map((decorator) => this.#tree.spanOf(decorator));
  }

  /** Where a member starts behind its decorators, white space and comments. */
  #afterDecorators(node: number, decorators: readonly Span[]): number {
    const tree = this.#tree;
    const last = decorators[decorators.length - 1];
    if (last === undefined) return tree.start[node] as number;
    let offset = last.end;
    for (let moved = true; moved; ) {
      moved = false;
      while (/\s/.test(tree.text.charAt(offset))) offset += 1;
      const comment = tree.comments.find(({ start }) => start === offset);
      if (comment !== undefined) {
        offset = comment.end;
        moved = true;
      }
    }
    return offset;
  }
}

function stripQuotes(text: string): string {
  return /^(['"`]).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
