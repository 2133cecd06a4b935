import type { FlatTree } from '../../syntax/flat-tree.js';
import { type BindingKind, type Scope, ScopeTable } from './scope-table.js';

const comprehensionKinds = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);
const scopeKinds = new Set(['function_definition', 'class_definition', 'lambda', ...comprehensionKinds]);
/** Parent kind and field of identifiers that name members or arguments, not bindings. */
const silentFields = new Set(['attribute.attribute', 'keyword_argument.name']);
/** Kinds through which an assignment's or loop's target leads down to the names it binds. */
const patternKinds = new Set([
  'pattern_list',
  'tuple_pattern',
  'list_pattern',
  'list_splat_pattern',
  'parenthesized_expression',
  'tuple',
  'list',
  'list_splat',
]);
const parameterKinds = new Set([
  'parameters',
  'lambda_parameters',
  'default_parameter',
  'typed_parameter',
  'typed_default_parameter',
  'list_splat_pattern',
  'dictionary_splat_pattern',
  'tuple_pattern',
]);

/** Scopes, declarations and uses of a Python tree. */
export function resolvePython(tree: FlatTree): ScopeTable {
  return new PythonScopes(tree).resolve();
}

class PythonScopes {
  readonly #tree: FlatTree;
  readonly #table = new ScopeTable();
  readonly #scopeOf: Int32Array;
  readonly #uses: number[] = [];
  /** Declarations found, in source order: `global` and `nonlocal` may still move them. */
  readonly #targets: { node: number; scope: number; kind: BindingKind }[] = [];
  /** Names that a scope declares `global` (0) or `nonlocal` (1). */
  readonly #moved = new Map<number, Map<string, 'global' | 'nonlocal'>>();

  constructor(tree: FlatTree) {
    this.#tree = tree;
    this.#scopeOf = new Int32Array(tree.size).fill(-1);
  }

  resolve(): ScopeTable {
    const tree = this.#tree;
    this.#scopeOf[0] = this.#table.open(0, -1);
    for (let node = 1; node < tree.size; node += 1) this.#enter(node);
    // What moves outwards is declared last, so that the scope it moves to exists.
    const isMoved = (target: { node: number; scope: number }) =>
      this.#moved.get(target.scope)?.has(tree.textOf(target.node)) === true;
    for (const target of this.#targets) if (!isMoved(target)) this.#declare(target.node, target.scope, target.kind);
    for (const target of this.#targets) if (isMoved(target)) this.#declareOutside(target.node, target.scope);
    for (const node of this.#uses) this.#refer(node);
    return this.#table;
  }

  #enter(node: number): void {
    const tree = this.#tree;
    const parent = tree.parent[node] as number;
    const kind = tree.kindOf(node);
    const around = this.#scopeFor(node, parent);
    this.#scopeOf[node] = scopeKinds.has(kind) ? this.#table.open(node, around, kind === 'class_definition') : around;
    if (kind === 'wildcard_import') this.#table.isDynamic = true;
    if (kind === 'global_statement' || kind === 'nonlocal_statement') this.#move(node, around, kind);
    if (kind === 'identifier') this.#identifier(node, parent);
  }

  /** Scope of a child: what stands in a definition's head is evaluated outside of it. */
  #scopeFor(node: number, parent: number): number {
    const tree = this.#tree;
    const parentKind = tree.kindOf(parent);
    const scope = this.#scopeOf[parent] as number;
    const outside = () => (this.#table.scopes[scope] as Scope).parent;
    if (parentKind === 'function_definition') return tree.fieldOf(node) === 'return_type' ? outside() : scope;
    if (parentKind === 'class_definition') return tree.fieldOf(node) === 'superclasses' ? outside() : scope;
    if (/^(typed_)?default_parameter$|^typed_parameter$/.test(parentKind)) {
      const field = tree.fieldOf(node);
      return field === 'value' || field === 'type' ? outside() : scope;
    }
    // The first iterable of a comprehension is evaluated in the scope around it.
    if (parentKind === 'for_in_clause' && tree.fieldOf(node) === 'right') {
      const comprehension = tree.parent[parent] as number;
      const first = tree.childrenOf(comprehension).find((child) => tree.kindOf(child) === 'for_in_clause');
      if (first === parent) return outside();
    }
    return scope;
  }

  #move(node: number, scope: number, kind: string): void {
    const names = this.#moved.get(scope) ?? new Map<string, 'global' | 'nonlocal'>();
    for (const child of this.#tree.childrenOf(node)) {
      names.set(this.#tree.textOf(child), kind === 'global_statement' ? 'global' : 'nonlocal');
    }
    this.#moved.set(scope, names);
  }

  #identifier(node: number, parent: number): void {
    const tree = this.#tree;
    const parentKind = tree.kindOf(parent);
    const role = `${parentKind}.${tree.fieldOf(node)}`;
    if (silentFields.has(role)) return;
    const scope = this.#scopeOf[node] as number;
    if (parentKind === 'dotted_name') {
      this.#dottedName(node, parent);
      return;
    }
    if (role === 'function_definition.name' || role === 'class_definition.name') {
      const around = (this.#table.scopes[scope] as Scope).parent;
      this.#targets.push({ node, scope: around, kind: parentKind === 'class_definition' ? 'class' : 'function' });
      return;
    }
    if (role === 'aliased_import.alias') {
      this.#targets.push({ node, scope, kind: 'import' });
      return;
    }
    if (this.#isParameter(node)) {
      this.#targets.push({ node, scope, kind: 'parameter' });
      return;
    }
    if (this.#isTarget(node)) {
      this.#targets.push({ node, scope: this.#targetScope(node, scope), kind: 'variable' });
      return;
    }
    this.#uses.push(node);
  }

  /** `import a.b` binds `a`; `from m import a` binds `a`; what stands after `from` binds nothing. */
  #dottedName(node: number, dotted: number): void {
    const tree = this.#tree;
    const statement = tree.parent[dotted] as number;
    const kind = tree.kindOf(statement);
    const isFirst = tree.firstChild[dotted] === node;
    const scope = this.#scopeOf[node] as number;
    if (kind === 'aliased_import' || kind === 'relative_import' || tree.fieldOf(dotted) === 'module_name') return;
    if (kind === 'import_statement' || kind === 'import_from_statement' || kind === 'future_import_statement') {
      if (isFirst) this.#targets.push({ node, scope, kind: 'import' });
      return;
    }
    // In a pattern of `match` a lone name captures, a dotted one is a value.
    const isCapture = kind === 'case_pattern' && tree.nextSibling[node] === -1 && isFirst;
    if (isCapture) {
      if (tree.textOf(node) !== '_') this.#targets.push({ node, scope, kind: 'variable' });
    } else if (isFirst) this.#uses.push(node);
  }

  #isParameter(node: number): boolean {
    const tree = this.#tree;
    let inner = node;
    for (let outer = tree.parent[node] as number; outer >= 0; outer = tree.parent[outer] as number) {
      const kind = tree.kindOf(outer);
      const field = tree.fieldOf(inner);
      if (!parameterKinds.has(kind) || field === 'value' || field === 'type') return false;
      if (kind === 'parameters' || kind === 'lambda_parameters') return true;
      inner = outer;
    }
    return false;
  }

