import { elementsOf, partOf, storeField, storeUnknown } from '../access.js';
import { callValue } from '../calls.js';
import { plainArgs } from '../engine-types.js';
import { iterate, merge } from '../execute.js';
import { allArgs, deepTaints } from '../external-calls.js';
import { guardOf, membershipGuard, patternGuard } from '../guards.js';
import { isNumeric } from '../operators.js';
import { allDangers, danger, dangerBits } from '../taint.js';
import { withoutDangers, withStep } from '../traces.js';
import {
  bottom,
  constantValue,
  join,
  joinTaints,
  objectValue,
  singleConstant,
  singleString,
  trait,
  unknown,
  unknownBoolean,
  unknownNumber,
  unknownString,
  type Value,
  withValue,
} from '../value.js';
import { sectionOptions, textBuffer } from './buffers.js';
import type { Intrinsic, IntrinsicCall } from './intrinsic.js';
import { methodIntrinsic } from './methods.js';

interface FunctionCall extends IntrinsicCall {
  readonly path: string;
}

const argument = (call: IntrinsicCall, position: number): Value =>
  call.args.plain[position] ?? call.args.spread ?? constantValue(undefined);

/** Calls a method of the first argument, for functions that are methods in disguise. */
const asMethod =
  (name: string): Intrinsic =>
  (call) =>
    methodIntrinsic({
      ...call,
      name,
      receiver: argument(call, 0),
      args: { ...call.args, plain: call.args.plain.slice(1), spans: call.args.spans.slice(1) },
    });

function number(call: IntrinsicCall): Value {
  const single = singleConstant(argument(call, 0))?.constant;
  if (typeof single === 'string' && /^-?\d+$/.test(single)) return constantValue(Number(single));
  return typeof single === 'number' ? constantValue(single) : unknownNumber;
}

function string(call: IntrinsicCall): Value {
  const value = argument(call, 0);
  const single = singleConstant(value)?.constant;
  if (single !== undefined && single !== null) return constantValue(String(single));
  if (isNumeric(value)) return unknownString;
  const taints = value.objects.length === 0 ? value.taints : deepTaints(value);
  return withValue(unknownString, { taints, text: value.text, key: value.key, traits: value.traits });
}

/** Paths: what was resolved holds no `..` any more, but may still lie anywhere. */
function joinedPath(call: IntrinsicCall): Value {
  const parts = call.args.plain;
  const taints = allArgs(call.args).reduce((sum, value) => joinTaints(sum, value.taints), call.receiver.taints);
  const text = parts.every((part) => singleString(part) !== undefined)
    ? parts.map((part) => singleString(part)).join('/')
    : undefined;
  if (text !== undefined && taints.length === 0) return constantValue(text);
  return withStep(
    withoutDangers(withValue(unknownString, { taints, traits: trait.normalised }), danger.digest),
    'compose',
    call.context.site,
    'becomes part of a path',
  );
}

/** One path made absolute: a check of it is a check of what was given. */
function absolutePath(call: IntrinsicCall): Value {
  const [given] = call.args.plain;
  const value = joinedPath(call);
  return given === undefined || call.args.plain.length > 1 ? value : withValue(value, { about: given.key });
}

/** Helpers that tell whether a path lies in a folder; those that do not resolve it need a path that was resolved. */
const insideOf =
  (resolves: boolean): Intrinsic =>
  (call) => {
    const path = argument(call, 0);
    const root = argument(call, 1);
    const isSound = root.taints.length === 0 && (resolves || (path.traits & trait.normalised) !== 0);
    const predicate = isSound ? guardOf(path, dangerBits(['path']), 0) : undefined;
    return predicate === undefined ? unknownBoolean : withValue(unknownBoolean, { predicate });
  };

/** The last part of a path names a file of whatever folder it is put into. */
function baseName(call: IntrinsicCall): Value {
  return withoutDangers(call.at.engine.textFrom(argument(call, 0)), dangerBits(['path']));
}

function relativePath(call: IntrinsicCall): Value {
  const target = argument(call, 1);
  return withValue(call.at.engine.textFrom(argument(call, 0), target), { about: target.key });
}

function parseJson(call: IntrinsicCall): Value {
  const value = argument(call, 0);
  if (value.taints.length === 0) return unknown;
  const key = value.key === 0 ? 0 : call.at.engine.keyFor(`${value.key} parsed`);
  return withStep(withValue(unknown, { taints: value.taints, key }), 'change', call.context.site, 'is parsed as JSON');
}

