import type { AbstractObject } from '../abstract-object.js';
import { elementsOf, keysOf, partOf, storeField, storeIndex, storeUnknown } from '../access.js';
import { callValue } from '../calls.js';
import { plainArgs } from '../engine-types.js';
import { iterate, merge } from '../execute.js';
import { deepTaints, runCallbacks } from '../external-calls.js';
import { guardOf, membershipGuard, patternGuard, prefixGuard } from '../guards.js';
import { concatenate } from '../operators.js';
import { dangersRemoved } from '../patterns.js';
import { externalValue } from '../sources.js';
import { allDangers, dangerBits } from '../taint.js';
import { withoutDangers, withStep } from '../traces.js';
import {
  bottom,
  constantValue,
  join,
  joinTaints,
  objectValue,
  type Predicate,
  singleConstant,
  singleString,
  trait,
  typeBit,
  unknown,
  unknownBoolean,
  unknownNumber,
  unknownString,
  type Value,
  withValue,
} from '../value.js';
import { bufferText, getOption, setOption, writeBuffer } from './buffers.js';
import type { Intrinsic, IntrinsicCall } from './intrinsic.js';

interface MethodCall extends IntrinsicCall {
  readonly name: string;
}

const isPython = (call: IntrinsicCall): boolean => call.at.closure.module.language === 'python';
const first = (call: IntrinsicCall): Value => call.args.plain[0] ?? call.args.spread ?? constantValue(undefined);
const instructionOf = (call: IntrinsicCall) => call.context.instruction ?? call.at.fn.blocks[0]?.instructions[0];

function isSequence(object: AbstractObject): boolean {
  return object.kind === 'array' || object.kind === 'tuple' || object.kind === 'set';
}

/** Items of a receiver, whatever it is made of. */
function items(call: IntrinsicCall): Value {
  const instruction = instructionOf(call);
  return instruction === undefined
    ? unknown
    : iterate(call.at, call.receiver, { ...instruction, op: 'iterate', name: 'values' });
}

function newArray(call: IntrinsicCall, element: Value, tag: string): Value {
  const made = call.context.allocate('array', tag);
  if (element !== bottom) storeUnknown(call.at.engine, made, bottom, element);
  made.mayBeEmpty = isPython(call);
  return withValue(objectValue(made), { taints: element.taints, traits: element.traits & trait.markup });
}

function boolean(predicate: Predicate | undefined): Value {
  return predicate === undefined ? unknownBoolean : withValue(unknownBoolean, { predicate });
}

/** A text derived from the receiver's: same taint, unknown content. */
function changedText(call: IntrinsicCall, note: string): Value {
  const { receiver } = call;
  const value = withValue(unknownString, {
    taints: receiver.taints,
    traits: receiver.traits & (trait.markup | trait.composed),
  });
  return withStep(value, 'change', call.context.site, note);
}

/** A part of a text; comparing its beginning says as much as `startsWith`. */
function cutText(call: IntrinsicCall): Value {
  const value = changedText(call, 'cut');
  const isBeginning = singleConstant(first(call))?.constant === 0 && call.args.plain.length > 1;
  if (!isBeginning || call.receiver.key === 0) return value;
  const normalised = call.receiver.traits & trait.normalised;
  return withValue(value, { about: call.receiver.key, traits: value.traits | trait.beginning | normalised });
}

function mapConstant(call: IntrinsicCall, change: (text: string) => string): Value | undefined {
  const text = singleString(call.receiver);
  return text === undefined ? undefined : constantValue(change(text));
}

/** A change that keeps a text's identity for checks, such as trimming. */
function sameText(call: IntrinsicCall, change: (text: string) => string): Value {
  return (
    mapConstant(call, change) ??
    withValue(call.receiver, {
      types: typeBit.string,
      constants: undefined,
      isOpen: false,
      text: call.receiver.text,
      key: 0,
    })
  );
}

const callEach: Intrinsic = (call) => withCallback(call, constantValue(undefined));

