import type { JsonObject, JsonValue } from '@trocar/core';
import { DecodingError } from '../errors.js';
import { type DecodingLimits, limitExceeded } from '../limits.js';
import { type Draft, knowsKeyword } from './dialect.js';
import { escapePointer, isObject } from './registry.js';

const typeNames: readonly JsonValue[] = ['integer', 'null', 'boolean', 'number', 'string', 'array', 'object'];

/** Reads the keywords of one schema object and checks their form. */
export class KeywordReader {
  readonly #schema: JsonObject;
  readonly #draft: Draft;
  readonly #limits: DecodingLimits;
  readonly pointer: string;

  constructor(schema: JsonObject, options: { draft: Draft; pointer: string; limits: DecodingLimits }) {
    this.#schema = schema;
    this.#draft = options.draft;
    this.#limits = options.limits;
    this.pointer = options.pointer;
  }

  get draft(): Draft {
    return this.#draft;
  }

  /** The value of a keyword that this draft knows. */
  value(keyword: string): JsonValue | undefined {
    if (!Object.hasOwn(this.#schema, keyword) || !knowsKeyword(this.#draft, keyword)) return undefined;
    return this.#schema[keyword];
  }

  invalid(keyword: string, expected: string): DecodingError {
    const pointer = `${this.pointer}/${escapePointer(keyword)}`;
    return new DecodingError('invalid-schema', `The value at ${pointer} has to be ${expected}.`, { pointer, keyword });
  }

  text(keyword: string): string | undefined {
    const value = this.value(keyword);
    if (value === undefined || typeof value === 'string') return value;
    throw this.invalid(keyword, 'a string');
  }

  flag(keyword: string): boolean {
    const value = this.value(keyword);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    throw this.invalid(keyword, 'true or false');
  }

  number(keyword: string): number | undefined {
    const value = this.value(keyword);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw this.invalid(keyword, 'a number');
  }

  /** A bound of a length or count. */
  count(keyword: string): number | undefined {
    const value = this.number(keyword);
    if (value === undefined) return undefined;
    if (!Number.isInteger(value) || value < 0) throw this.invalid(keyword, 'a whole number that is not negative');
    if (value > this.#limits.repetition) throw limitExceeded('repetition', this.#limits.repetition);
    return value;
  }

  list(keyword: string): readonly JsonValue[] | undefined {
    const value = this.value(keyword);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.invalid(keyword, 'a list');
  }

  names(keyword: string): readonly string[] {
    return this.#checkNames(keyword, this.list(keyword) ?? []);
  }

  #checkNames(keyword: string, list: readonly JsonValue[]): readonly string[] {
    return list.map((name) => {
      if (typeof name !== 'string') throw this.invalid(keyword, 'a list of strings');
      return name;
    });
  }

  map(keyword: string): readonly (readonly [string, JsonValue])[] {
    const value = this.value(keyword);
    if (value === undefined) return [];
    if (!isObject(value)) throw this.invalid(keyword, 'an object');
    return Object.entries(value) as [string, JsonValue][];
  }

  /** Names that need other names: `dependentRequired`, and the lists of `dependencies`. */
  neededNames(): readonly (readonly [string, readonly string[]])[] {
    const lists = [...this.map('dependentRequired'), ...this.map('dependencies')];
    return lists.flatMap(([name, list]) => {
      if (Array.isArray(list)) return [[name, this.#checkNames('dependentRequired', list)] as const];
      return [];
    });
  }

  /** Names that bring a schema along: `dependentSchemas`, and the schemas of `dependencies`. */
  neededSchemas(): readonly { name: string; keyword: string; schema: JsonValue }[] {
    const entries = [];
    for (const [name, schema] of this.map('dependentSchemas'))
      entries.push({ name, keyword: 'dependentSchemas', schema });
    for (const [name, schema] of this.map('dependencies')) {
      if (!Array.isArray(schema)) entries.push({ name, keyword: 'dependencies', schema });
    }
    return entries;
  }

  /** The names in `type`; undefined where any type will do. */
  types(): ReadonlySet<string> | undefined {
    const value = this.value('type');
    if (value === undefined) return undefined;
    const names = Array.isArray(value) ? value : [value];
    for (const name of names) {
      if (!typeNames.includes(name))
        throw this.invalid('type', 'null, boolean, integer, number, string, array, object or a list of these');
    }
    return new Set(names as string[]);
  }

  /** The values of `enum` and `const`, where either stands. */
  values(): { keyword: 'enum' | 'const'; values: readonly JsonValue[] }[] {
    const result: { keyword: 'enum' | 'const'; values: readonly JsonValue[] }[] = [];
    const list = this.list('enum');
    if (list !== undefined) result.push({ keyword: 'enum', values: list });
    const constant = this.value('const');
    if (constant !== undefined) result.push({ keyword: 'const', values: [constant] });
    return result;
  }
}