function printJson(call: IntrinsicCall): Value {
  const taints = deepTaints(argument(call, 0), 3);
  return withoutDangers(withValue(unknownString, { taints }), dangerBits(['html', 'header', 'path']));
}

function objectEntries(method: string): Intrinsic {
  return (call) => methodIntrinsic({ ...call, name: method, receiver: argument(call, 0), args: plainArgs() });
}

function valueList(call: IntrinsicCall): Value {
  const source = argument(call, 0);
  const made = call.context.allocate('array', 'values');
  const element = source.objects.reduce(
    (sum, object) => join(sum, elementsOf(object)),
    source.isOpen ? partOf(call.at.engine, source, '*') : bottom,
  );
  storeUnknown(call.at.engine, made, bottom, element);
  return objectValue(made);
}

function assign(call: IntrinsicCall): Value {
  const [target, ...sources] = call.args.plain;
  if (target === undefined) return unknown;
  for (const source of sources) merge(call.at, target, source, -1);
  if (call.args.spread !== undefined) merge(call.at, target, call.args.spread, -1);
  return target;
}

function fromEntries(call: IntrinsicCall): Value {
  const source = argument(call, 0);
  const made = call.context.allocate('object', 'entries');
  for (const list of source.objects) {
    for (const entry of elementsOf(list).objects) {
      const key = entry.fields.get('0') ?? unknownString;
      storeUnknown(call.at.engine, made, key, entry.fields.get('1') ?? elementsOf(entry));
    }
  }
  const taints = deepTaints(source, 3);
  if (source.isOpen || source.objects.some((object) => object.kind === 'external')) {
    const part = withValue(unknown, {
      taints,
      key: source.key === 0 ? 0 : call.at.engine.keyFor(`${source.key} entries`),
    });
    return source.objects.length === 0 || made.fields.size === 0
      ? withStep(part, 'change', call.context.site, 'is turned into an object')
      : join(objectValue(made), part);
  }
  return objectValue(made);
}

function createObject(call: IntrinsicCall): Value {
  const made = call.context.allocate('object', 'create');
  made.hasNoPrototype = singleConstant(argument(call, 0))?.constant === null;
  return objectValue(made);
}

function collection(kind: 'map' | 'set' | 'array'): Intrinsic {
  return (call) => {
    const made = call.context.allocate(kind, kind);
    const source = call.args.plain[0];
    const instruction = call.context.instruction;
    if (source !== undefined && instruction !== undefined) fill(call, made, source, kind);
    else if (kind === 'array') made.size = 0;
    return withValue(objectValue(made), { taints: kind === 'array' && source !== undefined ? source.taints : [] });
  };
}

function fill(
  call: IntrinsicCall,
  made: ReturnType<IntrinsicCall['context']['allocate']>,
  source: Value,
  kind: string,
): void {
  const { engine } = call.at;
  const instruction = call.context.instruction;
  if (instruction === undefined) return;
  if (kind !== 'map') {
    const [object] = source.objects;
    if (source.objects.length === 1 && object?.size !== undefined && !object.hasUnknownKeys && !source.isOpen) {
      for (const [key, value] of object.fields) storeField(engine, objectValue(made), key, value, made.region);
      made.size = object.size;
    } else if (source.isOpen || source.objects.length > 0 || source.constants === undefined) {
      storeUnknown(engine, made, bottom, iterate(call.at, source, { ...instruction, op: 'iterate', name: 'values' }));
    }
    return;
  }
  for (const list of source.objects) {
    if (list.kind === 'map' || list.kind === 'object') merge(call.at, objectValue(made), objectValue(list), -1);
    for (const entry of elementsOf(list).objects) {
      const key = entry.fields.get('0') ?? unknownString;
      const value = entry.fields.get('1') ?? elementsOf(entry);
      const single = singleConstant(key)?.constant;
      if (single === undefined) storeUnknown(engine, made, key, value);
      else storeField(engine, objectValue(made), String(single), value, -1);
    }
  }
  if (source.isOpen || source.objects.some((object) => object.kind === 'external')) {
    const part = withValue(unknown, { taints: deepTaints(source) });
    storeUnknown(engine, made, withValue(unknownString, { taints: part.taints }), part);
  }
}