function callBack(call: IntrinsicCall, values: readonly Value[]): { value: Value } {
  const callback = first(call);
  if (callback.objects.length === 0) return { value: unknown };
  const result = callValue(
    call.at,
    callback,
    call.args.plain[1] ?? constantValue(undefined),
    plainArgs(...values),
    call.context,
  );
  return { value: result.value };
}

/** Calls a function for each item and gives a fixed result. */
function withCallback(call: IntrinsicCall, result: Value): Value {
  callBack(call, [items(call), unknownNumber, call.receiver]);
  return result;
}

function returnedItems(call: IntrinsicCall): Value {
  return newArray(call, callBack(call, [items(call), unknownNumber, call.receiver]).value, 'map');
}

function push(call: IntrinsicCall): Value {
  for (const object of call.receiver.objects) {
    if (object.kind === 'external') continue;
    for (const value of call.args.plain) append(call, object, value);
    if (call.args.spread !== undefined) storeUnknown(call.at.engine, object, bottom, call.args.spread);
  }
  return unknownNumber;
}

/** Keeps positions where the sequence's length is certain, so that later reads are exact. */
function append(call: IntrinsicCall, object: AbstractObject, value: Value): void {
  const stored = withStep(value, 'store', call.context.site, 'added to a list');
  const isExact =
    object.size !== undefined &&
    object.region === call.at.region &&
    !object.isSummary &&
    !call.at.isRepeated &&
    object.kind === 'array';
  object.mayBeEmpty = false;
  if (!isExact) {
    storeUnknown(call.at.engine, object, bottom, stored);
    object.size = undefined;
    return;
  }
  storeField(call.at.engine, objectValue(object), String(object.size), stored, call.at.region);
}

function popItem(call: IntrinsicCall): Value {
  if (call.receiver.objects.some((object) => object.kind === 'map')) return getKey(call);
  const [object] = call.receiver.objects;
  const index = call.args.plain[0] === undefined ? -1 : singleConstant(call.args.plain[0])?.constant;
  const isExact =
    call.receiver.objects.length === 1 &&
    object?.size !== undefined &&
    object.size > 0 &&
    !object.hasUnknownKeys &&
    object.region === call.at.region &&
    !call.at.isRepeated;
  if (!isExact || typeof index !== 'number') return items(call);
  const size = object.size as number;
  const position = index < 0 ? size + index : index;
  const value = object.fields.get(String(position)) ?? unknown;
  for (let at = position; at + 1 < size; at += 1)
    object.fields.set(String(at), object.fields.get(String(at + 1)) ?? unknown);
  object.fields.delete(String(size - 1));
  object.size = size - 1;
  call.at.engine.memo.noteChange(object);
  return value;
}

function replaceText(call: IntrinsicCall): Value {
  const [pattern, replacement] = call.args.plain;
  const literal = pattern === undefined ? undefined : singleString(pattern);
  const regex = pattern?.objects[0]?.kind === 'regex' ? pattern.objects[0].name : undefined;
  const text = singleString(call.receiver);
  const to = replacement === undefined ? undefined : singleString(replacement);
  if (text !== undefined && literal !== undefined && to !== undefined)
    return constantValue(text.replaceAll(literal, to));
  const isGlobal =
    isPython(call) ||
    regex?.endsWith('/g') ||
    regex?.endsWith('/gi') ||
    ('name' in call && (call as MethodCall).name === 'replaceAll');
  const source =
    regex === undefined ? literal?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : regex.slice(1, regex.lastIndexOf('/'));
  const removed = isGlobal && source !== undefined ? dangersRemoved(source) : 0;
  const changed = changedText(call, 'characters replaced');
  if (replacement?.objects.some((object) => object.closure !== undefined)) callBackWith(call, replacement);
  const withReplacement = joinTaints(changed.taints, replacement?.taints ?? []);
  const escaped = isGlobal && replacement?.constants === undefined ? dangersEscaped(source) : 0;
  return withoutDangers(withValue(changed, { taints: withReplacement }), escapesQuotes(source, to) | removed | escaped);
}

/** Every character of markup is handed to a function or looked up in a table: it is spelled as an entity there. */
function dangersEscaped(source: string | undefined): number {
  if (source === undefined || !/^(?:\[[^\]]*\]|[^[\]]*\|[^[\]]*)$/.test(source)) return 0;
  return ['<', '>', '"'].every((character) => source.includes(character)) ? dangerBits(['html', 'xml']) : 0;
}

