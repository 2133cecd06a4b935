import { type DecodingLimits, limitExceeded } from '../limits.js';
import { anyChar, type CharSet, intersectChars, uniteChars } from './char-set.js';
import { type Expression, Op, type WordRange } from './expression.js';
import { type NumberState, type NumberTest, numberStateKey, passesNumber, startNumber } from './number-test.js';

const none: readonly Expression[] = [];
const maximumHeight = 600;

type Fields = Pick<Expression, 'op' | 'nullable'> & Partial<Expression>;

/** Builds expressions in a normal form, each structure once. Bounded by the limit `expressionNodes`. */
export class ExpressionStore {
  readonly empty: Expression;
  readonly epsilon: Expression;
  /** One code point, whichever. */
  readonly anyOne: Expression;
  /** Every text. */
  readonly all: Expression;
  readonly #nodes = new Map<string, Expression>();
  #size = 0;
  readonly #limits: DecodingLimits;

  constructor(limits: DecodingLimits) {
    this.#limits = limits;
    this.empty = this.#intern('0', { op: Op.Empty, nullable: false });
    this.epsilon = this.#intern('1', { op: Op.Epsilon, nullable: true });
    this.anyOne = this.chars(anyChar);
    this.all = this.repeat(this.anyOne, 0, Number.POSITIVE_INFINITY);
    this.empty.life = 2;
  }

  chars(set: CharSet): Expression {
    if (set.length === 0) return this.empty;
    return this.#intern(`c${set.join()}`, { op: Op.Chars, nullable: false, chars: set });
  }