/** An array made of an iterable, with each item mapped where a function is given. */
function arrayFrom(call: IntrinsicCall): Value {
  const source = argument(call, 0);
  const mapper = call.args.plain[1];
  if (mapper === undefined || mapper.objects.length === 0) return collection('array')(call) ?? unknown;
  return methodIntrinsic({ ...call, name: 'map', receiver: source, args: plainArgs(mapper) }) ?? unknown;
}

function promise(call: IntrinsicCall): Value {
  const resolve = call.at.engine.allocate('object', 'resolve');
  const executor = argument(call, 0);
  callValue(call.at, executor, unknown, plainArgs(objectValue(resolve), unknown), call.context);
  return resolve.elements === bottom ? unknown : resolve.elements;
}

const defineProperty: Intrinsic = (call) => {
  const [target, key, descriptor] = call.args.plain;
  const name = key === undefined ? undefined : singleString(key);
  const value = descriptor?.objects.reduce((sum, object) => join(sum, object.fields.get('value') ?? bottom), bottom);
  if (target !== undefined && name !== undefined && value !== undefined)
    storeField(call.at.engine, target, name, value, -1);
  return target ?? unknown;
};

function regexOf(call: IntrinsicCall): Value {
  const text = singleString(argument(call, 0));
  if (text === undefined) return unknown;
  const made = call.at.engine.allocate('regex', `/${text}/`);
  return objectValue(made);
}

function matchText(mode: 'whole' | 'start' | 'search'): Intrinsic {
  return (call) => {
    const pattern = singleString(argument(call, 0));
    const subject = argument(call, 1);
    const result = partOf(call.at.engine, subject, 'match');
    const predicate = pattern === undefined ? undefined : patternGuard(subject, pattern, mode);
    return predicate === undefined ? result : withValue(result, { predicate });
  };
}

/** `re.sub(pattern, replacement, text)`. */
function substitute(call: IntrinsicCall): Value | undefined {
  const [pattern, replacement, subject] = call.args.plain;
  if (subject === undefined || pattern === undefined) return undefined;
  const text =
    singleString(pattern) ?? (pattern.objects[0]?.kind === 'regex' ? pattern.objects[0].name.slice(1, -1) : undefined);
  const regex = call.at.engine.allocate('regex', `/${text ?? '.'}/g`);
  return methodIntrinsic({
    ...call,
    name: 'replace',
    receiver: subject,
    args: plainArgs(objectValue(regex), replacement ?? unknown),
  });
}

function isInstance(call: IntrinsicCall): Value {
  const [value, type] = call.args.plain;
  const names = (type?.objects ?? [])
    .flatMap((object) => (object.kind === 'tuple' ? elementsOf(object).objects : [object]))
    .map((object) => object.name);
  const isHarmless =
    names.length > 0 &&
    names.every((name) => /^(?:int|float|bool|complex|datetime\.\w+|decimal\.Decimal|uuid\.UUID)$/.test(name));
  const predicate = value === undefined || !isHarmless ? undefined : guardOf(value, allDangers, 0);
  return predicate === undefined ? unknownBoolean : withValue(unknownBoolean, { predicate });
}

function zip(call: IntrinsicCall): Value {
  const entry = call.context.allocate('tuple', 'zip');
  const instruction = call.context.instruction;
  if (instruction === undefined) return unknown;
  call.args.plain.forEach((value, index) => {
    entry.fields.set(String(index), iterate(call.at, value, { ...instruction, op: 'iterate', name: 'values' }));
  });
  entry.size = call.args.plain.length;
  const made = call.context.allocate('array', 'zipped');
  storeUnknown(call.at.engine, made, bottom, objectValue(entry));
  return objectValue(made);
}

function enumerate(call: IntrinsicCall): Value {
  const instruction = call.context.instruction;
  if (instruction === undefined) return unknown;
  const entry = call.context.allocate('tuple', 'enumerated');
  entry.fields.set('0', unknownNumber);
  entry.fields.set('1', iterate(call.at, argument(call, 0), { ...instruction, op: 'iterate', name: 'values' }));
  entry.size = 2;
  const made = call.context.allocate('array', 'enumeration');
  storeUnknown(call.at.engine, made, bottom, objectValue(entry));
  return objectValue(made);
}

