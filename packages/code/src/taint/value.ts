import type { Constant } from '../ir/instruction.js';
import type { AbstractObject } from './abstract-object.js';
import type { Taint } from './taint.js';

/** Bits of {@link Value.types}: what a value may be at run time. */
export const typeBit = { string: 1, number: 2, boolean: 4, nullish: 8, object: 16 } as const;
export const anyType = 31;

/** Bits of {@link Value.traits}. */
export const trait = {
  /** A path that was made absolute or free of `..` before. */
  normalised: 1,
  /** May be an object that every object inherits from, since an outsider chose the key it was read with. */
  mayBePrototype: 2,
  /** Text in which markup characters stand spelled out by the program. */
  markup: 4,
  /** Text that the program put together from parts, so that an outsider may break out of its place. */
  composed: 8,
  /** The beginning of the text that it is about. */
  beginning: 16,
  /** What lies between the first and the last character of the text that it is about. */
  inner: 32,
} as const;

/** Traits that a merge keeps only where both sides have them. */
const mustTraits = trait.normalised | trait.inner;

/** What holds when a value is true and when it is false: for tainted values (by key) the dangers that are ruled out. */
export interface Predicate {
  readonly whenTrue: ReadonlyMap<number, number>;
  readonly whenFalse: ReadonlyMap<number, number>;
}

/**
 * An abstract value. Its primitive part is one of `constants` where they are known, else anything that `types` allows;
 * its object part is one of `objects`, or an unknown object where `types` says so and `isOpen`.
 */
export interface Value {
  readonly types: number;
  /** Undefined where the primitive part is not limited. */
  readonly constants: readonly Constant[] | undefined;
  readonly objects: readonly AbstractObject[];
  /** Whether it may be an object besides those listed. */
  readonly isOpen: boolean;
  readonly taints: readonly Taint[];
  readonly traits: number;
  /** Text with `\0` for each unknown part, where it is known. */
  readonly text: string | undefined;
  /** Identity of a tainted value, kept by copies, so that a check of one copy counts for all; 0 for none. */
  readonly key: number;
  /** Identity of the value that a check of this one tells about besides its own; 0 for none. */
  readonly about: number;
  readonly predicate: Predicate | undefined;
}

const maxConstants = 12;
const maxObjects = 40;
const maxTaints = 4;

const nothing: readonly never[] = [];

const base: Value = {
  types: 0,
  constants: nothing,
  objects: nothing,
  isOpen: false,
  taints: nothing,
  traits: 0,
  text: undefined,
  key: 0,
  about: 0,
  predicate: undefined,
};

/** No value at all: code that was not reached. */
export const bottom: Value = base;
/** Anything, from nowhere in particular. */
export const unknown: Value = { ...base, types: anyType, constants: undefined, isOpen: true };
export const unknownString: Value = { ...base, types: typeBit.string, constants: undefined };
export const unknownNumber: Value = { ...base, types: typeBit.number, constants: undefined };
export const unknownBoolean: Value = { ...base, types: typeBit.boolean, constants: undefined };

function typeOfConstant(constant: Constant): number {
  switch (typeof constant) {
    case 'string':
      return typeBit.string;
    case 'number':
      return typeBit.number;
    case 'boolean':
      return typeBit.boolean;
    default:
      return typeBit.nullish;
  }
}

/** Exactly one literal. */
export function constantValue(constant: Constant): Value {
  return {
    ...base,
    types: typeOfConstant(constant),
    constants: [constant],
    text: typeof constant === 'string' ? constant : undefined,
  };
}

/** Exactly one of several objects. */
export function objectValue(...objects: readonly AbstractObject[]): Value {
  return { ...base, types: typeBit.object, objects };
}

/** A copy with other properties. */
export function withValue(value: Value, changes: Partial<Value>): Value {
  return { ...value, ...changes };
}

/** The one literal that a value is, undefined in a wrapper-free way where it is not exactly one. */
export function singleConstant(value: Value): { readonly constant: Constant } | undefined {
  if (value.constants?.length !== 1 || value.objects.length > 0 || value.isOpen) return undefined;
  return { constant: value.constants[0] as Constant };
}

/** The one string that a value is. */
export function singleString(value: Value): string | undefined {
  const single = singleConstant(value)?.constant;
  return typeof single === 'string' ? single : undefined;
}

function isTruthyConstant(constant: Constant): boolean {
  return Boolean(constant);
}

/** Whether a value is true or false in a condition: yes, no, or undefined where it may be either. */
export function truthOf(value: Value): boolean | undefined {
  const mayBeObject = value.objects.length > 0 || value.isOpen;
  if (value.isOpen || value.constants === undefined) return undefined;
  const anyTrue = mayBeObject || value.constants.some(isTruthyConstant);
  const anyFalse =
    value.objects.some((object) => object.mayBeEmpty) || value.constants.some((one) => !isTruthyConstant(one));
  if (anyTrue && anyFalse) return undefined;
  return anyTrue ? true : anyFalse ? false : undefined;
}

function union<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  const extra = b.filter((item) => !a.includes(item));
  return extra.length === 0 ? a : [...a, ...extra];
}

function joinConstants(a: Value, b: Value): readonly Constant[] | undefined {
  if (a.constants === undefined || b.constants === undefined) return undefined;
  const joined = union(a.constants, b.constants);
  return joined.length > maxConstants ? undefined : joined;
}

/** Joins taint by source: what is dangerous on one way is dangerous after the merge. */
export function joinTaints(a: readonly Taint[], b: readonly Taint[]): readonly Taint[] {
  if (b.length === 0 || a === b) return a;
  if (a.length === 0) return b;
  let joined = a;
  for (const taint of b) {
    const index = joined.findIndex((other) => other.source === taint.source);
    const known = joined[index];
    if (known === undefined) {
      if (joined.length < maxTaints) joined = [...joined, taint];
    } else if ((known.dangers | taint.dangers) !== known.dangers) {
      const better = { ...taint, dangers: known.dangers | taint.dangers };
      joined = joined.map((other, position) => (position === index ? better : other));
    }
  }
  return joined;
}

/** The least value that covers both. */
export function join(a: Value, b: Value): Value {
  if (a === b || b === bottom) return a;
  if (a === bottom) return b;
  const objects = union(a.objects, b.objects);
  const isFull = objects.length > maxObjects;
  const constants = joinConstants(a, b);
  const types = a.types | b.types;
  const joined: Value = {
    types,
    constants,
    objects: isFull ? objects.slice(0, maxObjects) : objects,
    isOpen: a.isOpen || b.isOpen || isFull,
    taints: joinTaints(a.taints, b.taints),
    traits: ((a.traits | b.traits) & ~mustTraits) | (a.traits & b.traits & mustTraits),
    text: a.text === b.text ? a.text : undefined,
    key: a.key === b.key ? a.key : 0,
    about: a.about === b.about ? a.about : 0,
    predicate: a.predicate === b.predicate ? a.predicate : undefined,
  };
  return isSame(joined, a) ? a : joined;
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]));
}

function sameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every((taint, index) => taint.source === b[index]?.source && taint.dangers === b[index]?.dangers)
  );
}

/** Whether two values say the same; the way that taint took does not count. */
function isSame(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.types !== b.types || a.isOpen !== b.isOpen || a.traits !== b.traits || a.key !== b.key) return false;
  if (a.text !== b.text || !sameItems(a.objects, b.objects) || !sameTaints(a.taints, b.taints)) return false;
  if (a.constants === undefined || b.constants === undefined) return a.constants === b.constants;
  return sameItems(a.constants, b.constants);
}