function callBackWith(call: IntrinsicCall, callback: Value): void {
  callValue(call.at, callback, unknown, plainArgs(partOf(call.at.engine, call.receiver, 'match')), call.context);
}

/** Doubling quotes makes a text safe inside quotes of SQL. */
function escapesQuotes(from: string | undefined, to: string | undefined): number {
  return from === "'" && (to === "''" || to === "\\'") ? dangerBits(['sql', 'xpath']) : 0;
}

function splitText(call: IntrinsicCall): Value {
  const text = singleString(call.receiver);
  const separator = singleString(first(call));
  if (text !== undefined && separator !== undefined && separator !== '' && call.args.plain.length === 1) {
    const made = call.context.allocate('array', 'split');
    const parts = text.split(separator).slice(0, 50);
    for (const [index, part] of parts.entries())
      storeField(call.at.engine, objectValue(made), String(index), constantValue(part), made.region);
    made.size = parts.length;
    return objectValue(made);
  }
  if (call.receiver.taints.length === 0) return newArray(call, unknownString, 'split');
  return newArray(
    call,
    withStep(withValue(unknownString, { taints: call.receiver.taints }), 'change', call.context.site, 'taken apart'),
    'split',
  );
}

function joinItems(call: IntrinsicCall): Value {
  const sequence = isPython(call) ? first(call) : call.receiver;
  const separator = isPython(call)
    ? call.receiver
    : call.args.plain[0] === undefined
      ? constantValue(',')
      : first(call);
  const [object] = sequence.objects;
  if (
    object !== undefined &&
    sequence.objects.length === 1 &&
    isSequence(object) &&
    object.size !== undefined &&
    object.size <= 30 &&
    !object.hasUnknownKeys
  ) {
    const parts: Value[] = [];
    for (let index = 0; index < object.size; index += 1) {
      if (index > 0) parts.push(separator);
      parts.push(call.at.refine(object.fields.get(String(index)) ?? unknown));
    }
    return withStep(concatenate(parts), 'compose', call.context.site, 'joined to one text');
  }
  const taints = joinTaints(deepTaints(sequence), separator.taints);
  return withStep(
    withValue(unknownString, { taints, traits: sequence.traits & trait.markup }),
    'compose',
    call.context.site,
    'joined to one text',
  );
}

function getKey(call: IntrinsicCall): Value {
  const fallback = call.args.plain[1];
  let result = bottom;
  for (const object of call.receiver.objects) {
    const key = singleConstant(first(call))?.constant;
    if (object.kind === 'external') {
      const path = `${object.name}.${key === undefined ? '[]' : String(key)}`;
      result = join(result, join(externalValue(call.at.engine, path, call.context.site), fallback ?? bottom));
      continue;
    }
    const own = key === undefined ? undefined : object.fields.get(String(key));
    if (own !== undefined) result = join(result, object.hasUnknownKeys ? join(own, object.elements) : own);
    else if (key === undefined) result = join(result, join(elementsOf(object), fallback ?? constantValue(null)));
    else
      result = join(
        result,
        object.hasUnknownKeys
          ? join(object.elements, fallback ?? constantValue(null))
          : (fallback ?? constantValue(isPython(call) ? null : undefined)),
      );
  }
  if (call.receiver.objects.length === 0) {
    const name = singleConstant(first(call))?.constant;
    const part = partOf(
      call.at.engine,
      call.receiver,
      name === undefined ? `get(${first(call).key})` : `get ${String(name)}`,
    );
    result = fallback === undefined ? part : withValue(join(part, fallback), { key: part.key });
  }
  return call.at.refine(result);
}

function setKey(call: IntrinsicCall): Value {
  const [key, value] = call.args.plain;
  if (key !== undefined && value !== undefined)
    storeIndex(call.at.engine, call.receiver, key, value, call.at.isRepeated ? -1 : call.at.region);
  return call.receiver;
}

