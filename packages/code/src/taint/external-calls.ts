import { elementsOf, partOf } from './access.js';
import type { Activation } from './activation.js';
import { callValue } from './calls.js';
import { type Args, type CallContext, plainArgs } from './engine-types.js';
import { functionIntrinsic } from './intrinsics/functions.js';
import { methodIntrinsic } from './intrinsics/methods.js';
import type { CallbackModel, CleanModel } from './models/schema.js';
import { checkSinks } from './sinks.js';
import { sourceOptions, typeValue } from './sources.js';
import { dangerBits } from './taint.js';
import { withoutDangers, withStep } from './traces.js';
import {
  anyType,
  join,
  joinTaints,
  objectValue,
  singleConstant,
  trait,
  unknown,
  unknownBoolean,
  unknownNumber,
  unknownString,
  type Value,
  withValue,
} from './value.js';

/** All arguments of a call, plain and named. */
export function allArgs(args: Args): Value[] {
  const extra = [args.spread, args.namedRest].filter((value) => value !== undefined);
  return [...args.plain, ...args.named.values(), ...extra];
}

/** Taint of a value and of what it directly holds. */
export function deepTaints(value: Value, depth = 2): Value['taints'] {
  if (depth === 0) return value.taints;
  return value.objects.reduce((sum, object) => {
    if (object.kind === 'external' || object.closure !== undefined) return sum;
    return joinTaints(sum, joinTaints(object.keyTaint, deepTaints(elementsOf(object), depth - 1)));
  }, value.taints);
}

/** Calls a function outside the analysed files: sinks are checked, then what is known of its result applies. */
export function callExternal(at: Activation, path: string, self: Value, args: Args, context: CallContext): Value {
  const { models } = at.engine;
  for (const model of models.sinksOf(path)) checkSinks(at, model, { receiver: self, args, context, path });
  const callback = models.callbackOf(path);
  if (callback !== undefined) scheduleCallbacks(at, callback, args, context);
  const source = models.sourceOf(`${path}()`);
  if (source !== undefined)
    return at.engine.tainted(source.label, context.site, {
      ...sourceOptions(source),
      identity: `${path}() ${context.site.start}`,
    });
  const type = typeOfCall(at, path, self, args);
  if (type !== undefined)
    return withValue(objectValue(at.engine.external(type)), { taints: inputOf(self, args).taints });
  const clean = models.cleanOf(path);
  if (clean !== undefined) {
    if (callback === undefined) runCallbacks(at, args, context, []);
    return cleaned(clean, inputOf(self, args), path, at);
  }
  const known = functionIntrinsic({ at, path, receiver: self, args, context });
  if (known !== undefined) return known;
  const name = path.slice(path.lastIndexOf('.') + 1);
  const isMethod = self.objects.some((object) => object.kind === 'external');
  if (
    isMethod &&
    /^(?:then|catch|finally|call|apply|bind|format|join|items|get|pop|setdefault|split|decode|encode)$/.test(name)
  ) {
    const method = methodIntrinsic({ at, receiver: self, name, args, context });
    if (method !== undefined) return join(method, objectValue(at.engine.external(`${path}()`)));
  }
  if (callback === undefined) runCallbacks(at, args, context, []);
  const input = inputOf(self, args);
  const result = withValue(unknown, {
    objects: [at.engine.external(`${path}()`)],
    taints: input.taints,
    types: anyType,
  });
  return withStep(result, 'change', context.site, `goes through ${shortName(path)}`);
}

/** Type of what a call gives; a call may also make its receiver an instance of another type. */
function typeOfCall(at: Activation, path: string, self: Value, args: Args): string | undefined {
  const models = at.engine.models.typesOf(path).filter(({ when, unless }) => {
    if (unless !== undefined && isConstant(args.named.get(unless.keyword), [unless.value])) return false;
    if (when === undefined) return true;
    const value = typeof when.argument === 'string' ? args.named.get(when.argument) : args.plain[when.argument];
    return isConstant(value, when.values);
  });
  for (const model of models) if (model.isReceiver === true) becomeInstance(at, self, model.type);
  return models.find((model) => model.isReceiver !== true)?.type;
}

/** Whether a value is one of some constants, or something outside by such a name. */
function isConstant(value: Value | undefined, values: readonly string[]): boolean {
  if (value === undefined) return false;
  const single = singleConstant(value)?.constant;
  const name = value.objects.length === 1 ? value.objects[0]?.name : undefined;
  return values.includes(String(single).toLowerCase()) || (name !== undefined && values.includes(name));
}

