import type { SchemaSemantics } from '../schema/semantics.js';
import type { Expression } from './expression.js';
import type { NameClass } from './formula.js';
import type { Frame } from './frame.js';
import type { LexState } from './lexer.js';
import { mentionsOf } from './object-rules.js';
import type { Viability } from './viability.js';

/** Which property names may come next in a frame, and what is to be known of one when it is complete. */
export class NameLanguages {
  readonly #semantics: SchemaSemantics;
  readonly #viability: Viability;
  readonly #byContent = new Map<number, readonly Expression[]>();

  constructor(semantics: SchemaSemantics, viability: Viability) {
    this.#semantics = semantics;
    this.#viability = viability;
  }

  /** The allowed names, the mentioned names, and each pattern that is mentioned. */
  partsFor(frame: Frame): readonly Expression[] {
    let parts = this.#byContent.get(frame.content);
    if (parts === undefined) {
      parts = this.#fresh(frame);
      this.#byContent.set(frame.content, parts);
    }
    return parts;
  }

  /** The class of a finished name; `known` is its spelling where the frame's formulas mention it. */
  classOf(frame: Frame, known: string | null, state: LexState): NameClass {
    const patterns = this.#patternsOf(frame);
    if (known !== null) return this.#viability.names.of(new Set(patterns), known);
    const held = patterns.filter((_, i) => state.parts[i + 2]!.nullable);
    return held.length === 0 ? this.#viability.names.unmentioned : this.#viability.names.other(held);
  }

  #patternsOf(frame: Frame): readonly Expression[] {
    const patterns = new Set<Expression>();
    for (const formula of frame.formulas) for (const pattern of mentionsOf(formula).patterns) patterns.add(pattern);
    return [...patterns];
  }

  #fresh(frame: Frame): readonly Expression[] {
    const { expressions } = this.#semantics;
    const rule = frame.formulas[0]!;
    const mentioned = new Set<string>();
    for (const formula of frame.formulas) for (const name of mentionsOf(formula).names) mentioned.add(name);
    const { patterns } = mentionsOf(rule);
    const allowed: string[] = [];
    const barred = new Set<string>(frame.seen.names);
    for (const name of mentioned) {
      if (frame.seen.names.has(name)) continue;
      if (this.#viability.allows(rule, this.#viability.names.of(patterns, name))) allowed.push(name);
      else barred.add(name);
    }
    const others = this.#viability.otherNames(rule);
    const { all, empty } = expressions;
    let language = expressions.words(allowed);
    if (others === all) language = expressions.not(expressions.words(barred));
    else if (others !== empty) {
      const taken = expressions.words([...mentioned, ...frame.seen.names]);
      language = expressions.or([language, expressions.and([others, expressions.not(taken)])]);
    }
    return [language, expressions.labels(mentioned), ...this.#patternsOf(frame)];
  }
}
