import { type FlatTree, nodeFlag } from '../../syntax/flat-tree.js';
import { type BindingKind, nameAt, ScopeTable } from './scope-table.js';

const functionKinds = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'TSDeclareFunction',
  'TSEmptyBodyFunctionExpression',
  'TSFunctionType',
  'TSConstructorType',
  'TSMethodSignature',
  'TSCallSignatureDeclaration',
  'TSConstructSignatureDeclaration',
  'TSIndexSignature',
]);
const scopeKinds = new Set([
  ...functionKinds,
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'ClassDeclaration',
  'ClassExpression',
  'StaticBlock',
  'TSModuleBlock',
  'TSEnumBody',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSMappedType',
  'TSConditionalType',
]);
/** Scopes that a `var` belongs to. */
const variableScopeKinds = new Set([...functionKinds, 'Program', 'StaticBlock', 'TSModuleBlock']);

/** Parent kind and field of identifiers that are names of members, labels or modules, not of bindings. */
const silentFields = new Set([
  'LabeledStatement.label',
  'BreakStatement.label',
  'ContinueStatement.label',
  'ImportSpecifier.imported',
  'ExportSpecifier.exported',
  'ExportAllDeclaration.exported',
  'MetaProperty.meta',
  'MetaProperty.property',
  'TSQualifiedName.right',
  'TSNamedTupleMember.label',
  'TSImportType.qualifier',
  'ImportAttribute.key',
  'JSXAttribute.name',
  'JSXMemberExpression.property',
  'JSXNamespacedName.namespace',
  'JSXNamespacedName.name',
]);
/** Fields that name a member unless it is computed. */
const memberFields = new Set([
  'MemberExpression.property',
  'Property.key',
  'MethodDefinition.key',
  'PropertyDefinition.key',
  'AccessorProperty.key',
  'TSAbstractMethodDefinition.key',
  'TSAbstractPropertyDefinition.key',
  'TSAbstractAccessorProperty.key',
  'TSPropertySignature.key',
  'TSMethodSignature.key',
]);
const simpleDeclarations: ReadonlyMap<string, BindingKind> = new Map([
  ['FunctionDeclaration.id', 'function'],
  ['TSDeclareFunction.id', 'function'],
  ['ClassDeclaration.id', 'class'],
  ['TSEnumDeclaration.id', 'type'],
  ['TSInterfaceDeclaration.id', 'type'],
  ['TSTypeAliasDeclaration.id', 'type'],
  ['TSModuleDeclaration.id', 'type'],
  ['TSImportEqualsDeclaration.id', 'import'],
  ['ImportSpecifier.local', 'import'],
  ['ImportDefaultSpecifier.local', 'import'],
  ['ImportNamespaceSpecifier.local', 'import'],
]);
/** Fields through which a binding pattern leads from the declaration down to the names it binds. */
const patternFields = new Set([
  'ArrayPattern.elements',
  'ObjectPattern.properties',
  'Property.value',
  'AssignmentPattern.left',
  'RestElement.argument',
  'TSParameterProperty.parameter',
]);

/** Scopes, declarations and uses of a JavaScript or TypeScript tree. Types and values share one name space. */
export function resolveJavaScript(tree: FlatTree): ScopeTable {
  return new JavaScriptScopes(tree).resolve();
}