/** From here on the slots that hold the receiver hold an instance of the type. */
function becomeInstance(at: Activation, self: Value, type: string): void {
  const [object] = self.objects;
  if (self.objects.length !== 1 || object?.kind !== 'external') return;
  const instance = objectValue(at.engine.external(type));
  at.state.slots.forEach((value, slot) => {
    if (value.objects.length === 1 && value.objects[0] === object) at.state.slots[slot] = instance;
  });
}

function shortName(path: string): string {
  return path.replace(/^#/, '').split('.').slice(-2).join('.');
}

function inputOf(self: Value, args: Args): Value {
  const taints = allArgs(args).reduce((sum, value) => joinTaints(sum, deepTaints(value)), self.taints);
  return withValue(unknown, { taints });
}

function cleaned(model: CleanModel, input: Value, path: string, at: Activation): Value {
  const results = { string: unknownString, number: unknownNumber, boolean: unknownBoolean, normalised: unknownString };
  const base = model.result === undefined ? unknown : results[model.result];
  if (model.clears === 'all') {
    const isHandle = model.result === undefined;
    return isHandle ? withValue(base, { objects: [at.engine.external(`${path}()`)] }) : base;
  }
  const traits = model.result === 'normalised' ? trait.normalised : 0;
  return withoutDangers(withValue(base, { taints: input.taints, traits }), dangerBits(model.clears));
}

/** Remembers the functions handed to a framework, with what it will call them with. */
function scheduleCallbacks(at: Activation, model: CallbackModel, args: Args, context: CallContext): void {
  for (const value of allArgs(args)) {
    for (const object of handlersIn(value)) {
      const { closure } = object;
      if (closure === undefined) continue;
      const isMethodLike = closure.firstArgument !== undefined;
      const label = model.label ?? 'the data of the request';
      const parameters = closure.fn.parameters.map((parameter, index) => {
        const type = model.parameters[Math.min(index, model.parameters.length - 1)] ?? 'unknown';
        const site = { ...context.site, module: closure.module, start: closure.fn.start, end: closure.fn.start };
        return typeValue(
          at.engine,
          isMethodLike && index === 0 ? 'unknown' : type,
          site,
          parameter.name === '' ? label : `${label} (${parameter.name})`,
        );
      });
      at.engine.enqueue({
        callee: objectValue(object),
        self: unknown,
        args: plainArgs(...parameters),
        site: context.site,
        returnsPage: model.returnsPage === true,
      });
    }
  }
}

/** A decorator of a framework hands its function over like any other callback. */
export function scheduleDecorated(at: Activation, path: string, target: Value, context: CallContext): void {
  const model = at.engine.models.callbackOf(path);
  if (model !== undefined) scheduleCallbacks(at, model, plainArgs(target), context);
}

function handlersIn(value: Value): Value['objects'] {
  return value.objects.flatMap((object) => {
    if (object.closure !== undefined) return [object];
    if (object.bound !== undefined) return object.bound.target.objects;
    const isHolder = object.kind === 'array' || object.kind === 'object';
    return isHolder ? elementsOf(object).objects.filter((inner) => inner.closure !== undefined) : [];
  });
}

/** Functions passed to something unknown may be called by it, with what it knows of outsiders. */
export function runCallbacks(at: Activation, args: Args, context: CallContext, taints: Value['taints']): void {
  for (const value of allArgs(args)) {
    const functions = value.objects.filter(
      (object) => object.closure !== undefined || object.bound !== undefined || object.name === 'resolve',
    );
    if (functions.length === 0) continue;
    const given = withValue(unknown, { taints });
    const count = functions[0]?.closure?.fn.parameters.length ?? 1;
    const values = Array.from({ length: count }, () => given);
    callValue(at, withValue(objectValue(...functions), {}), unknown, plainArgs(...values), context);
  }
}

/** A call of which nothing is known: whatever goes in may come out. */
export function callUnknown(at: Activation, callee: Value, self: Value, args: Args, context: CallContext): Value {
  runCallbacks(at, args, context, self.taints);
  const taints = allArgs(args).reduce(
    (sum, value) => joinTaints(sum, deepTaints(value)),
    joinTaints(self.taints, callee.taints),
  );
  if (taints.length === 0) return unknown;
  const onlySelf = args.plain.length === 0 && self.taints.length > 0;
  const whole = onlySelf ? partOf(at.engine, self, `${context.site.api}()`) : withValue(unknown, { taints });
  return withStep(whole, 'change', context.site, `goes through ${context.site.api || 'a call'}`);
}
