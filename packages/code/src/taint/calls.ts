import type { CallArgument, Instruction } from '../ir/instruction.js';
import type { AbstractObject } from './abstract-object.js';
import { classMember, elementsOf, externalBases, fieldOf, loadField } from './access.js';
import type { Activation } from './activation.js';
import { construct, superTargets } from './classes.js';
import type { Args, CallContext, CallResult } from './engine-types.js';
import { plainArgs } from './engine-types.js';
import { iterate } from './execute.js';
import { callExternal, callUnknown, scheduleDecorated } from './external-calls.js';
import { isMethodIntrinsic, methodIntrinsic } from './intrinsics/methods.js';
import { checkMethodSinks } from './sinks.js';
import { slotHints } from './slot-hints.js';
import { addRefinements, meetRefinements, noRefinement, type Refinement } from './state.js';
import {
  bottom,
  constantValue,
  join,
  joinTaints,
  objectValue,
  typeBit,
  unknown,
  type Value,
  withValue,
} from './value.js';

/** Collects the outcomes of all functions that one call may mean. */
class Outcomes {
  value: Value = bottom;
  thrown: Value = bottom;
  #refined: Refinement | undefined;
  #returns = false;
  #isEmpty = true;

  add(result: CallResult): void {
    this.#isEmpty = false;
    this.value = join(this.value, result.value);
    this.thrown = join(this.thrown, result.thrown);
    if (result.isNever) return;
    this.#returns = true;
    this.#refined = this.#refined === undefined ? result.refined : meetRefinements(this.#refined, result.refined);
  }

