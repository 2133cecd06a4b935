import type { JsonObject, JsonValue } from '@trocar/core';
import { DecodingError } from '../errors.js';
import { type DecodingLimits, limitExceeded } from '../limits.js';
import { type Draft, knowsKeyword, parseDraft, schemaKeywords } from './dialect.js';

/** A schema, or the part of one, that has an address of its own. */
export interface Resource {
  readonly uri: string;
  readonly root: JsonValue;
  readonly draft: Draft;
  /** False where the metaschema leaves the vocabulary of assertions out. */
  readonly asserts: boolean;
  readonly anchors: Map<string, JsonObject>;
  readonly dynamicAnchors: Map<string, JsonObject>;
}

/** Where a schema object stands. */
export interface Place {
  readonly resource: Resource;
  /** JSON pointer from the root of the document. */
  readonly pointer: string;
}

/** What a reference leads to. */
export interface Target {
  readonly schema: JsonValue;
  readonly resource: Resource;
  readonly pointer: string;
}

const rootUri = 'schema://root/';

/** Knows where every schema object of a set of documents stands, and finds what references lead to. */
export class SchemaRegistry {
  readonly #resources = new Map<string, Resource>();
  readonly #places = new Map<object, Place>();
  readonly #limits: DecodingLimits;
  readonly #remote: ReadonlyMap<string, JsonValue>;
  readonly #defaultDraft: Draft;
  #nodes = 0;
  readonly root: Target;

  constructor(
    schema: JsonValue,
    remote: ReadonlyMap<string, JsonValue>,
    options: { limits: DecodingLimits; draft: Draft },
  ) {
    this.#limits = options.limits;
    this.#remote = new Map([...remote].map(([uri, value]) => [normalize(uri, rootUri).uri, value]));
    this.#defaultDraft = options.draft;
    this.root = { schema, resource: this.#addDocument(rootUri, schema), pointer: '' };
  }

  /** Where a schema object stands. */
  placeOf(schema: object): Place | undefined {
    return this.#places.get(schema);
  }

  /**
   * Follows a reference from a schema.
   *
   * @throws {DecodingError} `reference-not-found`: nothing is ever loaded, only the given map is looked into.
   */
  resolve(reference: string, from: Place): Target {
    const { uri, fragment } = normalize(reference, from.resource.uri);
    const resource = this.#resources.get(uri) ?? this.#load(uri);
    const notFound = () =>
      new DecodingError('reference-not-found', `The reference at ${from.pointer || 'the root'} leads nowhere.`, {
        pointer: from.pointer,
        keyword: reference.slice(0, 200),
      });
    if (resource === undefined) throw notFound();
    const target = fragment === '' || fragment.startsWith('/') ? this.#walk(resource, fragment) : undefined;
    if (target !== undefined) return target;
    const anchored = resource.anchors.get(fragment) ?? resource.dynamicAnchors.get(fragment);
    if (anchored === undefined) throw notFound();
    return { schema: anchored, ...this.#places.get(anchored)! };
  }

  #load(uri: string): Resource | undefined {
    const document = this.#remote.get(uri);
    return document === undefined ? undefined : this.#addDocument(uri, document);
  }

  #walk(start: Resource, pointer: string): Target | undefined {
    let schema = start.root;
    let resource = start;
    let path = this.#pointerOf(start);
    for (const part of pointer.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      if (typeof schema !== 'object' || schema === null || !Object.hasOwn(schema, key)) return undefined;
      schema = (schema as JsonObject)[key]!;
      path += `/${part}`;
      if (typeof schema === 'object' && schema !== null) resource = this.#places.get(schema)?.resource ?? resource;
    }
    if (typeof schema === 'object' && schema !== null && !this.#places.has(schema)) this.#index(schema, resource, path);
    return { schema, resource, pointer: path };
  }

  #pointerOf(resource: Resource): string {
    return typeof resource.root === 'object' && resource.root !== null
      ? (this.#places.get(resource.root)?.pointer ?? '')
      : '';
  }

  #addDocument(uri: string, schema: JsonValue): Resource {
    const resource = this.#openResource(uri, schema, this.#defaultDraft, true);
    this.#index(schema, resource, '');
    return this.#resources.get(uri)!;
  }

