import type { Instruction } from '../ir/instruction.js';
import type { AbstractObject } from './abstract-object.js';
import { elementsOf, keysOf, loadField, loadIndex, partOf, storeField, storeIndex, storeUnknown } from './access.js';
import type { Activation } from './activation.js';
import { callInstruction } from './calls.js';
import { makeClass } from './classes.js';
import { comparisonGuard } from './guards.js';
import { importValue } from './module-exports.js';
import { binary, concatenate, isNumeric, unary } from './operators.js';
import { checkStore } from './prototype-sink.js';
import { externalValue } from './sources.js';
import { withStep } from './traces.js';
import {
  bottom,
  constantValue,
  join,
  joinTaints,
  objectValue,
  trait,
  unknown,
  unknownBoolean,
  unknownString,
  type Value,
  withValue,
} from './value.js';

/** Runs one instruction; false where nothing after it can be reached. */
export function execute(at: Activation, instruction: Instruction, block: number): boolean {
  switch (instruction.op) {
    case 'call':
    case 'callMethod':
    case 'superCall':
    case 'new':
    case 'decorate':
      return callInstruction(at, instruction);
    case 'storeField':
    case 'storeIndex':
    case 'storeCell':
    case 'merge':
      store(at, instruction);
      return true;
    default:
      at.write(instruction.dst, evaluate(at, instruction, block));
      return true;
  }
}

function evaluate(at: Activation, instruction: Instruction, block: number): Value {
  const { engine } = at;
  switch (instruction.op) {
    case 'const':
      return constantValue(instruction.value);
    case 'regex':
      return objectValue(literalObject(at, instruction, 'regex', instruction.name));
    case 'global':
      return globalValue(at, instruction);
    case 'import': {
      const name = String(instruction.value);
      return at.refine(importValue(engine, at.closure.module.file, instruction.name, name, at.siteAt(instruction)));
    }
    case 'this':
      return at.refine(at.self);
    case 'arguments':
      return unknown;
    case 'caught':
      return at.caughtIn(block);
    case 'move':
      return move(at, instruction);
    case 'unary':
      return unary(instruction.name, at.read(instruction.a));
    case 'binary':
      return evaluateBinary(at, instruction);
    case 'await':
      return at.read(instruction.a);
    case 'yield': {
      const value = at.read(instruction.a);
      const given =
        instruction.name === 'from' ? value.objects.reduce((sum, one) => join(sum, elementsOf(one)), bottom) : value;
      at.yielded = join(at.yielded, given);
      return unknown;
    }
    case 'template':
      return composed(at, instruction, concatenate(instruction.args.map((arg) => stringified(at, at.read(arg.slot)))));
    case 'list':
      return listValue(at, instruction);
    case 'dict': {
      const made = literalObject(at, instruction, instruction.name === 'dict' ? 'map' : 'object');
      made.mayBeEmpty = at.closure.module.language === 'python';
      return objectValue(made);
    }
    case 'loadField': {
      const context = at.contextAt(instruction, instruction.name);
      return at.refine(loadField(engine, at.read(instruction.a), instruction.name, context));
    }
    case 'loadIndex':
      return at.refine(
        loadIndex(engine, at.read(instruction.a), at.read(instruction.b), at.contextAt(instruction, '')),
      );
    case 'slice':
      return slice(at, instruction);
    case 'rest':
      return rest(at, instruction);
    case 'loadCell':
      return loadCell(at, instruction);
    case 'function':
      return closureValue(at, instruction);
    case 'class':
      return makeClass(at, instruction);
    case 'iterate':
      return at.refine(iterate(at, at.read(instruction.a), instruction));
    case 'hasNext':
      return hasNext(at.read(instruction.a));
    default:
      return unknown;
  }
}

function literalObject(
  at: Activation,
  instruction: Instruction,
  kind: 'object' | 'array' | 'tuple' | 'set' | 'map' | 'regex',
  name = '',
): AbstractObject {
  return at.allocate(instruction, kind, name);
}

function globalValue(at: Activation, instruction: Instruction): Value {
  const { name } = instruction;
  const { engine, closure } = at;
  if (name === '<self>') return at.closure.fn.index === 0 ? unknown : selfClosure(at);
  if (name === '<unknown>') return unknown;
  if (name === 'module' || name === 'exports') {
    if (closure.module.language !== 'python') {
      const record = moduleRecord(at);
      return name === 'module' ? objectValue(record) : (record.fields.get('exports') ?? unknown);
    }
  }
  if (name === '__name__') return join(constantValue('__main__'), constantValue('module'));
  return at.refine(externalValue(engine, name, at.siteAt(instruction)));
}

