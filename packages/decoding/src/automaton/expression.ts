import type { CharSet } from './char-set.js';
import type { NumberState } from './number-test.js';

/** The operators of the expression algebra. */
export const Op = {
  /** No text at all. */
  Empty: 0,
  /** Only the empty text. */
  Epsilon: 1,
  /** One code point of a set. */
  Chars: 2,
  /** `items[0]` followed by `items[1]`. */
  Concat: 3,
  Or: 4,
  And: 5,
  Not: 6,
  /** `items[0]` repeated `minimum` to `maximum` times, as a counter. */
  Repeat: 7,
  /** One of a sorted list of words. */
  Words: 8,
  /** Plain decimal literals that pass a test. */
  Number: 9,
} as const;

/** One operator. */
export type Op = (typeof Op)[keyof typeof Op];

/** A range of a sorted word list whose words share their first `depth` UTF-16 units, which are already read. */
export interface WordRange {
  readonly list: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly depth: number;
  /** Whether the node must tell which word is read, so that equal rests of different words stay apart. */
  readonly labelled: boolean;
}

/**
 * A language over code points: a node of a hash-consed graph, so that equal structure is the same object.
 * Created by `ExpressionStore` alone.
 */
export interface Expression {
  readonly id: number;
  readonly op: Op;
  /** Whether the empty text belongs to the language. */
  readonly nullable: boolean;
  /** No intersection, complement or number inside: then it is empty only if it is the node `Empty`. */
  readonly plain: boolean;
  /** Levels of recursion that taking a derivative needs. */
  readonly height: number;
  readonly items: readonly Expression[];
  readonly chars: CharSet;
  readonly minimum: number;
  readonly maximum: number;
  readonly words: WordRange | null;
  readonly number: NumberState | null;
  /** Where the classes of code points that behave alike begin; filled on demand. */
  cuts: readonly number[] | null;
  /** The derivative by each class; filled on demand. */
  readonly next: (Expression | undefined)[];
  /** 0 not yet known, 1 not empty, 2 empty. */
  life: 0 | 1 | 2;
  /** How many characters of each slice may follow whatever they are; filled on demand. */
  reach: Int16Array | null;
}
