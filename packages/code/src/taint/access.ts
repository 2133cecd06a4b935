import type { AbstractObject } from './abstract-object.js';
import type { Engine } from './engine.js';
import { type CallContext, plainArgs } from './engine-types.js';
import { exportOf, namespacedModule } from './module-exports.js';
import { externalValue } from './sources.js';
import {
  bottom,
  constantValue,
  join,
  joinTaints,
  objectValue,
  singleConstant,
  trait,
  typeBit,
  unknown,
  unknownNumber,
  unknownString,
  type Value,
  withValue,
} from './value.js';

/** A member that a class or one of its bases defines. */
export function classMember(
  home: AbstractObject,
  name: string,
  depth = 0,
): { value: Value; home: AbstractObject; isGetter: boolean } | undefined {
  const { shape } = home;
  if (shape === undefined || depth > 16) return undefined;
  const getter = shape.getters.get(name);
  if (getter !== undefined) return { value: getter, home, isGetter: true };
  const own = shape.methods.get(name);
  if (own !== undefined) return { value: own, home, isGetter: false };
  const field = home.fields.get(name);
  if (field !== undefined) return { value: field, home, isGetter: false };
  for (const base of shape.bases) {
    for (const object of base.objects) {
      const found = classMember(object, name, depth + 1);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Paths of bases that lie outside the analysed files, and whether there are bases of which nothing is known. */
export function externalBases(home: AbstractObject, depth = 0): { paths: string[]; isOpen: boolean } {
  const result = { paths: [] as string[], isOpen: false };
  if (home.shape === undefined || depth > 16) return result;
  for (const base of home.shape.bases) {
    if (base.isOpen) result.isOpen = true;
    for (const object of base.objects) {
      if (object.kind === 'external') result.paths.push(object.name);
      else {
        const inner = externalBases(object, depth + 1);
        result.paths.push(...inner.paths);
        result.isOpen ||= inner.isOpen;
      }
    }
  }
  return result;
}

/** A method bound to its receiver. */
function bind(engine: Engine, receiver: Value, target: Value): Value {
  const made = engine.allocate('bound');
  made.bound = { target, receiver, args: [] };
  return objectValue(made);
}

function instanceField(engine: Engine, object: AbstractObject, name: string, context: CallContext): Value {
  const home = object.parent;
  if (home === undefined) return unknown;
  const member = classMember(home, name);
  if (member !== undefined) {
    if (!member.isGetter)
      return member.value.objects.some((one) => one.closure)
        ? bind(engine, objectValue(object), member.value)
        : member.value;
    let value = bottom;
    for (const getter of member.value.objects) {
      if (getter.closure !== undefined)
        value = join(value, engine.callClosure(getter, objectValue(object), plainArgs(), context).value);
    }
    return value === bottom ? unknown : value;
  }
  const bases = externalBases(home);
  return bases.paths.reduce(
    (sum, path) => join(sum, externalValue(engine, `${path}().${name}`, context.site)),
    bases.paths.length === 0 ? unknown : bottom,
  );
}

/** Value of a named field of one object; undefined where it certainly has none of its own. */
export function fieldOf(engine: Engine, object: AbstractObject, name: string, context: CallContext): Value | undefined {
  const own = object.fields.get(name);
  const wild = object.hasUnknownKeys ? object.elements : undefined;
  if (own !== undefined) return wild === undefined ? own : join(own, wild);
  switch (object.kind) {
    case 'external':
      return (
        namespacedModule(engine, `${object.name}.${name}`, context.site) ??
        externalValue(engine, `${object.name}.${name}`, context.site)
      );
    case 'module':
      return exportOf(engine, object.name, name, context.site);
    case 'instance':
      return wild === undefined ? instanceField(engine, object, name, context) : join(wild, unknown);
    case 'class':
      return classMember(object, name)?.value ?? classFallback(engine, object, name, context);
    case 'array':
    case 'tuple':
      if (name === 'length')
        return object.size === undefined || object.hasUnknownKeys ? unknownNumber : constantValue(object.size);
      return wild;
    case 'set':
    case 'map':
      return name === 'size' ? unknownNumber : wild;
    default:
      return wild;
  }
}

function classFallback(engine: Engine, object: AbstractObject, name: string, context: CallContext): Value | undefined {
  const { paths } = externalBases(object);
  return paths.length === 0 ? undefined : externalValue(engine, `${paths[0]}.${name}`, context.site);
}

/** A part of a value of which only its taint is known. Its identity follows from that of the whole. */
export function partOf(engine: Engine, whole: Value, name: string): Value {
  if (whole.taints.length === 0) return unknown;
  const key = whole.key === 0 ? 0 : engine.keyFor(`${whole.key}.${name}`);
  return withValue(unknown, { taints: whole.taints, key, about: whole.about });
}

/** Reads a named field. */
export function loadField(engine: Engine, receiver: Value, name: string, context: CallContext): Value {
  let result = bottom;
  let isMissing = false;
  for (const object of receiver.objects) {
    const value = fieldOf(engine, object, name, context);
    if (value === undefined) isMissing = true;
    else result = join(result, value);
  }
  if (name === 'length' && result === bottom) return unknownNumber;
  if (receiver.isOpen || receiver.constants === undefined) result = join(result, partOf(engine, receiver, name));
  if (name === '__proto__') return withValue(unknown, { traits: trait.mayBePrototype });
  if (isMissing) result = join(result, constantValue(undefined));
  return result === bottom ? constantValue(undefined) : result;
}

/** Everything that an object may hold under keys that are not known. */
export function elementsOf(object: AbstractObject): Value {
  const { summary } = object;
  const isCurrent =
    summary?.version === object.version && summary.size === object.fields.size && summary.elements === object.elements;
  if (isCurrent) return summary.value;
  let sum = object.elements;
  for (const value of object.fields.values()) sum = join(sum, value);
  if (object.fields.size > 8) {
    object.summary = { value: sum, version: object.version, size: object.fields.size, elements: object.elements };
  }
  return sum;
}

/** Reads an element under a key that may not be known. */
export function loadIndex(engine: Engine, receiver: Value, key: Value, context: CallContext): Value {
  const single = singleConstant(key);
  if (single !== undefined && single.constant !== undefined && single.constant !== null) {
    const negative =
      typeof single.constant === 'number' && single.constant < 0 ? atEnd(receiver, single.constant) : undefined;
    return indexConstant(engine, receiver, negative ?? String(single.constant), context);
  }
  if (key.constants !== undefined && key.constants.length > 0 && !key.isOpen && key.objects.length === 0) {
    return key.constants.reduce<Value>(
      (sum, one) => join(sum, indexConstant(engine, receiver, String(one), context)),
      bottom,
    );
  }
  let result = bottom;
  let mayInherit = receiver.isOpen;
  for (const object of receiver.objects) {
    if (object.kind === 'external') result = join(result, externalValue(engine, `${object.name}.[]`, context.site));
    else if (object.kind === 'class') result = join(result, unknown);
    else result = join(result, elementsOf(object));
    mayInherit ||= !object.hasNoPrototype && object.kind !== 'external';
  }
  if (receiver.isOpen || receiver.constants === undefined)
    result = join(result, partOf(engine, receiver, `[${key.key}]`));
  if (result === bottom) result = unknown;
  const isChosen =
    mayInherit &&
    context.site.module.language !== 'python' &&
    key.taints.length > 0 &&
    (key.types & typeBit.string) !== 0;
  if (!isChosen || !key.taints.some((taint) => (taint.dangers & 8192) !== 0)) return result;
  return withValue(result, { traits: result.traits | trait.mayBePrototype });
}

function atEnd(receiver: Value, index: number): string | undefined {
  const size = receiver.objects.length === 1 ? receiver.objects[0]?.size : undefined;
  return size === undefined ? undefined : String(size + index);
}

function indexConstant(engine: Engine, receiver: Value, name: string, context: CallContext): Value {
  const isSequence =
    receiver.objects.length > 0 &&
    receiver.objects.every((object) => object.kind === 'array' || object.kind === 'tuple');
  if (isSequence && name.startsWith('-'))
    return receiver.objects.reduce<Value>((sum, object) => join(sum, elementsOf(object)), bottom);
  const text = singleConstant(receiver)?.constant;
  if (typeof text === 'string' && /^\d+$/.test(name)) return constantValue(text[Number(name)]);
  if (
    receiver.objects.length === 0 &&
    !receiver.isOpen &&
    (receiver.types & typeBit.string) !== 0 &&
    receiver.constants === undefined
  ) {
    return withValue(partOf(engine, receiver, name), { types: typeBit.string, isOpen: false });
  }
  if (/^-?\d+$/.test(name) && receiver.objects.some((object) => object.kind === 'external')) {
    const externals = receiver.objects.filter((object) => object.kind === 'external');
    const others = receiver.objects.filter((object) => object.kind !== 'external');
    const outside = externals.reduce<Value>(
      (sum, object) => join(sum, externalValue(engine, `${object.name}.[]`, context.site)),
      bottom,
    );
    return others.length === 0
      ? outside
      : join(outside, loadField(engine, withValue(receiver, { objects: others }), name, context));
  }
  return loadField(engine, receiver, name, context);
}

/** Whether stores in a region of the program replace what an object held before. */
function replaces(object: AbstractObject, region: number): boolean {
  return object.region === region && !object.isSummary && object.kind !== 'external';
}

/** Writes a named field. */
export function storeField(engine: Engine, receiver: Value, name: string, value: Value, region: number): void {
  const isOnly = receiver.objects.length === 1 && !receiver.isOpen;
  for (const object of receiver.objects) {
    if (object.kind === 'external' || object.kind === 'module') continue;
    const before = object.fields.get(name);
    const after = isOnly && replaces(object, region) ? value : join(before ?? bottom, value);
    if (after === before) continue;
    object.fields.set(name, after);
    if (/^\d+$/.test(name) && object.size !== undefined) object.size = Math.max(object.size, Number(name) + 1);
    engine.memo.noteChange(object);
  }
}

/** Adds to what an object holds under unknown keys. */
export function storeUnknown(engine: Engine, object: AbstractObject, key: Value, value: Value): void {
  const elements = join(object.elements, value);
  const keyTaint = joinTaints(object.keyTaint, key.taints);
  if (elements === object.elements && keyTaint === object.keyTaint && object.hasUnknownKeys) return;
  object.elements = elements;
  object.keyTaint = keyTaint;
  object.hasUnknownKeys = true;
  engine.memo.noteChange(object);
}

/** Writes an element under a key that may not be known. */
export function storeIndex(engine: Engine, receiver: Value, key: Value, value: Value, region: number): void {
  const single = singleConstant(key);
  if (single !== undefined && single.constant !== undefined) {
    storeField(engine, receiver, String(single.constant), value, region);
    return;
  }
  for (const object of receiver.objects) if (object.kind !== 'external') storeUnknown(engine, object, key, value);
}

/** A key of an object: one of its fields' names, or a text that outsiders may have chosen. */
export function keysOf(object: AbstractObject): Value {
  let result = bottom;
  for (const key of object.fields.keys()) result = join(result, constantValue(key));
  if (object.hasUnknownKeys) result = join(result, withValue(unknownString, { taints: object.keyTaint }));
  return result === bottom ? unknownString : result;
}