function selfClosure(at: Activation): Value {
  const made = at.engine.allocate('function', at.fn.name);
  made.closure = at.closure;
  return objectValue(made);
}

/** The CommonJS record of a module, made on first use. */
function moduleRecord(at: Activation): AbstractObject {
  const environment = at.engine.environmentOf(at.closure.module.file);
  const known = environment.fields.get('<module>')?.objects[0];
  if (known !== undefined) return known;
  const record = at.engine.allocate('object', 'module');
  const exported = at.engine.allocate('object', 'exports');
  record.fields.set('exports', objectValue(exported));
  environment.fields.set('<module>', objectValue(record));
  return record;
}

function move(at: Activation, instruction: Instruction): Value {
  const value = at.read(instruction.a);
  const name = at.fn.slotNames[instruction.dst];
  if (name === undefined || name === '' || value.taints.length === 0) return value;
  return withStep(value, 'assign', at.siteAt(instruction), `assigned to ${name}`);
}

/** What a value is inside a text: an object is spelled out by its own conversion. */
function stringified(at: Activation, value: Value): Value {
  if (value.objects.length === 0) return value;
  const inner = value.objects.reduce<Value['taints']>(
    (sum, object) =>
      object.kind === 'array' || object.kind === 'tuple' ? joinTaints(sum, elementsOf(object).taints) : sum,
    value.taints,
  );
  return at.refine(withValue(unknownString, { taints: inner, key: value.key }));
}

function composed(at: Activation, instruction: Instruction, value: Value): Value {
  return withStep(value, 'compose', at.siteAt(instruction), 'becomes part of a text');
}

function evaluateBinary(at: Activation, instruction: Instruction): Value {
  const a = at.read(instruction.a);
  const b = at.read(instruction.b);
  const { name } = instruction;
  const result = binary(name, a, b);
  const predicate = comparisonGuard(name, a, b);
  if (predicate !== undefined && result.constants === undefined) return withValue(result, { predicate });
  if (name === '%' && !isNumeric(a) && at.closure.module.language === 'python')
    return composed(at, instruction, formatted(at, a, b));
  if (name === '/' && at.closure.module.language === 'python' && !isNumeric(a))
    return joinedPath(at, instruction, a, b);
  if (name === '+' && a.objects.some(isList) && b.objects.some(isList)) return joinedList(at, instruction, a, b);
  if (name === '+' && result.taints.length > 0) return composed(at, instruction, result);
  return result;
}

const isList = (object: AbstractObject): boolean => object.kind === 'array' || object.kind === 'tuple';

/** Two lists one after the other; positions are given up. */
function joinedList(at: Activation, instruction: Instruction, a: Value, b: Value): Value {
  const made = at.allocate(instruction, 'array');
  for (const object of [...a.objects, ...b.objects])
    if (isList(object)) storeUnknown(at.engine, made, bottom, elementsOf(object));
  return withValue(objectValue(made), { taints: joinTaints(a.taints, b.taints) });
}

/** `pathlib` joins with a slash. */
function joinedPath(at: Activation, instruction: Instruction, a: Value, b: Value): Value {
  const value = withValue(unknown, {
    taints: joinTaints(a.taints, b.taints),
    text: concatenate([a, constantValue('/'), b]).text,
  });
  const path = at.engine.external('#pathlib.Path');
  return composed(at, instruction, withValue(value, { objects: [path], isOpen: false, types: 16, constants: [] }));
}

/** Python's `text % values`: conversions that only print numbers leave no text of an outsider. */
function formatted(at: Activation, a: Value, b: Value): Value {
  const format = a.text ?? '\0';
  const pieces = format.split(/(%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa])/);
  const parts: Value[] = [];
  let index = 0;
  for (const piece of pieces) {
    const conversion = /^%(?:\((\w+)\))?.*([a-zA-Z])$/.exec(piece);
    if (conversion === null) {
      parts.push(constantValue(piece.replaceAll('%%', '%')));
      continue;
    }
    const part = operandOf(at, b, conversion[1] ?? String(index));
    index += 1;
    parts.push(/[diouxXeEfFgGc]/.test(conversion[2] as string) ? withValue(unknownString, {}) : part);
  }
  const whole = concatenate(parts);
  return a.taints.length === 0 ? whole : withValue(whole, { taints: joinTaints(whole.taints, a.taints) });
}