  concat(first: Expression, second: Expression): Expression {
    const { empty, epsilon } = this;
    if (first === empty || second === empty) return empty;
    if (first === epsilon) return second;
    if (second === epsilon) return first;
    if (first.op === Op.Concat) return this.#append(first, second);
    if (first === this.all && (second === first || (second.op === Op.Concat && second.items[0] === first))) {
      return second;
    }
    return this.#intern(`.${first.id},${second.id}`, {
      op: Op.Concat,
      nullable: first.nullable && second.nullable,
      items: [first, second],
      height: 1 + Math.max(first.height, first.nullable ? second.height : 0),
    });
  }

  /** Hangs `second` on the end of a chain, which keeps chains nested to the right. */
  #append(chain: Expression, second: Expression): Expression {
    const links: Expression[] = [];
    let last = chain;
    for (; last.op === Op.Concat; last = last.items[1]!) links.push(last.items[0]!);
    let result = this.concat(last, second);
    for (let i = links.length - 1; i >= 0; i -= 1) result = this.concat(links[i]!, result);
    return result;
  }

  sequence(parts: readonly Expression[]): Expression {
    return parts.reduceRight((rest, part) => this.concat(part, rest), this.epsilon);
  }

  repeat(item: Expression, minimum: number, maximum: number): Expression {
    if (maximum === 0 || item === this.epsilon) return this.epsilon;
    if (item === this.empty) return minimum === 0 ? this.epsilon : this.empty;
    if (minimum === 1 && maximum === 1) return item;
    const least = item.nullable ? 0 : minimum;
    if (item.op === Op.Repeat && item.minimum === 0 && item.maximum === Number.POSITIVE_INFINITY) return item;
    return this.#intern(`r${item.id},${least},${maximum}`, {
      op: Op.Repeat,
      nullable: least === 0,
      items: [item],
      minimum: least,
      maximum,
    });
  }

  or(parts: readonly Expression[]): Expression {
    const { empty, all } = this;
    const items = new Set<Expression>();
    const lists: Expression[] = [];
    let chars: CharSet = [];
    for (const part of flatten(parts, Op.Or)) {
      if (part === all) return all;
      if (part.words !== null && !part.words.labelled) lists.push(part);
      else if (part.op === Op.Chars) chars = uniteChars(chars, part.chars);
      else if (part !== empty) items.add(part);
    }
    if (chars.length > 0) items.add(this.chars(chars));
    if (lists.length > 0) items.add(lists.length === 1 ? lists[0]! : this.words(lists.flatMap(restsOf)));
    for (const item of items) if (item.op === Op.Not && items.has(item.items[0]!)) return all;
    if (items.has(this.epsilon) && [...items].some((item) => item.nullable && item !== this.epsilon)) {
      items.delete(this.epsilon);
    }
    const sorted = [...items].sort((left, right) => left.id - right.id);
    if (sorted.length <= 1) return sorted[0] ?? empty;
    return this.#intern(`|${ids(sorted)}`, {
      op: Op.Or,
      nullable: sorted.some((item) => item.nullable),
      items: sorted,
    });
  }

  and(parts: readonly Expression[]): Expression {
    const { empty, all } = this;
    const items = new Set<Expression>();
    let chars: CharSet | undefined;
    let words: Expression | undefined;
    for (const part of flatten(parts, Op.And)) {
      if (part === empty) return empty;
      if (part.op === Op.Chars) chars = chars === undefined ? part.chars : intersectChars(chars, part.chars);
      else if (part.op === Op.Words && part !== words) words = words ? this.#sharedWords(words, part) : part;
      else if (part !== all) items.add(part);
    }
    if (chars !== undefined) items.add(this.chars(chars));
    if (words !== undefined) items.add(words);
    if (items.has(empty)) return empty;
    if (items.has(this.epsilon)) return [...items].every((item) => item.nullable) ? this.epsilon : empty;
    for (const item of items) if (item.op === Op.Not && items.has(item.items[0]!)) return empty;
    const sorted = [...items].sort((left, right) => left.id - right.id);
    if (sorted.length <= 1) return sorted[0] ?? all;
    return this.#intern(`&${ids(sorted)}`, {
      op: Op.And,
      nullable: sorted.every((item) => item.nullable),
      items: sorted,
      plain: false,
    });
  }

  not(item: Expression): Expression {
    if (item === this.empty) return this.all;
    if (item === this.all) return this.empty;
    if (item.op === Op.Not) return item.items[0]!;
    return this.#intern(`!${item.id}`, { op: Op.Not, nullable: !item.nullable, items: [item], plain: false });
  }

  /** The language of a set of words. */
  words(list: Iterable<string>): Expression {
    const sorted = [...new Set(list)].sort();
    return this.wordRange({ list: sorted, low: 0, high: sorted.length, depth: 0, labelled: false });
  }

  /** The same language, but states after different words, or parts of words, are never the same. */
  labels(list: Iterable<string>): Expression {
    const sorted = [...new Set(list)].sort();
    const key = JSON.stringify(sorted);
    const kept = this.#labelLists.get(key) ?? sorted;
    this.#labelLists.set(key, kept);
    return this.wordRange({ list: kept, low: 0, high: kept.length, depth: 0, labelled: true });
  }

  /** The rest of words of which `range.depth` units are read. Short ranges with equal rests are the same node. */
  wordRange(range: WordRange): Expression {
    const { list, low, high, depth, labelled } = range;
    if (low >= high) return this.empty;
    if (labelled || high - low > 4) return this.#internWords(`W${this.#listId(list)},${low},${high},${depth}`, range);
    const rests = list.slice(low, high).map((word) => word.slice(depth));
    if (rests.length === 1 && rests[0] === '') return this.epsilon;
    return this.#internWords(`w${JSON.stringify(rests)}`, {
      list: rests,
      low: 0,
      high: rests.length,
      depth: 0,
      labelled,
    });
  }

  number(test: NumberTest): Expression {
    return this.numberState(startNumber(test));
  }

  numberState(state: NumberState | boolean): Expression {
    if (typeof state === 'boolean') return state ? this.all : this.empty;
    return this.#intern(`n${numberStateKey(state)}`, {
      op: Op.Number,
      nullable: passesNumber(state),
      number: state,
      plain: false,
    });
  }

  readonly #labelLists = new Map<string, readonly string[]>();
  readonly #listIds = new Map<readonly string[], number>();

  #listId(list: readonly string[]): number {
    let id = this.#listIds.get(list);
    if (id === undefined) {
      id = this.#listIds.size;
      this.#listIds.set(list, id);
    }
    return id;
  }

  #internWords(key: string, words: WordRange): Expression {
    return this.#intern(key, { op: Op.Words, nullable: words.list[words.low]!.length === words.depth, words });
  }

  #sharedWords(left: Expression, right: Expression): Expression {
    const rests = new Set(restsOf(left));
    const kept = restsOf(right).filter((rest) => rests.has(rest));
    return this.wordRange({ list: kept, low: 0, high: kept.length, depth: 0, labelled: false });
  }

  #intern(key: string, fields: Fields): Expression {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const { op, nullable, items = none, height = 1 + tallest(items) } = fields;
    this.#size += 1 + items.length;
    if (this.#size > this.#limits.expressionNodes) throw limitExceeded('expressionNodes', this.#limits.expressionNodes);
    if (height > maximumHeight) throw limitExceeded('schemaDepth', maximumHeight);
    const node: Expression = {
      id: this.#nodes.size,
      op,
      nullable,
      plain: fields.plain ?? items.every((item) => item.plain),
      height,
      items,
      chars: fields.chars ?? [],
      minimum: fields.minimum ?? 0,
      maximum: fields.maximum ?? 0,
      words: fields.words ?? null,
      number: fields.number ?? null,
      cuts: null,
      next: [],
      life: 0,
      reach: null,
    };
    this.#nodes.set(key, node);
    return node;
  }
}

function restsOf({ words }: Expression): readonly string[] {
  return words!.list.slice(words!.low, words!.high).map((word) => word.slice(words!.depth));
}

function tallest(items: readonly Expression[]): number {
  let height = 0;
  for (const item of items) height = Math.max(height, item.height);
  return height;
}

function ids(items: readonly Expression[]): string {
  return items.map((item) => item.id).join();
}

/** Operands with those of operands of the same operator lifted out; these are already flat themselves. */
function* flatten(parts: readonly Expression[], op: Op): Iterable<Expression> {
  for (const part of parts) {
    if (part.op === op) yield* part.items;
    else yield part;
  }
}
