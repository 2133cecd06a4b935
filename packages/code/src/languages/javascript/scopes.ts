import { type FlatTree, nodeFlag } from '../../syntax/flat-tree.js';

/** A variable. Captured ones live in the environment of their function, the others in a slot. */
export interface Binding {
  readonly name: string;
  /** Name in the environment, unique within the function. */
  readonly cell: string;
  readonly functionNode: number;
  captured: boolean;
  slot: number;
  /** Set for names that an `import` declaration makes: the module and the exported name there. */
  readonly imported: { readonly from: string; readonly name: string } | undefined;
}

const functionKinds = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
const blockKinds = new Set([
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
]);

/** Whether a node is lowered to a function of its own; an instance field's initialiser is one. */
function isFunctionNode(tree: FlatTree, node: number): boolean {
  const kind = tree.kindOf(node);
  if (functionKinds.has(kind)) return true;
  return kind === 'PropertyDefinition' && !tree.hasFlag(node, nodeFlag.static);
}

/** Identifiers that a pattern binds, in source order. */
export function patternNames(tree: FlatTree, pattern: number): number[] {
  const names: number[] = [];
  const stack = [pattern];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    switch (tree.kindOf(node)) {
      case 'Identifier':
        names.push(node);
        break;
      case 'ObjectPattern':
      case 'ArrayPattern':
        stack.push(...tree.childrenOf(node).reverse());
        break;
      case 'Property':
        stack.push(tree.childByField(node, 'value'));
        break;
      case 'AssignmentPattern':
        stack.push(tree.childByField(node, 'left'));
        break;
      case 'RestElement':
        stack.push(tree.childByField(node, 'argument'));
        break;
      case 'TSParameterProperty':
        stack.push(tree.childByField(node, 'parameter'));
        break;
      default:
    }
  }
  return names;
}

/** Name of an identifier without TypeScript's annotation and optional mark, which its span includes. */
export function identifierName(tree: FlatTree, node: number): string {
  const text = tree.textOf(node);
  const name = /^[\p{ID_Continue}$\u200c\u200d]+/u.exec(text)?.[0];
  return name ?? text;
}

/** Scopes of a JavaScript or TypeScript module: which binding an identifier means and which ones are captured. */
export class Scopes {
  readonly #tree: FlatTree;
  /** Nearest enclosing scope node of each node. */
  readonly #scope: Int32Array;
  /** Nearest enclosing function node (or the program) of each node. */
  readonly #function: Int32Array;
  readonly #bindings = new Map<number, Map<string, Binding>>();
  readonly #cellNames = new Map<number, Set<string>>();

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#scope = new Int32Array(tree.size);
    this.#function = new Int32Array(tree.size);
    for (let node = 1; node < tree.size; node += 1) {
      const parent = tree.parent[node] as number;
      const opensFunction = isFunctionNode(tree, parent);
      this.#scope[node] =
        opensFunction || blockKinds.has(tree.kindOf(parent)) ? parent : (this.#scope[parent] as number);
      this.#function[node] = opensFunction ? parent : (this.#function[parent] as number);
    }
    for (let node = 0; node < tree.size; node += 1) this.#declareAt(node);
    this.#markCaptured();
  }

  /** The function node (0 for the module) whose code a node belongs to. */
  functionOf(node: number): number {
    return this.#function[node] as number;
  }

  /** What a name means at a node. */
  resolve(node: number, name: string): Binding | undefined {
    let scope = this.#scope[node] as number;
    for (;;) {
      const binding = this.#bindings.get(scope)?.get(name);
      if (binding !== undefined) return binding;
      if (scope === 0) return undefined;
      scope = this.#scope[scope] as number;
    }
  }

  /** Number of environments between the code of one function and that of another around it. */
  hops(fromFunction: number, toFunction: number): number {
    let count = 0;
    for (let at = fromFunction; at !== toFunction && at !== 0; at = this.#function[at] as number) count += 1;
    return count;
  }

  #declare(scope: number, name: string, imported?: Binding['imported']): void {
    const names = this.#bindings.get(scope) ?? new Map<string, Binding>();
    this.#bindings.set(scope, names);
    if (names.has(name)) return;
    const functionNode = scope === 0 || isFunctionNode(this.#tree, scope) ? scope : (this.#function[scope] as number);
    const cells = this.#cellNames.get(functionNode) ?? new Set<string>();
    this.#cellNames.set(functionNode, cells);
    const cell = cells.has(name) ? `${name}$${scope}` : name;
    cells.add(cell);
    // Names of the module itself are visible to importers, so they always live in its environment.
    names.set(name, { name, cell, functionNode, captured: scope === 0, slot: -1, imported });
  }

  #declarePattern(scope: number, pattern: number): void {
    for (const node of patternNames(this.#tree, pattern)) this.#declare(scope, identifierName(this.#tree, node));
  }

  #declareAt(node: number): void {
    const tree = this.#tree;
    const scope = this.#scope[node] as number;
    switch (tree.kindOf(node)) {
      case 'VariableDeclarator': {
        const isVar = tree.detailOf(tree.parent[node] as number) === 'var';
        this.#declarePattern(isVar ? (this.#function[node] as number) : scope, tree.childByField(node, 'id'));
        break;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
      case 'TSModuleDeclaration': {
        const id = tree.childByField(node, 'id');
        if (id >= 0) this.#declare(scope, identifierName(tree, id));
        this.#declareParameters(node);
        break;
      }
      case 'FunctionExpression':
      case 'ArrowFunctionExpression': {
        const id = tree.childByField(node, 'id');
        if (id >= 0) this.#declare(node, identifierName(tree, id));
        this.#declareParameters(node);
        break;
      }
      case 'CatchClause': {
        const parameter = tree.childByField(node, 'param');
        if (parameter >= 0) this.#declarePattern(node, parameter);
        break;
      }
      case 'ClassExpression': {
        const id = tree.childByField(node, 'id');
        if (id >= 0) this.#declare(node, identifierName(tree, id));
        break;
      }
      case 'ImportDeclaration':
        this.#declareImports(node);
        break;
      default:
    }
  }

  #declareParameters(node: number): void {
    for (const parameter of this.#tree.childrenByField(node, 'params')) this.#declarePattern(node, parameter);
  }

  #declareImports(node: number): void {
    const tree = this.#tree;
    if (tree.hasFlag(node, nodeFlag.typeOnly)) return;
    const from = tree.textOf(tree.childByField(node, 'source')).slice(1, -1);
    for (const specifier of tree.childrenByField(node, 'specifiers')) {
      const local = identifierName(tree, tree.childByField(specifier, 'local'));
      const kind = tree.kindOf(specifier);
      const imported = tree.childByField(specifier, 'imported');
      const name =
        kind === 'ImportNamespaceSpecifier'
          ? '*'
          : imported < 0
            ? 'default'
            : tree.textOf(imported).replace(/['"]/g, '');
      if (!tree.hasFlag(specifier, nodeFlag.typeOnly)) this.#declare(0, local, { from, name });
    }
  }

  /** An identifier that is no reference but a property's name may capture a variable in vain, which costs only speed. */
  #markCaptured(): void {
    const tree = this.#tree;
    for (let node = 0; node < tree.size; node += 1) {
      const kind = tree.kindOf(node);
      if (kind !== 'Identifier' && kind !== 'JSXIdentifier') continue;
      const binding = this.resolve(node, identifierName(tree, node));
      if (binding !== undefined && binding.functionNode !== this.#function[node]) binding.captured = true;
    }
  }
}