function operandOf(at: Activation, operands: Value, key: string): Value {
  const isTuple =
    operands.objects.length > 0 && operands.objects.every((object) => object.kind === 'tuple' || object.kind === 'map');
  if (!isTuple) return stringified(at, operands);
  const part = operands.objects.reduce((sum, object) => join(sum, object.fields.get(key) ?? object.elements), bottom);
  return stringified(at, at.refine(part));
}

function listValue(at: Activation, instruction: Instruction): Value {
  const kind = instruction.name === 'tuple' ? 'tuple' : instruction.name === 'set' ? 'set' : 'array';
  const made = literalObject(at, instruction, kind);
  made.mayBeEmpty = at.closure.module.language === 'python' && instruction.args.length === 0;
  let taints: Value['taints'] = [];
  let isVariable = kind === 'set';
  let index = 0;
  for (const arg of instruction.args) {
    const value = at.read(arg.slot);
    if (arg.kind === 'spread' || isVariable) {
      const items = arg.kind === 'spread' ? iterate(at, value, instruction) : value;
      isVariable = true;
      storeUnknown(at.engine, made, bottom, items);
      taints = joinTaints(taints, items.taints);
    } else {
      const key = String(index);
      made.fields.set(key, made.isSummary ? join(made.fields.get(key) ?? bottom, value) : value);
      index += 1;
    }
  }
  made.size = isVariable ? undefined : index;
  return objectValue(made);
}

function slice(at: Activation, instruction: Instruction): Value {
  const value = at.read(instruction.a);
  const site = at.siteAt(instruction);
  const text = withValue(unknownString, {
    taints: value.taints,
    traits: (value.traits & ~trait.normalised) | (instruction.name === '1:-1' ? trait.inner : 0),
    about: value.key,
  });
  const cut = withStep(text, 'change', site, 'cut');
  if (value.objects.every((object) => object.kind === 'external')) return cut;
  const made = at.allocate(instruction, 'array');
  for (const object of value.objects) storeUnknown(at.engine, made, bottom, elementsOf(object));
  const list = withValue(objectValue(made), { taints: value.taints });
  return value.isOpen ? join(list, cut) : list;
}

function rest(at: Activation, instruction: Instruction): Value {
  const value = at.read(instruction.a);
  const made = at.allocate(instruction, instruction.name === 'array' ? 'array' : 'object');
  const from = typeof instruction.value === 'number' ? instruction.value : 0;
  const taken = typeof instruction.value === 'string' ? instruction.value.split('\0') : [];
  for (const object of value.objects) {
    for (const [key, field] of object.fields) {
      const isNumbered = /^\d+$/.test(key);
      if (instruction.name !== 'array') {
        if (!taken.includes(key)) made.fields.set(key, join(made.fields.get(key) ?? bottom, field));
      } else if (isNumbered && Number(key) >= from) {
        const shifted = String(Number(key) - from);
        made.fields.set(shifted, join(made.fields.get(shifted) ?? bottom, field));
      }
    }
    if (object.hasUnknownKeys)
      storeUnknown(at.engine, made, withValue(bottom, { taints: object.keyTaint }), object.elements);
  }
  const sizes = value.objects.map((object) => object.size);
  made.size = sizes.length === 1 && sizes[0] !== undefined ? Math.max(0, sizes[0] - from) : undefined;
  if (value.isOpen) storeUnknown(at.engine, made, value, partOf(at.engine, value, 'rest'));
  return objectValue(made);
}

function loadCell(at: Activation, instruction: Instruction): Value {
  const environment = at.environmentUp(instruction.a);
  const value = environment.fields.get(instruction.name);
  if (value !== undefined) return at.refine(value);
  // Not assigned yet on any way seen so far: nothing for a variable of this module, anything for a global.
  return environment.module === undefined ? constantValue(undefined) : pythonFallback(at, instruction);
}

function pythonFallback(at: Activation, instruction: Instruction): Value {
  const { module } = at.closure;
  if (module.language !== 'python') return constantValue(undefined);
  for (const from of module.starExports) {
    const value = importValue(at.engine, module.file, from, instruction.name, at.siteAt(instruction));
    if (value !== unknown && !value.objects.some((object) => object.kind === 'external')) return value;
  }
  return externalValue(at.engine, instruction.name, at.siteAt(instruction));
}