function entries(call: IntrinsicCall): Value {
  let element = bottom;
  for (const object of call.receiver.objects) {
    const entry = call.context.allocate('tuple', `entries ${object.id}`);
    entry.fields.set('0', isSequence(object) ? unknownNumber : keysOf(object));
    entry.fields.set('1', elementsOf(object));
    entry.size = 2;
    element = join(element, objectValue(entry));
  }
  if (call.receiver.isOpen) element = join(element, partOf(call.at.engine, call.receiver, 'entry'));
  return newArray(call, element === bottom ? unknown : element, 'entries');
}

function keyList(call: IntrinsicCall): Value {
  const keys = call.receiver.objects.reduce((sum, object) => join(sum, keysOf(object)), bottom);
  const open = call.receiver.isOpen
    ? withValue(partOf(call.at.engine, call.receiver, 'key'), { types: typeBit.string, isOpen: false })
    : bottom;
  return newArray(call, join(keys, open), 'keys');
}

function promised(call: IntrinsicCall): Value {
  const [onValue, onError] = call.args.plain;
  let result = call.receiver;
  if (onValue !== undefined && onValue.objects.length > 0) {
    result = callValue(call.at, onValue, constantValue(undefined), plainArgs(call.receiver), call.context).value;
  }
  if (onError !== undefined && onError.objects.length > 0) {
    result = join(
      result,
      callValue(call.at, onError, constantValue(undefined), plainArgs(unknown), call.context).value,
    );
  }
  return result;
}

function test(call: IntrinsicCall): Value | undefined {
  const [object] = call.receiver.objects;
  if (object?.kind !== 'regex') return undefined;
  const slash = object.name.lastIndexOf('/');
  if (object.name.slice(slash).includes('m')) return unknownBoolean;
  return boolean(patternGuard(first(call), object.name.slice(1, slash), 'search'));
}

/** Python's compiled patterns carry their text as name. */
function matchCompiled(mode: 'whole' | 'start' | 'search'): Intrinsic {
  return (call) => {
    const [object] = call.receiver.objects;
    if (object?.kind !== 'regex') return undefined;
    const predicate = patternGuard(first(call), object.name.slice(1, object.name.lastIndexOf('/')), mode);
    const result = partOf(call.at.engine, first(call), 'match');
    return predicate === undefined ? result : withValue(result, { predicate });
  };
}

/** A value as part of a text: what an object holds may show. */
function shown(value: Value): Value {
  return value.objects.length === 0 ? value : withValue(unknownString, { taints: deepTaints(value) });
}

function formatText(call: IntrinsicCall): Value {
  const parts = [call.receiver, ...call.args.plain, ...call.args.named.values()];
  const format = call.receiver.text;
  if (format === undefined) return withStep(concatenate(parts), 'compose', call.context.site, 'becomes part of a text');
  let index = 0;
  const pieces = format.split(/(\{[^{}]*\})/).map((piece) => {
    const hole = /^\{(\w*)[^}]*\}$/.exec(piece);
    if (hole === null) return constantValue(piece.replaceAll('{{', '{').replaceAll('}}', '}'));
    const key = hole[1] === '' ? String(index++) : (hole[1] as string);
    return /^\d+$/.test(key)
      ? (call.args.plain[Number(key)] ?? unknown)
      : (call.args.named.get(key) ?? call.args.namedRest ?? unknown);
  });
  const whole = concatenate(pieces.map(shown));
  return withStep(
    withValue(whole, { taints: joinTaints(whole.taints, call.receiver.taints) }),
    'compose',
    call.context.site,
    'becomes part of a text',
  );
}

const harmlessText: Intrinsic = (call) => boolean(guardOf(call.receiver, allDangers, 0));
const number: Intrinsic = () => unknownNumber;
const text =
  (note: string): Intrinsic =>
  (call) =>
    changedText(call, note);
const sameSequence: Intrinsic = (call) => newArray(call, items(call), 'copy');
const item: Intrinsic = (call) => items(call);

function has(call: IntrinsicCall): Value {
  return boolean(membershipGuard(call.receiver, first(call)));
}