function getAttribute(call: IntrinsicCall): Value | undefined {
  const [receiver, name, fallback] = call.args.plain;
  const text = name === undefined ? undefined : singleString(name);
  if (receiver === undefined || text === undefined) return undefined;
  const value = receiver.objects.reduce(
    (sum, object) => join(sum, object.fields.get(text) ?? object.shape?.methods.get(text) ?? bottom),
    fallback ?? bottom,
  );
  return value === bottom ? unknown : value;
}

const setAttribute: Intrinsic = (call) => {
  const [receiver, name, value] = call.args.plain;
  const text = name === undefined ? undefined : singleString(name);
  if (receiver !== undefined && value !== undefined && text !== undefined)
    storeField(call.at.engine, receiver, text, value, -1);
  return constantValue(null);
};

const dictionary: Intrinsic = (call) => {
  const made = collection('map')(call) ?? unknown;
  for (const [name, value] of call.args.named) storeField(call.at.engine, made, name, value, -1);
  return made;
};

const sequenceOf: Intrinsic = (call) => collection('array')(call);

const iterateFirst: Intrinsic = (call) => {
  const instruction = call.context.instruction;
  return instruction === undefined
    ? unknown
    : iterate(call.at, argument(call, 0), { ...instruction, op: 'iterate', name: 'values' });
};

const mapped: Intrinsic = (call) =>
  methodIntrinsic({ ...call, name: 'map', receiver: argument(call, 1), args: plainArgs(argument(call, 0)) });
const filtered: Intrinsic = (call) =>
  methodIntrinsic({ ...call, name: 'filter', receiver: argument(call, 1), args: plainArgs(argument(call, 0)) });

const hasOwn: Intrinsic = (call) => {
  const predicate = membershipGuard(argument(call, 0), argument(call, 1));
  const own = guardOf(argument(call, 1), predicate?.whenTrue.size ? allDangers : dangerBits(['prototype']), 0);
  return own === undefined ? unknownBoolean : withValue(unknownBoolean, { predicate: own });
};

const boolean =
  (whenTrue: number, whenFalse: number): Intrinsic =>
  (call) => {
    const predicate = guardOf(argument(call, 0), whenTrue, whenFalse);
    return predicate === undefined ? unknownBoolean : withValue(unknownBoolean, { predicate });
  };

const numeric: Intrinsic = () => unknownNumber;
const emptyClean: Intrinsic = () => unknown;

/** An address taken apart: checks of its parts tell about the address. */
const parsedUrl: Intrinsic = (call) => {
  const [address, base] = call.args.plain;
  if (address === undefined) return undefined;
  const taints = joinTaints(address.taints, base?.taints ?? []);
  const key = address.key === 0 ? 0 : call.at.engine.keyFor(`${address.key} url`);
  return withStep(
    withValue(unknown, { taints, key, about: address.key }),
    'change',
    call.context.site,
    'is taken apart as a URL',
  );
};

/** A path made absolute: free of `..`, but anywhere. */
const resolved: Intrinsic = (call) =>
  withValue(call.receiver, { traits: call.receiver.traits | trait.normalised, key: 0 });