class JavaScriptScopes {
  readonly #tree: FlatTree;
  readonly #table = new ScopeTable();
  /** Scope that the names in a node's children belong to. */
  readonly #scopeOf: Int32Array;
  readonly #uses: number[] = [];

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#scopeOf = new Int32Array(tree.size).fill(-1);
  }

  resolve(): ScopeTable {
    const tree = this.#tree;
    this.#scopeOf[0] = this.#table.open(0, -1);
    for (let node = 1; node < tree.size; node += 1) this.#enter(node);
    for (const node of this.#uses) {
      const name = nameAt(tree, node);
      this.#table.refer(this.#useScope(node), name, { node, isWrite: this.#isWrite(node) });
    }
    const direct = this.#table.unresolved.get('eval') ?? [];
    if (direct.some(({ node }) => tree.fieldOf(node) === 'callee')) this.#table.isDynamic = true;
    return this.#table;
  }

  #enter(node: number): void {
    const tree = this.#tree;
    const parent = tree.parent[node] as number;
    const outer = this.#scopeOf[parent] as number;
    const kind = tree.kindOf(node);
    if (kind === 'WithStatement') this.#table.isDynamic = true;
    // The block of a function or catch clause shares the scope of its parameters.
    const shares =
      kind === 'BlockStatement' && (functionKinds.has(tree.kindOf(parent)) || tree.kindOf(parent) === 'CatchClause');
    this.#scopeOf[node] = scopeKinds.has(kind) && !shares ? this.#table.open(node, outer) : outer;
    if (kind === 'Identifier') this.#identifier(node, parent, outer);
    else if (kind === 'JSXIdentifier') this.#jsxIdentifier(node, parent);
  }

  #identifier(node: number, parent: number, scope: number): void {
    const tree = this.#tree;
    const role = `${tree.kindOf(parent)}.${tree.fieldOf(node)}`;
    if (silentFields.has(role)) return;
    if (memberFields.has(role) && !tree.hasFlag(parent, nodeFlag.computed)) return;
    if (role === 'TSEnumMember.id') {
      this.#table.declare(scope, nameAt(tree, node), 'member', node);
      return;
    }
    const isReExport =
      role === 'ExportSpecifier.local' && tree.childByField(tree.parent[parent] as number, 'source') >= 0;
    if (isReExport) return;
    if (!this.#declare(node, parent, role, scope)) this.#uses.push(node);
  }

  #jsxIdentifier(node: number, parent: number): void {
    const tree = this.#tree;
    const role = `${tree.kindOf(parent)}.${tree.fieldOf(node)}`;
    if (silentFields.has(role)) return;
    const isElement = role === 'JSXOpeningElement.name' || role === 'JSXClosingElement.name';
    // A lower-case element name is a tag of the platform.
    if (!isElement || !/^[a-z]/.test(tree.textOf(node))) this.#uses.push(node);
  }

  /** Declares the name when the identifier stands where names are bound. */
  #declare(node: number, parent: number, role: string, scope: number): boolean {
    const tree = this.#tree;
    const name = nameAt(tree, node);
    const simple = simpleDeclarations.get(role);
    if (simple !== undefined) {
      // A declaration opens its own scope for type parameters; its name belongs outside.
      const isOwner = scopeKinds.has(tree.kindOf(parent));
      this.#table.declare(
        isOwner ? (this.#scopeOf[tree.parent[parent] as number] as number) : scope,
        name,
        simple,
        node,
      );
      return true;
    }
    if (role === 'FunctionExpression.id' || role === 'ClassExpression.id') {
      this.#table.declare(scope, name, role.startsWith('F') ? 'function' : 'class', node);
      return true;
    }
    if (role === 'TSTypeParameter.name') {
      this.#table.declare(scope, name, 'type', node);
      return true;
    }
    if (role === 'TSMappedType.key') {
      this.#table.declare(scope, name, 'type', node);
      return true;
    }
    return this.#declarePattern(node, scope, name);
  }

  /** Follows a pattern up to the declarator, parameter or catch clause that makes it a declaration. */
  #declarePattern(node: number, scope: number, name: string): boolean {
    const tree = this.#tree;
    let inner = node;
    let parent = tree.parent[inner] as number;
    while (patternFields.has(`${tree.kindOf(parent)}.${tree.fieldOf(inner)}`)) {
      if (tree.kindOf(parent) === 'Property' && tree.kindOf(tree.parent[parent] as number) !== 'ObjectPattern')
        return false;
      inner = parent;
      parent = tree.parent[inner] as number;
    }
    const kind = tree.kindOf(parent);
    const field = tree.fieldOf(inner);
    if (kind === 'VariableDeclarator' && field === 'id') {
      const declaration = tree.detailOf(tree.parent[parent] as number);
      if (declaration === 'var') this.#table.declare(this.#variableScope(scope), name, 'variable', node);
      else this.#table.declare(scope, name, declaration === 'let' ? 'variable' : 'constant', node);
      return true;
    }
    const isParameter = functionKinds.has(kind) && (field === 'params' || field === 'parameters');
    if (isParameter || (kind === 'CatchClause' && field === 'param')) {
      this.#table.declare(this.#scopeOf[parent] as number, name, 'parameter', node);
      return true;
    }
    return false;
  }

  #variableScope(scope: number): number {
    let at = scope;
    for (;;) {
      const current = this.#table.scopes[at];
      if (current === undefined) return 0;
      if (variableScopeKinds.has(this.#tree.kindOf(current.node))) return at;
      at = current.parent;
    }
  }

  /** Decorators and the `extends` of a class see the names around it, not those in it. */
  #useScope(node: number): number {
    return this.#scopeOf[this.#tree.parent[node] as number] as number;
  }

  #isWrite(node: number): boolean {
    const tree = this.#tree;
    let inner = node;
    let parent = tree.parent[inner] as number;
    while (patternFields.has(`${tree.kindOf(parent)}.${tree.fieldOf(inner)}`)) {
      if (tree.kindOf(parent) === 'Property' && tree.kindOf(tree.parent[parent] as number) !== 'ObjectPattern')
        return false;
      inner = parent;
      parent = tree.parent[inner] as number;
    }
    const role = `${tree.kindOf(parent)}.${tree.fieldOf(inner)}`;
    return (
      role === 'AssignmentExpression.left' ||
      role === 'UpdateExpression.argument' ||
      role === 'ForInStatement.left' ||
      role === 'ForOfStatement.left'
    );
  }
}
