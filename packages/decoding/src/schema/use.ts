import { type JsonValue, toCanonicalJson } from '@trocar/core';
import { DecodingError } from '../errors.js';
import type { DecodingLimits } from '../limits.js';
import { KeywordReader } from './keywords.js';
import { isObject, type Resource, type SchemaRegistry, type Target } from './registry.js';
import { type DynamicScope, ScopeStore } from './scope.js';

/** A schema as it is met on one way through the documents: the same one may mean something else in another scope. */
export interface SchemaUse {
  readonly id: number;
  readonly schema: JsonValue;
  readonly pointer: string;
  readonly resource: Resource;
  readonly scope: DynamicScope;
  /** Absent for `true` and `false`. */
  readonly keywords: KeywordReader | null;
}

/** Keeps one object per schema and dynamic scope, and follows references between them. */
export class SchemaUses {
  readonly #registry: SchemaRegistry;
  readonly #limits: DecodingLimits;
  readonly #scopes = new ScopeStore();
  readonly #all: SchemaUse[] = [];
  readonly #byObject = new Map<object, Map<number, SchemaUse>>();
  readonly #byText = new Map<string, SchemaUse>();
  readonly root: SchemaUse;

  constructor(registry: SchemaRegistry, limits: DecodingLimits) {
    this.#registry = registry;
    this.#limits = limits;
    this.root = this.#intern(registry.root, this.#scopes.enter(undefined, registry.root.resource));
  }

  get(id: number): SchemaUse {
    return this.#all[id]!;
  }

  /** The use of a schema that stands below another one, under `path` (a JSON pointer's end). */
  below(from: SchemaUse, schema: JsonValue, path: string): SchemaUse {
    const place = isObject(schema) ? this.#registry.placeOf(schema) : undefined;
    const target = place ?? { resource: from.resource, pointer: `${from.pointer}/${path}` };
    return this.#intern({ schema, ...target }, this.#scopes.enter(from.scope, target.resource));
  }

  /** The use that accepts just one value. */
  constant(value: JsonValue): SchemaUse {
    const key = `=${toCanonicalJson(value)}`;
    let use = this.#byText.get(key);
    if (use === undefined) {
      // Of this draft whatever the document's, since draft 4 does not know `const`.
      const resource: Resource = { ...this.root.resource, draft: 2020, asserts: true };
      use = this.#add({ schema: { const: value }, resource, pointer: '' }, this.root.scope);
      this.#byText.set(key, use);
    }
    return use;
  }

  /** The uses that `$ref`, `$dynamicRef` and `$recursiveRef` of a schema lead to. */
  references(from: SchemaUse): readonly SchemaUse[] {
    const keywords = from.keywords!;
    const uses: SchemaUse[] = [];
    const plain = keywords.text('$ref');
    if (plain !== undefined) uses.push(this.#follow(from, this.#registry.resolve(plain, from)));
    const dynamic = keywords.text('$dynamicRef');
    if (dynamic !== undefined) uses.push(this.#followDynamic(from, dynamic, dynamic.slice(dynamic.indexOf('#') + 1)));
    const recursive = keywords.text('$recursiveRef');
    if (recursive !== undefined) uses.push(this.#followDynamic(from, recursive, ''));
    return uses;
  }

  #followDynamic(from: SchemaUse, reference: string, anchor: string): SchemaUse {
    const target = this.#registry.resolve(reference, from);
    const isDynamic = target.resource.dynamicAnchors.get(anchor) === target.schema;
    const outer = isDynamic
      ? this.#scopes.enter(from.scope, target.resource).resources.find((one) => one.dynamicAnchors.has(anchor))
      : undefined;
    if (outer === undefined) return this.#follow(from, target);
    const schema = outer.dynamicAnchors.get(anchor)!;
    return this.#follow(from, { schema, ...this.#registry.placeOf(schema)! });
  }

  #follow(from: SchemaUse, target: Target): SchemaUse {
    return this.#intern(target, this.#scopes.enter(from.scope, target.resource));
  }

  #intern(target: Target, scope: DynamicScope): SchemaUse {
    const { schema } = target;
    if (!isObject(schema)) {
      if (typeof schema !== 'boolean') {
        const { pointer } = target;
        const message = `The value at ${pointer || 'the root'} has to be a schema: an object, true or false.`;
        throw new DecodingError('invalid-schema', message, { pointer });
      }
      const known = this.#byText.get(String(schema)) ?? this.#add(target, scope);
      this.#byText.set(String(schema), known);
      return known;
    }
    let byScope = this.#byObject.get(schema);
    if (byScope === undefined) {
      byScope = new Map();
      this.#byObject.set(schema, byScope);
    }
    let use = byScope.get(scope.id);
    if (use === undefined) {
      use = this.#add(target, scope);
      byScope.set(scope.id, use);
    }
    return use;
  }

  #add({ schema, resource, pointer }: Target, scope: DynamicScope): SchemaUse {
    const options = { draft: resource.draft, pointer, limits: this.#limits };
    const keywords = isObject(schema) ? new KeywordReader(schema, options) : null;
    const use = { id: this.#all.length, schema, pointer, resource, scope, keywords };
    this.#all.push(use);
    return use;
  }
}