  #isTarget(node: number): boolean {
    const tree = this.#tree;
    let inner = node;
    let outer = tree.parent[inner] as number;
    while (patternKinds.has(tree.kindOf(outer))) {
      inner = outer;
      outer = tree.parent[inner] as number;
    }
    const role = `${tree.kindOf(outer)}.${tree.fieldOf(inner)}`;
    if (role === 'assignment.left' || role === 'augmented_assignment.left') return true;
    if (role === 'for_statement.left' || role === 'for_in_clause.left' || role === 'named_expression.name') return true;
    if (tree.kindOf(outer) === 'as_pattern_target') return true;
    if (role === 'type_alias_statement.left') return true;
    const kind = tree.kindOf(outer);
    return (
      kind === 'splat_pattern' ||
      (kind === 'as_pattern' && tree.fieldOf(inner) === 'alias') ||
      kind === 'delete_statement'
    );
  }

  /** An assignment expression in a comprehension binds in the scope around the comprehension. */
  #targetScope(node: number, scope: number): number {
    if (this.#tree.kindOf(this.#tree.parent[node] as number) !== 'named_expression') return scope;
    let at = scope;
    while (comprehensionKinds.has(this.#tree.kindOf((this.#table.scopes[at] as Scope).node)))
      at = (this.#table.scopes[at] as Scope).parent;
    return at;
  }

  #declare(node: number, scope: number, kind: BindingKind): void {
    const name = this.#tree.textOf(node);
    const known = this.#table.scopes[scope]?.bindings.get(name);
    // A second assignment to a name is a write, not another declaration.
    if (known !== undefined && kind === 'variable') this.#table.refer(scope, name, { node, isWrite: true });
    else this.#table.declare(scope, name, kind, node);
  }

  #declareOutside(node: number, scope: number): void {
    const name = this.#tree.textOf(node);
    const isGlobal = this.#moved.get(scope)?.get(name) === 'global';
    const around = isGlobal ? 0 : ((this.#table.scopes[scope] as Scope).parent ?? 0);
    if (this.#table.lookUp(around, name) === undefined)
      this.#table.declare(isGlobal ? 0 : around, name, 'variable', node);
    else this.#table.refer(around, name, { node, isWrite: true });
  }

  #refer(node: number): void {
    const name = this.#tree.textOf(node);
    const scope = this.#scopeOf[node] as number;
    const moved = this.#moved.get(scope)?.get(name);
    const from = moved === 'global' ? 0 : moved === 'nonlocal' ? (this.#table.scopes[scope] as Scope).parent : scope;
    const role = `${this.#tree.kindOf(this.#tree.parent[node] as number)}`;
    if (role === 'global_statement' || role === 'nonlocal_statement') {
      this.#table.refer(from, name, { node, isWrite: false });
      return;
    }
    this.#table.refer(from, name, { node, isWrite: false });
    if (/^(eval|exec|globals|locals|vars)$/.test(name) && !this.#table.bindingOf.has(node)) {
      if (this.#tree.fieldOf(node) === 'function') this.#table.isDynamic = true;
    }
  }
}
