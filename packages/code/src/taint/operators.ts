import type { Constant } from '../ir/instruction.js';
import {
  constantValue,
  join,
  joinTaints,
  singleConstant,
  trait,
  truthOf,
  typeBit,
  unknown,
  unknownBoolean,
  unknownNumber,
  unknownString,
  type Value,
  withValue,
} from './value.js';

const maxText = 2_000;
const hole = '\0';

/** Text of a value inside a larger text: its literal, its own known shape, or a hole. */
function shapeOf(value: Value): string {
  const single = singleConstant(value);
  if (single !== undefined) return String(single.constant);
  return value.text ?? hole;
}

/** Whether a value can only be a number, a boolean or nothing, so that no text of an outsider is in it. */
export function isNumeric(value: Value): boolean {
  return (value.types & (typeBit.string | typeBit.object)) === 0 && value.types !== 0;
}

/** The text that parts make when they are joined; tainted where one of them is. */
export function concatenate(parts: readonly Value[]): Value {
  const shape = parts.map(shapeOf).join('');
  const text = shape.length > maxText ? undefined : shape;
  if (parts.every((part) => singleConstant(part) !== undefined) && text !== undefined) return constantValue(text);
  const product = parts.length === 2 ? productOf(parts[0] as Value, parts[1] as Value) : undefined;
  let taints: Value['taints'] = [];
  let traits = 0;
  for (const part of parts) {
    if (isNumeric(part)) continue;
    taints = joinTaints(taints, part.taints);
    traits |= part.traits & trait.markup;
  }
  if (/<\/?[a-z!]/i.test(shape)) traits |= trait.markup;
  if (parts.length > 1) traits |= trait.composed;
  return withValue(product ?? unknownString, { text, taints, traits });
}

/** All concatenations of two small sets of literals. */
function productOf(a: Value, b: Value): Value | undefined {
  if (a.constants === undefined || b.constants === undefined || a.isOpen || b.isOpen) return undefined;
  if (a.objects.length > 0 || b.objects.length > 0 || a.constants.length * b.constants.length > 12) return undefined;
  const texts = a.constants.flatMap((x) => (b.constants ?? []).map((y) => constantValue(`${String(x)}${String(y)}`)));
  const [first, ...rest] = texts;
  return first === undefined ? undefined : rest.reduce(join, first);
}

function arithmetic(name: string, x: number, y: number): Constant {
  switch (name) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '//':
      return Math.floor(x / y);
    case '%':
      return x % y;
    case '**':
      return x ** y;
    case '|':
      return x | y;
    case '&':
      return x & y;
    case '^':
      return x ^ y;
    case '<<':
      return x << y;
    case '>>':
      return x >> y;
    default:
      return Number.NaN;
  }
}

function compare(name: string, x: Constant, y: Constant): boolean | undefined {
  switch (name) {
    case '===':
    case 'is':
      return x === y;
    case '!==':
    case 'is not':
      return x !== y;
    case '==':
      return x === y || (x ?? null) === (y ?? null) || (typeof x !== typeof y ? undefined : false);
    case '!=':
    case '<>': {
      const equal = compare('==', x, y);
      return equal === undefined ? undefined : !equal;
    }
    default:
  }
  if ((typeof x !== 'number' || typeof y !== 'number') && (typeof x !== 'string' || typeof y !== 'string'))
    return undefined;
  switch (name) {
    case '<':
      return x < y;
    case '<=':
      return x <= y;
    case '>':
      return x > y;
    case '>=':
      return x >= y;
    default:
      return undefined;
  }
}

const comparisons = new Set(['===', '!==', '==', '!=', '<>', 'is', 'is not', '<', '<=', '>', '>=']);

/** Whether an operator only ever gives true or false. */
export function isComparison(name: string): boolean {
  return comparisons.has(name) || name === 'in' || name === 'not in' || name === 'instanceof';
}

const maxPairs = 64;

