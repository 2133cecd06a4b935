import type { FlatTree } from '../../syntax/flat-tree.js';

/** A variable of a Python module. Captured ones live in the environment of their function, the others in a slot. */
export interface PyBinding {
  readonly name: string;
  readonly cell: string;
  readonly functionNode: number;
  captured: boolean;
  slot: number;
}

interface PyScope {
  readonly node: number;
  readonly functionNode: number;
  readonly isClass: boolean;
  readonly bindings: Map<string, PyBinding>;
  /** Names that `global` or `nonlocal` hand to a scope further out. */
  readonly outer: Map<string, 'global' | 'nonlocal'>;
}

const functionKinds = new Set(['function_definition', 'lambda']);
const comprehensionKinds = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

/** Kinds that open a scope. */
function opensScope(kind: string): boolean {
  return functionKinds.has(kind) || comprehensionKinds.has(kind) || kind === 'class_definition';
}

const patternKinds = new Set([
  ...[
    'pattern_list',
    'tuple_pattern',
    'list_pattern',
    'list_splat_pattern',
    'dictionary_splat_pattern',
    'as_pattern_target',
  ],
  ...['tuple', 'list', 'parenthesized_expression', 'expression_list', 'list_splat', 'typed_parameter'],
]);

/** Identifiers that an assignment target binds. */
export function targetNames(tree: FlatTree, target: number): number[] {
  const names: number[] = [];
  const stack = [target];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const kind = tree.kindOf(node);
    if (kind === 'identifier') names.push(node);
    else if (kind === 'default_parameter' || kind === 'typed_default_parameter')
      stack.push(tree.childByField(node, 'name'));
    else if (patternKinds.has(kind)) {
      const children = tree.childrenOf(node);
      stack.push(...(kind === 'typed_parameter' ? children.slice(0, 1) : children).reverse());
    }
  }
  return names;
}

/** Scopes of a Python module: which variable a name means at a place. */
export class PyScopes {
  readonly #tree: FlatTree;
  readonly #scopeOf: Int32Array;
  readonly #functionOf: Int32Array;
  readonly #scopes = new Map<number, PyScope>();
  readonly #cells = new Map<number, Set<string>>();

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#scopeOf = new Int32Array(tree.size);
    this.#functionOf = new Int32Array(tree.size);
    this.#open(0, 0, false);
    for (let node = 1; node < tree.size; node += 1) this.#place(node);
    for (let node = 0; node < tree.size; node += 1) this.#declareAt(node);
    for (let node = 0; node < tree.size; node += 1) {
      if (tree.kindOf(node) !== 'identifier') continue;
      const binding = this.resolve(node, tree.textOf(node));
      if (binding !== undefined && binding.functionNode !== this.#functionOf[node]) binding.captured = true;
    }
  }

  /** The function node (0 for the module) whose code a node belongs to. */
  functionOf(node: number): number {
    return this.#functionOf[node] as number;
  }