  #openResource(uri: string, root: JsonValue, draft: Draft, asserts: boolean): Resource {
    const declared = isObject(root) && typeof root.$schema === 'string' ? root.$schema : undefined;
    const dialect = declared === undefined ? { draft, asserts } : this.#dialect(declared, draft);
    const resource = { uri, root, ...dialect, anchors: new Map(), dynamicAnchors: new Map() };
    this.#resources.set(uri, resource);
    return resource;
  }

  #dialect(uri: string, otherwise: Draft): { draft: Draft; asserts: boolean } {
    const draft = parseDraft(uri);
    if (draft !== undefined) return { draft, asserts: true };
    const metaschema = this.#remote.get(normalize(uri, rootUri).uri);
    if (!isObject(metaschema)) return { draft: otherwise, asserts: true };
    const base = typeof metaschema.$schema === 'string' ? parseDraft(metaschema.$schema) : undefined;
    const vocabulary = metaschema.$vocabulary;
    const asserts = !isObject(vocabulary) || Object.keys(vocabulary).some((name) => name.endsWith('/vocab/validation'));
    return { draft: base ?? otherwise, asserts };
  }

  /** Visits every subschema below `schema`, with an explicit stack. */
  #index(schema: JsonValue, resource: Resource, pointer: string): void {
    const stack: [JsonValue, Resource, string, number][] = [[schema, resource, pointer, 0]];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const [node, parent, path, depth] = top;
      if (depth > this.#limits.schemaDepth) throw limitExceeded('schemaDepth', this.#limits.schemaDepth);
      this.#nodes += 1;
      if (this.#nodes > this.#limits.schemaNodes) throw limitExceeded('schemaNodes', this.#limits.schemaNodes);
      if (!isObject(node) || this.#places.has(node)) continue;
      const own = this.#enter(node, parent, path);
      for (const [keyword, position] of schemaKeywords) {
        const value = node[keyword];
        if (value === undefined || typeof value !== 'object' || value === null) continue;
        if (!knowsKeyword(own.draft, keyword) && keyword !== '$defs') continue;
        const inner = `${path}/${keyword}`;
        if (position === 'one' || (position === 'one-or-list' && !Array.isArray(value))) {
          stack.push([value, own, inner, depth + 1]);
        } else {
          for (const key of Object.keys(value)) {
            const child = (value as JsonObject)[key]!;
            stack.push([child, own, `${inner}/${escapePointer(key)}`, depth + 1]);
          }
        }
      }
    }
  }

  #enter(node: JsonObject, parent: Resource, pointer: string): Resource {
    const id = idOf(node, parent.draft);
    let resource = parent;
    if (id !== undefined) {
      const { uri, fragment } = normalize(id, parent.uri);
      if (fragment !== '') resource.anchors.set(fragment, node);
      if (uri !== parent.uri || fragment === '') resource = this.#openResource(uri, node, parent.draft, parent.asserts);
      if (node === parent.root) this.#resources.set(parent.uri, resource);
    }
    const { $anchor, $dynamicAnchor, $recursiveAnchor } = node;
    if (typeof $anchor === 'string') resource.anchors.set($anchor, node);
    if (typeof $dynamicAnchor === 'string') resource.dynamicAnchors.set($dynamicAnchor, node);
    if ($recursiveAnchor === true && resource.draft === 2019) resource.dynamicAnchors.set('', node);
    this.#places.set(node, { resource, pointer });
    return resource;
  }
}

/** Whether a JSON value is an object, not an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key as a part of a JSON pointer (RFC 6901). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function idOf(node: JsonObject, draft: Draft): string | undefined {
  const id = draft === 4 ? node.id : node.$id;
  // Before 2019-09 a reference hides everything beside it.
  return typeof id === 'string' && !(draft <= 7 && typeof node.$ref === 'string') ? id : undefined;
}

function normalize(reference: string, base: string): { uri: string; fragment: string } {
  const hash = reference.indexOf('#');
  const address = hash < 0 ? reference : reference.slice(0, hash);
  const fragment = hash < 0 ? '' : decode(reference.slice(hash + 1));
  if (address === '') return { uri: base, fragment };
  try {
    return { uri: new URL(address, base).href, fragment };
  } catch {
    return { uri: address, fragment };
  }
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
