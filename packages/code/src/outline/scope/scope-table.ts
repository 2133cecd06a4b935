import type { FlatTree } from '../../syntax/flat-tree.js';

/** What kind of declaration made a binding; `merged` where several kinds share one name, as TypeScript allows. */
export type BindingKind =
  | 'import'
  | 'constant'
  | 'variable'
  | 'function'
  | 'class'
  | 'parameter'
  | 'type'
  | 'member'
  | 'merged';

/** A use of a name. `node` is its identifier's row in the tree. */
export interface Reference {
  readonly node: number;
  /** Whether the use gives the name a new value. */
  readonly isWrite: boolean;
  /** Position of the scope in which the use stands. */
  readonly scope: number;
}

/** A name in a scope, with every place that declares and uses it. */
export interface Binding {
  readonly name: string;
  kind: BindingKind;
  readonly scope: number;
  /** Identifier rows that declare it, in source order. */
  readonly declarations: number[];
  /** Uses in source order; declarations are not among them. */
  readonly references: Reference[];
}

/** A region in which names are declared. */
export interface Scope {
  /** Row of the node that opens the scope. */
  readonly node: number;
  /** Position of the scope around it, -1 at the outermost. */
  readonly parent: number;
  readonly bindings: Map<string, Binding>;
  /** Python: names that are not visible in functions inside, since the scope is a class body. */
  readonly isClass: boolean;
}

/** All scopes and names of one file. */
export class ScopeTable {
  readonly scopes: Scope[] = [];
  /** Binding of each identifier row that declares or uses one. */
  readonly bindingOf = new Map<number, Binding>();
  /** Uses of names that the file does not declare, by name. */
  readonly unresolved = new Map<string, Reference[]>();
  /** Whether names may be reached in ways that no reading of the text shows: `eval`, `with`, `exec`, star imports. */
  isDynamic = false;

  /** Opens a scope and gives its position. */
  open(node: number, parent: number, isClass = false): number {
    this.scopes.push({ node, parent, bindings: new Map(), isClass });
    return this.scopes.length - 1;
  }

  /** Declares a name at an identifier, joining earlier declarations of it in the same scope. */
  declare(scope: number, name: string, kind: BindingKind, node: number): Binding {
    const { bindings } = this.scopes[scope] as Scope;
    let binding = bindings.get(name);
    if (binding === undefined) {
      binding = { name, kind, scope, declarations: [], references: [] };
      bindings.set(name, binding);
    } else if (binding.kind !== kind) {
      binding.kind = 'merged';
    }
    binding.declarations.push(node);
    this.bindingOf.set(node, binding);
    return binding;
  }

  /** The binding that a name means in a scope. */
  lookUp(scope: number, name: string): Binding | undefined {
    let isInner = false;
    for (let at = scope; at >= 0; at = (this.scopes[at] as Scope).parent) {
      const { bindings, isClass } = this.scopes[at] as Scope;
      const binding = isClass && isInner ? undefined : bindings.get(name);
      if (binding !== undefined) return binding;
      isInner = true;
    }
    return undefined;
  }

  /** Records a use of a name. */
  refer(scope: number, name: string, use: Omit<Reference, 'scope'>): void {
    const reference = { ...use, scope };
    const binding = this.lookUp(scope, name);
    if (binding !== undefined) {
      binding.references.push(reference);
      this.bindingOf.set(reference.node, binding);
      return;
    }
    const others = this.unresolved.get(name);
    if (others === undefined) this.unresolved.set(name, [reference]);
    else others.push(reference);
  }

  /** Whether a scope is another one or lies in it. */
  isWithin(scope: number, outer: number): boolean {
    let at = scope;
    while (at > outer) at = (this.scopes[at] as Scope).parent;
    return at === outer;
  }

  /** Every binding of the file, scope by scope. */
  *bindings(): Iterable<Binding> {
    for (const scope of this.scopes) yield* scope.bindings.values();
  }
}

/** The name written at an identifier row; an annotated one's text goes on behind the name. */
export function nameAt(tree: FlatTree, node: number): string {
  const text = tree.textOf(node);
  return /^#?[\p{ID_Continue}$\u200c\u200d]+/u.exec(text)?.[0] ?? text;
}