  /** Names bound directly in a class body, in order. */
  classBindings(node: number): PyBinding[] {
    return [...(this.#scopes.get(node)?.bindings.values() ?? [])];
  }

  /** What a name means at a node; undefined for built-ins and names from elsewhere. */
  resolve(node: number, name: string): PyBinding | undefined {
    let scope = this.#scopes.get(this.#scopeOf[node] as number) as PyScope;
    let isFirst = true;
    for (;;) {
      const handed = scope.outer.get(name);
      if (handed === 'global') return this.#scopes.get(0)?.bindings.get(name);
      const binding = handed === undefined && (isFirst || !scope.isClass) ? scope.bindings.get(name) : undefined;
      if (binding !== undefined) return binding;
      if (scope.node === 0) return undefined;
      // A comprehension in a class body still sees the class's names as the first scope that is none itself.
      isFirst = isFirst && comprehensionKinds.has(this.#tree.kindOf(scope.node));
      scope = this.#scopes.get(this.#scopeOf[scope.node] as number) as PyScope;
    }
  }

  /** Number of environments between the code of one function and that of another around it. */
  hops(fromFunction: number, toFunction: number): number {
    let count = 0;
    for (let at = fromFunction; at !== toFunction && at !== 0; at = this.#functionOf[at] as number) count += 1;
    return count;
  }

  #open(node: number, functionNode: number, isClass: boolean): void {
    this.#scopes.set(node, { node, functionNode, isClass, bindings: new Map(), outer: new Map() });
  }

  /** Decorators, defaults, annotations and base classes belong to the scope around; all else to the one it opens. */
  #place(node: number): void {
    const tree = this.#tree;
    const parent = tree.parent[node] as number;
    const kind = tree.kindOf(parent);
    const field = tree.fieldOf(node);
    const isInner = opensScope(kind) && field !== 'name' && field !== 'superclasses' && field !== 'return_type';
    this.#scopeOf[node] = isInner ? parent : (this.#scopeOf[parent] as number);
    const isInnerCode = functionKinds.has(kind) && field !== 'name' && field !== 'return_type';
    this.#functionOf[node] = isInnerCode ? parent : (this.#functionOf[parent] as number);
    const own = tree.kindOf(node);
    if (!opensScope(own)) return;
    const functionNode = functionKinds.has(own) ? node : (this.#functionOf[node] as number);
    this.#open(node, functionNode, own === 'class_definition');
  }

  #declare(scopeNode: number, name: string): void {
    const scope = this.#scopes.get(scopeNode) as PyScope;
    if (scope.outer.has(name) || scope.bindings.has(name)) return;
    const cells = this.#cells.get(scope.functionNode) ?? new Set<string>();
    this.#cells.set(scope.functionNode, cells);
    const cell = cells.has(name) ? `${name}$${scopeNode}` : name;
    cells.add(cell);
    scope.bindings.set(name, { name, cell, functionNode: scope.functionNode, captured: scopeNode === 0, slot: -1 });
  }

  #declareTarget(scopeNode: number, target: number): void {
    for (const node of targetNames(this.#tree, target)) this.#declare(scopeNode, this.#tree.textOf(node));
  }

  /** Assignments inside a comprehension bind around it, except its own loop variables. */
  #bindingScope(node: number): number {
    let scope = this.#scopeOf[node] as number;
    while (comprehensionKinds.has(this.#tree.kindOf(scope))) scope = this.#scopeOf[scope] as number;
    return scope;
  }

  #declareAt(node: number): void {
    const tree = this.#tree;
    const scope = this.#scopeOf[node] as number;
    const named = (field: string, at = scope): void => {
      for (const child of tree.childrenByField(node, field)) this.#declareTarget(at, child);
    };
    switch (tree.kindOf(node)) {
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
        named('left', this.#bindingScope(node));
        break;
      case 'for_in_clause':
        named('left');
        break;
      case 'named_expression':
        named('name', this.#bindingScope(node));
        break;
      case 'as_pattern_target':
        this.#declareTarget(scope, node);
        break;
      case 'function_definition':
        named('name');
        this.#declareParameters(node);
        break;
      case 'class_definition':
        named('name');
        break;
      case 'lambda':
        this.#declareParameters(node);
        break;
      case 'import_statement':
      case 'import_from_statement':
        for (const child of tree.childrenByField(node, 'name')) this.#declareImport(scope, child);
        break;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of tree.childrenOf(node))
          this.#handOut(scope, tree.textOf(child), tree.kindOf(node) === 'global_statement');
        break;
      case 'case_clause':
        for (const name of capturedNames(tree, node)) this.#declare(scope, tree.textOf(name));
        break;
      default:
    }
  }

  #handOut(scopeNode: number, name: string, isGlobal: boolean): void {
    const scope = this.#scopes.get(scopeNode) as PyScope;
    scope.bindings.delete(name);
    scope.outer.set(name, isGlobal ? 'global' : 'nonlocal');
    if (isGlobal) this.#declare(0, name);
  }

  #declareParameters(node: number): void {
    const parameters = this.#tree.childByField(node, 'parameters');
    if (parameters < 0) return;
    for (const parameter of this.#tree.childrenOf(parameters)) this.#declareTarget(node, parameter);
  }

  #declareImport(scope: number, name: number): void {
    const tree = this.#tree;
    const alias = tree.childByField(name, 'alias');
    this.#declare(scope, alias >= 0 ? tree.textOf(alias) : (tree.textOf(name).split('.')[0] as string).trim());
  }
}

/** Identifiers that the patterns of a `case` capture. */
export function capturedNames(tree: FlatTree, clause: number): number[] {
  const names: number[] = [];
  const stack = tree.childrenOf(clause).filter((child) => tree.kindOf(child) === 'case_pattern');
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const kind = tree.kindOf(node);
    const children = tree.childrenOf(node);
    if (kind === 'dotted_name' && children.length === 1 && tree.kindOf(tree.parent[node] as number) === 'case_pattern')
      names.push(children[0] as number);
    else if (kind === 'splat_pattern') names.push(...children.filter((child) => tree.kindOf(child) === 'identifier'));
    else if (kind === 'as_pattern') {
      names.push(...children.filter((child) => tree.kindOf(child) === 'identifier'));
      stack.push(...children.filter((child) => tree.kindOf(child) !== 'identifier'));
    } else if (kind !== 'string') stack.push(...children);
  }
  return names;
}