function closureValue(at: Activation, instruction: Instruction): Value {
  const fn = at.closure.module.functions[instruction.target];
  if (fn === undefined) return unknown;
  const known = at.allocate(instruction, 'function', fn.name);
  if (known.closure === undefined) {
    known.closure = {
      module: at.closure.module,
      fn,
      environment: at.environment,
      lexicalThis: fn.hasLexicalThis ? at.self : undefined,
      home: fn.hasLexicalThis ? at.closure.home : undefined,
    };
    at.engine.register(known);
  }
  return objectValue(known);
}

/** One element of what is iterated: of a sequence its items, of a mapping its keys. */
export function iterate(at: Activation, value: Value, instruction: Instruction): Value {
  const { engine } = at;
  let result = bottom;
  const isKeys = instruction.op === 'iterate' && instruction.name === 'keys';
  for (const object of value.objects) {
    const isMapping = object.kind === 'map' && at.closure.module.language === 'python';
    if (object.kind === 'external')
      result = join(result, externalValue(engine, `${object.name}.[]`, at.siteAt(instruction)));
    else if (isKeys || isMapping) result = join(result, keysOf(object));
    else if (object.kind === 'map') result = join(result, entryOf(at, object, instruction));
    else result = join(result, elementsOf(object));
  }
  if (value.isOpen || value.constants === undefined) {
    const part = partOf(engine, value, '[*]');
    result = join(result, isKeys ? withValue(part, { types: 1, isOpen: false }) : part);
  }
  if (value.constants?.some((one) => typeof one === 'string')) result = join(result, unknownString);
  return result === bottom ? unknown : result;
}

function entryOf(at: Activation, object: AbstractObject, instruction: Instruction): Value {
  const entry = at.contextAt(instruction, '').allocate('tuple', `entry ${object.id}`);
  entry.fields.set('0', keysOf(object));
  entry.fields.set('1', elementsOf(object));
  entry.size = 2;
  return objectValue(entry);
}

function hasNext(value: Value): Value {
  const isEmpty =
    !value.isOpen &&
    value.objects.length > 0 &&
    value.objects.every((object) => object.size === 0 && !object.hasUnknownKeys);
  return isEmpty ? constantValue(false) : unknownBoolean;
}

function store(at: Activation, instruction: Instruction): void {
  const { engine } = at;
  const region = at.isRepeated ? -1 : at.region;
  switch (instruction.op) {
    case 'storeCell': {
      const environment = at.environmentUp(instruction.a);
      const raw = at.read(instruction.b);
      const value = withStep(raw, 'assign', at.siteAt(instruction), `assigned to ${instruction.name}`);
      storeField(engine, objectValue(environment), instruction.name, value, region);
      break;
    }
    case 'storeField': {
      const value = at.read(instruction.b);
      const site = at.siteAt(instruction);
      const stored = instruction.name === '' ? value : withStep(value, 'store', site, `stored as ${instruction.name}`);
      const receiver = at.read(instruction.a);
      storeField(engine, receiver, instruction.name, stored, region);
      checkStore(at, instruction, { receiver, key: constantValue(instruction.name), value });
      break;
    }
    case 'storeIndex': {
      const [receiver, key, value] = [at.read(instruction.a), at.read(instruction.b), at.read(instruction.c)];
      storeIndex(engine, receiver, key, withStep(value, 'store', at.siteAt(instruction), 'stored'), region);
      if (instruction.name !== 'literal') checkStore(at, instruction, { receiver, key, value });
      break;
    }
    default:
      merge(at, at.read(instruction.a), at.read(instruction.b), region);
  }
}

/** Copies the fields of one value's objects into another's. */
export function merge(at: Activation, target: Value, source: Value, region: number): void {
  for (const object of source.objects) {
    if (object.kind === 'external') continue;
    for (const [key, value] of object.fields) storeField(at.engine, target, key, value, region);
    if (!object.hasUnknownKeys) continue;
    const keys = withValue(unknownString, { taints: object.keyTaint });
    for (const into of target.objects) storeUnknown(at.engine, into, keys, object.elements);
  }
  if (source.isOpen || source.objects.some((object) => object.kind === 'external')) {
    const part = partOf(at.engine, source, '*');
    for (const into of target.objects) storeUnknown(at.engine, into, source, part);
  }
}