function apply(call: IntrinsicCall): Value {
  const [self, list] = call.args.plain;
  const object = list?.objects[0];
  const values =
    object?.size !== undefined && !object.hasUnknownKeys
      ? Array.from({ length: object.size }, (_, i) => object.fields.get(String(i)) ?? unknown)
      : [];
  const args =
    values.length > 0
      ? plainArgs(...values)
      : { ...plainArgs(), spread: list === undefined ? undefined : withValue(unknown, { taints: deepTaints(list) }) };
  return callValue(call.at, call.receiver, self ?? unknown, args, call.context).value;
}

function bindFunction(call: IntrinsicCall): Value {
  const [self, ...rest] = call.args.plain;
  const made = call.at.engine.allocate('bound');
  made.bound = { target: call.receiver, receiver: self ?? unknown, args: rest };
  return objectValue(made);
}

function reduceItems(call: IntrinsicCall): Value {
  const start = call.args.plain[1] ?? items(call);
  const callback = first(call);
  let result = start;
  for (let round = 0; round < 2; round += 1) {
    result = join(
      result,
      callValue(
        call.at,
        callback,
        constantValue(undefined),
        plainArgs(result, items(call), unknownNumber),
        call.context,
      ).value,
    );
  }
  return result;
}

const shared: { readonly [name: string]: Intrinsic } = {
  trim: (call) => sameText(call, (value) => value.trim()),
  strip: (call) =>
    call.args.plain.length === 0 ? sameText(call, (value) => value.trim()) : changedText(call, 'trimmed'),
  trimStart: (call) => sameText(call, (value) => value.trimStart()),
  trimEnd: (call) => sameText(call, (value) => value.trimEnd()),
  lstrip: text('trimmed'),
  rstrip: text('trimmed'),
  toLowerCase: (call) => sameText(call, (value) => value.toLowerCase()),
  lower: (call) => sameText(call, (value) => value.toLowerCase()),
  toUpperCase: (call) => sameText(call, (value) => value.toUpperCase()),
  upper: (call) => sameText(call, (value) => value.toUpperCase()),
  toString: (call: IntrinsicCall) =>
    call.receiver.objects.length === 0 ? sameText(call, (value) => value) : undefined,
  replace: replaceText,
  replaceAll: replaceText,
  split: splitText,
  join: joinItems,
  startsWith: (call) => boolean(prefixGuard(call.receiver, first(call))),
  startswith: (call) => boolean(prefixGuard(call.receiver, first(call))),
  includes: (call) =>
    call.receiver.objects.length > 0 || call.receiver.taints.length > 0 || call.receiver.constants !== undefined
      ? has(call)
      : unknownBoolean,
  has,
  test,
  push,
  append: push,
  add: push,
  appendleft: push,
  unshift: push,
  pop: popItem,
  shift: item,
  find: (call) =>
    call.receiver.objects.some(isSequence) || first(call).objects.length > 0
      ? withCallback(call, items(call))
      : undefined,
  findLast: (call) => withCallback(call, items(call)),
  at: item,
  map: returnedItems,
  flatMap: (call) => {
    const value = callBack(call, [items(call), unknownNumber]).value;
    return newArray(
      call,
      value.objects.reduce((sum, object) => join(sum, elementsOf(object)), value.isOpen ? value : bottom),
      'flat',
    );
  },
  forEach: callEach,
  some: (call) => withCallback(call, unknownBoolean),
  every: (call) => withCallback(call, unknownBoolean),
  filter: (call) => withCallback(call, newArray(call, items(call), 'filter')),
  reduce: reduceItems,
  slice: (call) => (call.receiver.objects.some(isSequence) ? newArray(call, items(call), 'slice') : cutText(call)),
  substring: cutText,
  substr: cutText,
  splice: sameSequence,
  concat: (call) => {
    if (!call.receiver.objects.some(isSequence))
      return withStep(
        concatenate([call.receiver, ...call.args.plain]),
        'compose',
        call.context.site,
        'becomes part of a text',
      );
    const more = call.args.plain.reduce(
      (sum, value) =>
        join(
          sum,
          value.objects.reduce((inner, object) => join(inner, elementsOf(object)), value.isOpen ? value : bottom),
        ),
      bottom,
    );
    return newArray(call, join(items(call), more), 'concat');
  },
  extend: (call) => {
    const instruction = instructionOf(call);
    if (instruction === undefined) return undefined;
    const given = iterate(call.at, first(call), { ...instruction, op: 'iterate', name: 'values' });
    for (const object of call.receiver.objects)
      if (object.kind !== 'external') storeUnknown(call.at.engine, object, bottom, given);
    return constantValue(null);
  },
  sort: (call) => call.receiver,
  reverse: (call) => call.receiver,
  flat: (call) => newArray(call, elementsFlat(call), 'flat'),
  copy: (call) => call.receiver,
  get: (call) => getOption(call) ?? getKey(call),
  set: (call) => setOption(call) ?? setKey(call),
  write: writeBuffer,
  getvalue: bufferText,
  setdefault: (call) => {
    setKey(call);
    return getKey(call);
  },
  items: entries,
  entries,
  keys: keyList,
  values: (call) =>
    newArray(
      call,
      call.receiver.objects.reduce(
        (sum, object) => join(sum, elementsOf(object)),
        call.receiver.isOpen ? partOf(call.at.engine, call.receiver, '*') : bottom,
      ),
      'values',
    ),
  update: (call) => {
    for (const value of call.args.plain) merge(call.at, call.receiver, value, -1);
    for (const [name, value] of call.args.named) storeField(call.at.engine, call.receiver, name, value, -1);
    return constantValue(null);
  },
  catch: (call) => {
    runCallbacks(call.at, call.args, call.context, []);
    return call.receiver;
  },
  finally: (call) => {
    runCallbacks(call.at, call.args, call.context, []);
    return call.receiver;
  },
  call: (call) =>
    callValue(
      call.at,
      call.receiver,
      first(call),
      { ...call.args, plain: call.args.plain.slice(1), spans: call.args.spans.slice(1) },
      call.context,
    ).value,
  apply,
  bind: bindFunction,
  hasOwnProperty: has,
  __contains__: has,
  isdecimal: harmlessText,
  isdigit: harmlessText,
  isnumeric: harmlessText,
  isalnum: harmlessText,
  isalpha: harmlessText,
  isidentifier: harmlessText,
  is_relative_to: (call) =>
    boolean(
      (call.receiver.traits & trait.normalised) === 0 ? undefined : guardOf(call.receiver, dangerBits(['path']), 0),
    ),
  fullmatch: matchCompiled('whole'),
  match: matchCompiled('start'),
  search: matchCompiled('search'),
  format: formatText,
  encode: (call) => sameText(call, (value) => value),
  decode: (call) => sameText(call, (value) => value),
  indexOf: number,
  lastIndexOf: number,
  charCodeAt: number,
  codePointAt: number,
  index: number,
  count: number,
  localeCompare: number,
  getTime: number,
  endsWith: () => unknownBoolean,
  endswith: () => unknownBoolean,
};

function elementsFlat(call: IntrinsicCall): Value {
  const inner = items(call);
  return inner.objects.reduce(
    (sum, object) => join(sum, isSequence(object) ? elementsOf(object) : objectValue(object)),
    inner.isOpen ? inner : bottom,
  );
}

const byName = new Map([...Object.entries(shared), ['then', promised] as const]);

/** Whether the language brings a method of this name. */
export function isMethodIntrinsic(name: string): boolean {
  return byName.has(name);
}

/** Result of a method that the language brings, undefined where the name says nothing. */
export function methodIntrinsic(call: MethodCall): Value | undefined {
  const intrinsic = byName.get(call.name);
  if (intrinsic === undefined) return undefined;
  const isUntouched = call.receiver.objects.length === 0 && call.receiver.taints.length === 0 && call.receiver.isOpen;
  if (isUntouched && call.name === 'get') return joinUnknown(call);
  return intrinsic(call);
}

/** A method of something unknown that may hand on its arguments. */
function joinUnknown(call: MethodCall): Value | undefined {
  const fallback = call.args.plain[1];
  if (fallback?.objects.some((object) => object.closure !== undefined)) return undefined;
  return fallback === undefined ? unknown : join(unknown, fallback);
}