const functions: Readonly<Record<string, Intrinsic>> = {
  Number: number,
  parseInt: number,
  parseFloat: number,
  BigInt: number,
  'Number.parseInt': number,
  'Number.parseFloat': number,
  int: number,
  float: number,
  bool: () => unknownBoolean,
  Boolean: () => unknownBoolean,
  String: string,
  str: string,
  len: numeric,
  ord: numeric,
  hash: numeric,
  id: numeric,
  sum: numeric,
  'Number.isInteger': boolean(allDangers, 0),
  'Number.isSafeInteger': boolean(allDangers, 0),
  'Number.isFinite': boolean(allDangers, 0),
  isFinite: boolean(allDangers, 0),
  isNaN: boolean(0, allDangers),
  'Number.isNaN': () => unknownBoolean,
  'Array.isArray': () => unknownBoolean,
  'path.join': joinedPath,
  'path.resolve': absolutePath,
  'path.normalize': joinedPath,
  'path.posix.join': joinedPath,
  'path.posix.normalize': joinedPath,
  'os.path.join': (call) => withValue(joinedPath(call), { traits: 0 }),
  'os.path.abspath': absolutePath,
  'path-is-inside': insideOf(false),
  'is-path-inside': insideOf(true),
  'os.path.realpath': absolutePath,
  'os.path.normpath': joinedPath,
  'os.path.commonpath': (call) => commonPath(call),
  'os.path.commonprefix': (call) => commonPath(call),
  'path.basename': baseName,
  'path.posix.basename': baseName,
  'os.path.basename': baseName,
  'path.relative': relativePath,
  'JSON.parse': parseJson,
  'json.loads': parseJson,
  'JSON.stringify': printJson,
  'json.dumps': printJson,
  'Object.keys': objectEntries('keys'),
  'Object.getOwnPropertyNames': objectEntries('keys'),
  'Reflect.ownKeys': objectEntries('keys'),
  'Object.values': valueList,
  'Object.entries': objectEntries('entries'),
  'Object.assign': assign,
  'Object.fromEntries': fromEntries,
  'Object.create': createObject,
  'Object.freeze': (call) => argument(call, 0),
  'Object.seal': (call) => argument(call, 0),
  'Object.hasOwn': hasOwn,
  'Object.prototype.hasOwnProperty.call': hasOwn,
  'Object.defineProperty': defineProperty,
  'Array.from': arrayFrom,
  Array: collection('array'),
  Map: collection('map'),
  Set: collection('set'),
  set: collection('set'),
  frozenset: collection('set'),
  list: sequenceOf,
  tuple: sequenceOf,
  sorted: sequenceOf,
  reversed: sequenceOf,
  iter: (call) => argument(call, 0),
  next: iterateFirst,
  dict: dictionary,
  'collections.OrderedDict': dictionary,
  'collections.defaultdict': () => undefined,
  map: mapped,
  filter: filtered,
  zip,
  enumerate,
  isinstance: isInstance,
  getattr: getAttribute,
  setattr: setAttribute,
  Promise: promise,
  'Promise.resolve': (call) => argument(call, 0),
  'Promise.all': (call) => argument(call, 0),
  'Promise.allSettled': emptyClean,
  'Promise.race': iterateFirst,
  structuredClone: (call) => argument(call, 0),
  'copy.copy': (call) => argument(call, 0),
  'copy.deepcopy': (call) => argument(call, 0),
  RegExp: regexOf,
  're.compile': regexOf,
  're.fullmatch': matchText('whole'),
  're.match': matchText('start'),
  're.search': matchText('search'),
  're.sub': substitute,
  'str.join': asMethod('join'),
  'str.lower': asMethod('lower'),
  'Math.min': numeric,
  'Math.max': numeric,
  'Math.floor': numeric,
  'Date.now': numeric,
  URL: parsedUrl,
  'url.URL': parsedUrl,
  'urllib.parse.urlparse': parsedUrl,
  'urllib.parse.urlsplit': parsedUrl,
  '#pathlib.Path.resolve': resolved,
  '#pathlib.Path.absolute': (call) => call.receiver,
  '#pathlib.Path.expanduser': (call) => call.receiver,
  '#pathlib.Path.joinpath': (call) =>
    withValue(call.receiver, {
      taints: joinTaints(
        call.receiver.taints,
        call.args.plain.flatMap((value) => value.taints),
      ),
      traits: 0,
      key: 0,
    }),
  '#pathlib.Path.is_relative_to': (call) => methodIntrinsic({ ...call, name: 'is_relative_to' }),
  'io.StringIO': textBuffer,
  'configparser.ConfigParser': sectionOptions,
  'configparser.RawConfigParser': sectionOptions,
  print: () => constantValue(null),
  'functools.wraps': () => undefined,
};

function commonPath(call: IntrinsicCall): Value {
  const list = argument(call, 0);
  const tainted = list.objects
    .flatMap((object) => [...object.fields.values()])
    .find((value) => value.taints.length > 0);
  return withValue(unknownString, { about: tainted?.key ?? 0 });
}

const byPath = new Map(Object.entries(functions));
const prefixes = ['console.', 'Math.', 'math.', 'logging.'];

/** Result of a function that the language brings, undefined where its path says nothing. */
export function functionIntrinsic(call: FunctionCall): Value | undefined {
  const intrinsic = byPath.get(call.path);
  if (intrinsic !== undefined) return intrinsic(call);
  if (!prefixes.some((prefix) => call.path.startsWith(prefix))) return undefined;
  return call.path.startsWith('console.') || call.path.startsWith('logging.')
    ? constantValue(undefined)
    : unknownNumber;
}
