import type { JsonValue } from '@trocar/core';
import { anyChar } from '../automaton/char-set.js';
import { parseDecimal } from '../automaton/decimal.js';
import type { Expression } from '../automaton/expression.js';
import type { ExpressionStore } from '../automaton/expression-store.js';
import type { NumberTest } from '../automaton/number-test.js';
import { DecodingError } from '../errors.js';
import type { DecodingLimits } from '../limits.js';
import { compilePattern } from '../regex/compile-pattern.js';
import type { Algebra } from './applicators.js';
import { formatLanguage } from './formats.js';
import type { KeywordReader } from './keywords.js';
import type { SchemaUse } from './use.js';

/** Above this, doubles cannot follow remainders exactly. */
const largestUnit = 9e14;

/** Languages under the operations of schemas. */
export function languageAlgebra(store: ExpressionStore): Algebra<Expression> {
  return {
    true: store.all,
    false: store.empty,
    and: (parts) => store.and(parts),
    or: (parts) => store.or(parts),
    negate: (part) => store.not(part),
    one(parts) {
      const some = parts.filter((part) => part !== store.empty);
      const twice = some.flatMap((left, i) => some.slice(i + 1).map((right) => store.and([left, right])));
      return store.and([store.or(some), store.not(store.or(twice))]);
    },
  };
}

/** Whether one literal satisfies, under the operations of schemas. */
export const truthAlgebra: Algebra<boolean> = {
  true: true,
  false: false,
  and: (parts) => parts.every(Boolean),
  or: (parts) => parts.some(Boolean),
  negate: (part) => !part,
  one: (parts) => parts.filter(Boolean).length === 1,
};

/** What the keywords of one schema say about strings, number literals, and the literals `true`, `false`, `null`. */
export class ScalarKeywords {
  readonly #store: ExpressionStore;
  readonly #limits: DecodingLimits;
  readonly #assertFormats: boolean;
  readonly #patterns = new Map<string, Expression>();

  constructor(store: ExpressionStore, options: { limits: DecodingLimits; assertFormats: boolean }) {
    this.#store = store;
    this.#limits = options.limits;
    this.#assertFormats = options.assertFormats;
  }

  /** The language of a pattern; errors name where it stands. */
  pattern(source: string, pointer: string): Expression {
    let language = this.#patterns.get(source);
    if (language === undefined) {
      try {
        language = compilePattern(this.#store, source, this.#limits);
      } catch (error) {
        if (!(error instanceof DecodingError)) throw error;
        throw new DecodingError(error.code, `${error.message} It stands at ${pointer}.`, { ...error.data, pointer });
      }
      this.#patterns.set(source, language);
    }
    return language;
  }

  text(use: SchemaUse): readonly Expression[] {
    const store = this.#store;
    const keywords = use.keywords!;
    if (!use.resource.asserts) return [];
    const types = keywords.types();
    if (types !== undefined && !types.has('string')) return [store.empty];
    const parts = keywords
      .values()
      .map(({ values }) => store.words(values.filter((value) => typeof value === 'string')));
    const least = keywords.count('minLength') ?? 0;
    const most = keywords.count('maxLength') ?? Number.POSITIVE_INFINITY;
    if (least > most) return [store.empty];
    if (least > 0 || most !== Number.POSITIVE_INFINITY) parts.push(store.repeat(store.chars(anyChar), least, most));
    const pattern = keywords.text('pattern');
    if (pattern !== undefined) parts.push(this.pattern(pattern, `${use.pointer}/pattern`));
    const format = keywords.text('format');
    if (format !== undefined && this.#assertFormats) parts.push(formatLanguage(store, format) ?? store.all);
    return parts;
  }

  number(use: SchemaUse): readonly Expression[] {
    const store = this.#store;
    const keywords = use.keywords!;
    if (!use.resource.asserts) return [];
    const types = keywords.types();
    const parts: Expression[] = [];
    if (types !== undefined && !types.has('number')) {
      parts.push(types.has('integer') ? store.number({ kind: 'multiple', unit: 1, scale: 0 }) : store.empty);
    }
    for (const { values } of keywords.values()) {
      const numbers = values.filter((value) => typeof value === 'number');
      parts.push(store.or(numbers.map((value) => store.number(comparison(value, '=')))));
    }
    for (const [value, order] of boundsOf(keywords)) parts.push(store.number(comparison(value, order)));
    const step = keywords.number('multipleOf');
    if (step !== undefined) parts.push(this.#multiple(keywords, step));
    return parts;
  }

  literal(use: SchemaUse, literal: boolean | null): readonly boolean[] {
    const keywords = use.keywords!;
    if (!use.resource.asserts) return [];
    const types = keywords.types();
    const kind = literal === null ? 'null' : 'boolean';
    const parts = keywords.values().map(({ values }) => values.some((value: JsonValue) => value === literal));
    return types === undefined ? parts : [...parts, types.has(kind)];
  }

  #multiple(keywords: KeywordReader, step: number): Expression {
    const decimal = parseDecimal(String(step));
    if (step <= 0 || decimal === undefined) throw keywords.invalid('multipleOf', 'a number above 0');
    const unit = Number(decimal.integer + decimal.fraction);
    if (unit > largestUnit) {
      const pointer = `${keywords.pointer}/multipleOf`;
      throw new DecodingError('unsupported-keyword', `multipleOf at ${pointer} has more digits than can be followed.`, {
        pointer,
        keyword: 'multipleOf',
      });
    }
    return this.#store.number({ kind: 'multiple', unit, scale: decimal.fraction.length });
  }
}

function comparison(value: number, order: '=' | '>' | '>=' | '<' | '<='): NumberTest {
  return {
    kind: 'compare',
    to: parseDecimal(String(value))!,
    accept: { below: order.includes('<'), equal: order.includes('='), above: order.includes('>') },
  };
}

function* boundsOf(keywords: KeywordReader): Iterable<readonly [number, '>' | '>=' | '<' | '<=']> {
  // In draft 4 the exclusive keywords are flags beside the bound.
  const isFlag = keywords.draft === 4;
  const least = keywords.number('minimum');
  const most = keywords.number('maximum');
  if (least !== undefined) yield [least, isFlag && keywords.flag('exclusiveMinimum') ? '>' : '>='];
  if (most !== undefined) yield [most, isFlag && keywords.flag('exclusiveMaximum') ? '<' : '<='];
  if (isFlag) return;
  const above = keywords.number('exclusiveMinimum');
  const below = keywords.number('exclusiveMaximum');
  if (above !== undefined) yield [above, '>'];
  if (below !== undefined) yield [below, '<'];
}