function comparePossible(name: string, a: Value, b: Value): Value {
  if (a.constants === undefined || b.constants === undefined || a.isOpen || b.isOpen) return unknownBoolean;
  if (a.objects.length > 0 || b.objects.length > 0) return compareWithObjects(name, a, b);
  if (a.constants.length * b.constants.length > maxPairs) return unknownBoolean;
  const results = new Set(a.constants.flatMap((x) => (b.constants ?? []).map((y) => compare(name, x, y))));
  if (results.size !== 1 || results.has(undefined)) return unknownBoolean;
  return constantValue(results.has(true));
}

/** An object is never equal to nothing; that much is certain. */
function compareWithObjects(name: string, a: Value, b: Value): Value {
  const [objects, other] = a.objects.length > 0 ? [a, b] : [b, a];
  const isNothing = other.objects.length === 0 && other.constants?.every((one) => one === null || one === undefined);
  if (isNothing !== true || objects.constants?.length !== 0) return unknownBoolean;
  if (name === '===' || name === '==' || name === 'is') return constantValue(false);
  return name === '!==' || name === '!=' || name === 'is not' ? constantValue(true) : unknownBoolean;
}

/** Whether a literal text holds another, where both are known. */
function contains(item: Value, text: Value, isIn: boolean): Value {
  const inner = singleConstant(item)?.constant;
  const outer = singleConstant(text)?.constant;
  if (typeof inner !== 'string' || typeof outer !== 'string') return unknownBoolean;
  return constantValue(outer.includes(inner) === isIn);
}

/** Result of a binary operator on abstract values; comparisons carry no taint. */
export function binary(name: string, a: Value, b: Value): Value {
  if (comparisons.has(name)) return comparePossible(name, a, b);
  if (name === 'in' || name === 'not in') return contains(a, b, name === 'in');
  if (isComparison(name)) return unknownBoolean;
  const x = singleConstant(a)?.constant;
  const y = singleConstant(b)?.constant;
  if (typeof x === 'number' && typeof y === 'number') return constantValue(arithmetic(name, x, y));
  if (name === '+') {
    if (isNumeric(a) && isNumeric(b)) return unknownNumber;
    const isText = a.types === typeBit.string || b.types === typeBit.string;
    const mayBeText = ((a.types | b.types) & typeBit.string) !== 0;
    if (isText || (mayBeText && a.objects.length === 0 && b.objects.length === 0)) return concatenate([a, b]);
    return withValue(unknown, {
      taints: joinTaints(a.taints, b.taints),
      traits: (a.traits | b.traits) & ~trait.normalised,
    });
  }
  const mayStayText = name === '*' || name === '%' || name === '|' || name === '&' || name === '/';
  if (!mayStayText || (isNumeric(a) && isNumeric(b))) return unknownNumber;
  return withValue(unknown, { taints: joinTaints(a.taints, b.taints) });
}

/** Result of a unary operator. */
export function unary(name: string, a: Value): Value {
  if (name === '!' || name === 'not') {
    const truth = truthOf(a);
    const negated = truth === undefined ? unknownBoolean : constantValue(!truth);
    const predicate = a.predicate && { whenTrue: a.predicate.whenFalse, whenFalse: a.predicate.whenTrue };
    return predicate === undefined ? negated : withValue(negated, { predicate });
  }
  if (name === 'bool') {
    const truth = truthOf(a);
    return truth === undefined ? withValue(unknownBoolean, { predicate: a.predicate }) : constantValue(truth);
  }
  const single = singleConstant(a);
  if (name === 'isNullish') {
    if (a.isOpen || a.constants === undefined) return unknownBoolean;
    const nullish = a.constants.filter((one) => one === null || one === undefined).length;
    if (nullish === 0) return constantValue(false);
    return nullish === a.constants.length && a.objects.length === 0 ? constantValue(true) : unknownBoolean;
  }
  if (name === 'typeof') return withValue(unknownString, { text: '\0typeof', about: a.key });
  if (name === 'void') return constantValue(undefined);
  if (name === 'delete') return unknownBoolean;
  if (typeof single?.constant === 'number') {
    if (name === '-') return constantValue(-single.constant);
    return name === '+' ? a : constantValue(~single.constant);
  }
  return unknownNumber;
}
