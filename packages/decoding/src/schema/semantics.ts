import type { JsonValue } from '@trocar/core';
import type { Expression } from '../automaton/expression.js';
import { ExpressionStore } from '../automaton/expression-store.js';
import type { Formula } from '../automaton/formula.js';
import { FormulaStore } from '../automaton/formula-store.js';
import type { DecodingLimits } from '../limits.js';
import { wholeLanguage } from '../regex/lowering.js';
import { parsePattern } from '../regex/parser.js';
import type { Draft } from './dialect.js';
import { Evaluator } from './evaluator.js';
import { SchemaRegistry } from './registry.js';
import { languageAlgebra, ScalarKeywords, truthAlgebra } from './scalars.js';
import { arrayKeywords, objectKeywords, type StructureContext, says } from './structures.js';
import { unevaluatedItems, unevaluatedProperties } from './unevaluated.js';
import { type SchemaUse, SchemaUses } from './use.js';

/** How a schema is read. */
export interface SchemaOptions {
  /** The draft where `$schema` names none. Default: 2020-12. */
  readonly draft?: Draft;
  /** Whether formats are checked, or only annotations as the specification's default has it. Default: `assert`. */
  readonly formats?: 'assert' | 'annotate';
  /** Schemas that references may lead to, by URI; nothing is ever loaded. */
  readonly schemas?: Readonly<Record<string, JsonValue>>;
}

const plainNumber = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?';

/** What a schema means, kind by kind: the bridge from keywords to the automaton. Everything is worked out on demand. */
export class SchemaSemantics {
  readonly expressions: ExpressionStore;
  readonly formulas: FormulaStore;
  readonly uses: SchemaUses;
  /** The formula that a value satisfies the whole schema. */
  readonly root: Formula;
  readonly #text: Evaluator<Expression>;
  readonly #number: Evaluator<Expression>;
  readonly #literals: ReadonlyMap<boolean | null, Evaluator<boolean>>;
  readonly #object: Evaluator<Formula>;
  readonly #array: Evaluator<Formula>;
  readonly #plainNumber: Expression;
  readonly #anyNumber: Expression;

  constructor(schema: JsonValue, options: SchemaOptions & { readonly limits: DecodingLimits }) {
    const { limits } = options;
    const remote = new Map(Object.entries(options.schemas ?? {}));
    const registry = new SchemaRegistry(schema, remote, { limits, draft: options.draft ?? 2020 });
    const expressions = new ExpressionStore(limits);
    const formulas = new FormulaStore(limits);
    const uses = new SchemaUses(registry, limits);
    const scalars = new ScalarKeywords(expressions, { limits, assertFormats: options.formats !== 'annotate' });
    const language = (pattern: string) => wholeLanguage(expressions, parsePattern(pattern, limits));
    this.expressions = expressions;
    this.formulas = formulas;
    this.uses = uses;
    this.root = says(formulas, uses.root);
    this.#plainNumber = language(plainNumber);
    this.#anyNumber = language(`${plainNumber}(?:[eE][+-]?\\d+)?`);
    const algebra = languageAlgebra(expressions);
    this.#text = new Evaluator(uses, { algebra, own: (use) => scalars.text(use), limits });
    this.#number = new Evaluator(uses, { algebra, own: (use) => scalars.number(use), limits });
    this.#literals = new Map(
      [true, false, null].map((literal) => [
        literal,
        new Evaluator(uses, { algebra: truthAlgebra, own: (use) => scalars.literal(use, literal), limits }),
      ]),
    );
    const context: StructureContext = {
      formulas,
      uses,
      scalars,
      textOf: (use) => this.#text.ofUse(use),
      complement: (one) => expressions.not(one),
      objectOf: (use) => this.#object.ofUse(use),
    };
    const structure = { algebra: formulas, limits };
    this.#object = new Evaluator(uses, {
      ...structure,
      own: (use) => [...objectKeywords(context, use), ...unevaluatedProperties(context, use)],
    });
    this.#array = new Evaluator(uses, {
      ...structure,
      own: (use) => [
        ...arrayKeywords(context, use),
        ...unevaluatedItems(context, use, (other) => this.#array.ofUse(other)),
      ],
    });
  }

  /** Works out what a schema says about every kind of value, so that whatever is wrong with it comes to light. */
  check(use: SchemaUse): void {
    this.#text.ofUse(use);
    this.#number.ofUse(use);
    for (const evaluator of this.#literals.values()) evaluator.ofUse(use);
    this.#object.ofUse(use);
    this.#array.ofUse(use);
  }

  /** The strings, unescaped, that satisfy a formula. */
  text(formula: Formula): Expression {
    return this.#text.ofFormula(formula);
  }

  /**
   * The number literals that satisfy a formula. Constrained numbers are written without exponent: every value can
   * be, and only so can each digit be judged as it comes.
   */
  number(formula: Formula): Expression {
    const constraint = this.#number.ofFormula(formula);
    const { expressions } = this;
    return constraint === expressions.all ? this.#anyNumber : expressions.and([this.#plainNumber, constraint]);
  }

  /** Whether `true`, `false` or `null` satisfies a formula. */
  literal(formula: Formula, literal: boolean | null): boolean {
    return this.#literals.get(literal)!.ofFormula(formula);
  }

  /** What a formula says about objects. */
  object(formula: Formula): Formula {
    return this.#object.ofFormula(formula);
  }

  /** What a formula says about arrays. */
  array(formula: Formula): Formula {
    return this.#array.ofFormula(formula);
  }
}
