import type { Resource } from './registry.js';

/** The resources that were entered on the way to a schema, outermost first: what `$dynamicRef` looks through. */
export interface DynamicScope {
  readonly id: number;
  readonly resources: readonly Resource[];
}

/** Keeps one object per dynamic scope. */
export class ScopeStore {
  readonly #scopes = new Map<string, DynamicScope>();
  readonly #ids = new Map<Resource, number>();

  /** The scope after entering `resource`; a resource that is already in it changes nothing. */
  enter(scope: DynamicScope | undefined, resource: Resource): DynamicScope {
    if (scope?.resources.includes(resource)) return scope;
    // A resource without dynamic anchors can never be found through the scope.
    const outer = scope?.resources ?? [];
    const resources = resource.dynamicAnchors.size === 0 ? outer : [...outer, resource];
    const key = resources.map((one) => this.#idOf(one)).join();
    let known = this.#scopes.get(key);
    if (known === undefined) {
      known = { id: this.#scopes.size, resources };
      this.#scopes.set(key, known);
    }
    return known;
  }

  #idOf(resource: Resource): number {
    let id = this.#ids.get(resource);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(resource, id);
    }
    return id;
  }
}
