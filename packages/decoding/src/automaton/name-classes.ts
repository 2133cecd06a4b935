import { derive } from './derivative.js';
import type { Expression } from './expression.js';
import type { ExpressionStore } from './expression-store.js';
import type { Matcher, NameClass } from './formula.js';

/** Sorts property names by what formulas can tell of them; one object per class. */
export class NameClasses {
  /** A name that nothing mentions and no pattern matches. */
  readonly unmentioned: NameClass;
  readonly #store: ExpressionStore;
  readonly #classes = new Map<string, NameClass>();
  readonly #matches = new Map<Expression, Map<string, boolean>>();

  constructor(store: ExpressionStore) {
    this.#store = store;
    this.unmentioned = this.#intern(null, []);
  }

  /** The class of a name that is mentioned. */
  of(patterns: ReadonlySet<Expression>, name: string): NameClass {
    const matched = [...patterns].filter((pattern) => this.#isMatch(pattern, name));
    return this.#intern(name, matched);
  }

  /** The class of a name that is not mentioned, from the patterns that match it. */
  other(matched: readonly Expression[]): NameClass {
    return this.#intern(null, matched);
  }

  /** The names that a matcher speaks of. */
  language(matcher: Matcher): Expression {
    const store = this.#store;
    switch (matcher.kind) {
      case 'name':
        return store.words([matcher.name]);
      case 'pattern':
        return matcher.pattern;
      case 'other':
        return store.and([store.words(matcher.names), ...matcher.patterns].map((part) => store.not(part)));
    }
  }

  #isMatch(pattern: Expression, name: string): boolean {
    let known = this.#matches.get(pattern);
    if (known === undefined) {
      known = new Map();
      this.#matches.set(pattern, known);
    }
    let result = known.get(name);
    if (result === undefined) {
      let rest = pattern;
      for (const char of name) rest = derive(this.#store, rest, char.codePointAt(0)!);
      result = rest.nullable;
      known.set(name, result);
    }
    return result;
  }

  #intern(name: string | null, matched: readonly Expression[]): NameClass {
    const ids = matched.map((pattern) => pattern.id).sort((left, right) => left - right);
    const key = `${ids.join()}${name === null ? '' : `=${name}`}`;
    let result = this.#classes.get(key);
    if (result === undefined) {
      result = { id: this.#classes.size, name, patterns: new Set(matched) };
      this.#classes.set(key, result);
    }
    return result;
  }
}