  addValue(value: Value): void {
    this.add({ value, thrown: bottom, refined: noRefinement, isNever: false });
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  result(): CallResult {
    return {
      value: this.value,
      thrown: this.thrown,
      refined: this.#refined ?? noRefinement,
      isNever: !this.#returns && !this.#isEmpty,
    };
  }
}

/** Arguments of a call instruction. */
function readArgs(at: Activation, args: readonly CallArgument[], instruction: Instruction): Args {
  const plain: Value[] = [];
  const spans: { start: number; end: number }[] = [];
  const named = new Map<string, Value>();
  let spread: Value | undefined;
  let namedRest: Value | undefined;
  for (const arg of args) {
    const value = at.read(arg.slot);
    if (arg.kind === 'keyword') named.set(arg.name, value);
    else if (arg.kind === 'keywords') {
      for (const object of value.objects) for (const [name, field] of object.fields) named.set(name, field);
      const isWild =
        value.isOpen || value.objects.some((object) => object.hasUnknownKeys || object.kind === 'external');
      if (isWild) namedRest = join(namedRest ?? bottom, withValue(unknown, { taints: value.taints }));
    } else if (arg.kind === 'spread') spread = addSpread(at, value, { plain, spans, spread, instruction });
    else if (spread === undefined) {
      plain.push(value);
      spans.push({ start: arg.start, end: arg.end });
    } else spread = join(spread, value);
  }
  return { plain, spans, spread, named, namedRest };
}

interface Spreading {
  readonly plain: Value[];
  readonly spans: { start: number; end: number }[];
  readonly spread: Value | undefined;
  readonly instruction: Instruction;
}

/** A sequence of known length is passed item by item. */
function addSpread(at: Activation, value: Value, to: Spreading): Value | undefined {
  const object = value.objects[0];
  const isExact =
    to.spread === undefined &&
    value.objects.length === 1 &&
    !value.isOpen &&
    object?.size !== undefined &&
    !object.hasUnknownKeys;
  if (!isExact) return join(to.spread ?? bottom, iterate(at, value, to.instruction));
  for (let index = 0; index < (object.size as number); index += 1) {
    to.plain.push(object.fields.get(String(index)) ?? unknown);
    to.spans.push({ start: to.instruction.start, end: to.instruction.end });
  }
  return undefined;
}

/** Runs a call instruction; false where it never returns. */
export function callInstruction(at: Activation, instruction: Instruction): boolean {
  const names = slotHints(at.fn);
  const args = readArgs(at, instruction.args, instruction);
  const receiverName = names[instruction.a] ?? '';
  let result: CallResult;
  switch (instruction.op) {
    case 'callMethod': {
      const api = receiverName === '' ? instruction.name : `${receiverName}.${instruction.name}`;
      result = callMethod(at, at.read(instruction.a), instruction.name, args, at.contextAt(instruction, api));
      break;
    }
    case 'new':
      result = callValue(
        at,
        at.read(instruction.a),
        constantValue(undefined),
        args,
        at.contextAt(instruction, receiverName),
        true,
      );
      break;
    case 'superCall':
      result = callSuper(at, instruction, args);
      break;
    case 'decorate':
      result = decorate(at, instruction, receiverName);
      break;
    default: {
      const self = instruction.b >= 0 ? at.read(instruction.b) : constantValue(undefined);
      const context = at.contextAt(instruction, receiverName);
      result = callValue(at, at.read(instruction.a), self, args, context);
      if (instruction.name === 'tagged' && result.value.isOpen)
        result = { ...result, value: withValue(result.value, { taints: [] }) };
    }
  }
  at.thrown = join(at.thrown, result.thrown);
  if (result.isNever) return false;
  at.state.refined = addRefinements(at.state.refined, result.refined);
  at.write(instruction.dst, at.refine(result.value));
  return true;
}

/** Calls whatever a value may be. */
export function callValue(
  at: Activation,
  callee: Value,
  self: Value,
  args: Args,
  context: CallContext,
  isNew = false,
): CallResult {
  const outcomes = new Outcomes();
  for (const object of callee.objects) callObject(at, object, self, args, context, isNew, outcomes);
  const isUnknown = callee.isOpen && callee.objects.every((object) => object.kind !== 'external');
  if (isUnknown || outcomes.isEmpty) outcomes.addValue(callUnknown(at, callee, self, args, context));
  return outcomes.result();
}

function callObject(
  at: Activation,
  object: AbstractObject,
  self: Value,
  args: Args,
  context: CallContext,
  isNew: boolean,
  outcomes: Outcomes,
): void {
  const { engine } = at;
  if (object.closure !== undefined) {
    engine.addEdge(at.fn, object.closure.fn);
    if (isNew) {
      const made = context.allocate('instance', `new ${object.id}`);
      made.parent = object;
      const result = engine.callClosure(object, objectValue(made), args, context);
      outcomes.add({
        ...result,
        value: result.value.objects.length > 0 ? join(result.value, objectValue(made)) : objectValue(made),
      });
    } else outcomes.add(engine.callClosure(object, self, args, context));
  } else if (object.bound !== undefined) {
    const { target, receiver, args: first } = object.bound;
    outcomes.add(callValue(at, target, receiver, prepend(first, args), context));
  } else if (object.kind === 'class') outcomes.add(construct(at, object, args, context));
  else if (object.kind === 'external') outcomes.addValue(callExternal(at, object.name, self, args, context));
  else if (object.kind === 'instance' && object.parent !== undefined) {
    const member = classMember(object.parent, '__call__');
    if (member !== undefined) outcomes.add(callValue(at, member.value, objectValue(object), args, context));
  } else if (object.name === 'resolve') {
    object.elements = join(object.elements, args.plain[0] ?? constantValue(undefined));
    outcomes.addValue(constantValue(undefined));
  }
}

function prepend(first: readonly Value[], args: Args): Args {
  if (first.length === 0) return args;
  return { ...args, plain: [...first, ...args.plain], spans: [] };
}

/** Calls a method of whatever a value may be. */
function callMethod(at: Activation, receiver: Value, name: string, args: Args, context: CallContext): CallResult {
  const outcomes = new Outcomes();
  checkMethodSinks(at, receiver, name, args, context);
  for (const object of receiver.objects) {
    const found = methodOf(at, object, name, context);
    const self = withValue(receiver, { objects: [object], isOpen: false, constants: [], types: typeBit.object });
    if (found !== undefined) {
      outcomes.add(callValue(at, found, self, args, context));
      continue;
    }
    // Data of an outsider with an unknown part: its methods are those of texts and lists.
    if (object.kind === 'external' && receiver.isOpen && receiver.taints.length > 0 && isMethodIntrinsic(name))
      continue;
    if (object.kind === 'external') outcomes.addValue(callExternal(at, `${object.name}.${name}`, self, args, context));
    else
      outcomes.addValue(
        intrinsicOrUnknown(
          at,
          withValue(objectValue(object), { taints: receiver.taints, key: receiver.key }),
          name,
          args,
          context,
        ),
      );
  }
  const hasPrimitive =
    receiver.constants === undefined || receiver.constants.some((one) => one !== null && one !== undefined);
  const isExternal = receiver.objects.some((object) => object.kind === 'external');
  const isPart = isExternal && receiver.taints.length > 0 && receiver.isOpen;
  if (((hasPrimitive || receiver.isOpen) && !isExternal) || isPart || outcomes.isEmpty) {
    outcomes.addValue(intrinsicOrUnknown(at, withValue(receiver, { objects: [] }), name, args, context));
  }
  return outcomes.result();
}

function intrinsicOrUnknown(at: Activation, receiver: Value, name: string, args: Args, context: CallContext): Value {
  return methodIntrinsic({ at, receiver, name, args, context }) ?? callUnknown(at, unknown, receiver, args, context);
}

/** The function under a method's name, undefined where only intrinsics or models can tell. */
function methodOf(at: Activation, object: AbstractObject, name: string, context: CallContext): Value | undefined {
  const own = object.fields.get(name);
  if (own !== undefined) return own;
  switch (object.kind) {
    case 'instance': {
      if (object.parent === undefined) return undefined;
      const member = classMember(object.parent, name);
      if (member !== undefined)
        return member.isGetter ? loadField(at.engine, objectValue(object), name, context) : member.value;
      const base = externalBases(object.parent).paths[0];
      return base === undefined ? undefined : objectValue(at.engine.external(`${base}().${name}`));
    }
    case 'class': {
      const member = classMember(object, name);
      return member?.value;
    }
    case 'module':
      return fieldOf(at.engine, object, name, context);
    case 'object':
    case 'map':
      return object.hasUnknownKeys && object.elements.objects.some((one) => one.closure !== undefined)
        ? elementsOf(object)
        : undefined;
    default:
      return undefined;
  }
}

function callSuper(at: Activation, instruction: Instruction, args: Args): CallResult {
  const context = at.contextAt(instruction, `super.${instruction.name}`);
  const outcomes = new Outcomes();
  const targets = superTargets(at.closure.home, instruction.name);
  for (const target of targets.members) outcomes.add(callValue(at, target, at.self, args, context));
  for (const path of targets.externals)
    outcomes.addValue(callExternal(at, `${path}().${instruction.name || 'constructor'}`, at.self, args, context));
  if (outcomes.isEmpty) {
    const taints = args.plain.reduce<Value['taints']>((sum, value) => joinTaints(sum, value.taints), []);
    outcomes.addValue(withValue(unknown, { taints }));
  }
  return outcomes.result();
}

/** A decorator of which nothing is known leaves its function as it was. */
function decorate(at: Activation, instruction: Instruction, name: string): CallResult {
  const decorator = at.read(instruction.a);
  const target = at.read(instruction.b);
  const context = at.contextAt(instruction, name);
  const known = decorator.objects.filter(
    (object) => object.closure !== undefined || object.bound !== undefined || object.kind === 'class',
  );
  if (known.length > 0)
    return callValue(
      at,
      withValue(decorator, { objects: known, isOpen: false }),
      constantValue(undefined),
      plainArgs(target),
      context,
    );
  const paths = decorator.objects.filter((object) => object.kind === 'external').map((object) => object.name);
  for (const path of paths.length === 0 ? [`<unknown>.${name}()`] : paths) scheduleDecorated(at, path, target, context);
  return { value: target, thrown: bottom, refined: noRefinement, isNever: false };
}
