import type { Instruction } from '../ir/instruction.js';
import type { AbstractObject } from './abstract-object.js';
import { classMember, externalBases, storeField } from './access.js';
import type { Activation } from './activation.js';
import { callValue } from './calls.js';
import { type Args, type CallContext, type CallResult, plainArgs } from './engine-types.js';
import { callExternal } from './external-calls.js';
import { noRefinement } from './state.js';
import { withStep } from './traces.js';
import { bottom, objectValue, unknown, type Value } from './value.js';

/** Makes the class of a `class` instruction. Its methods learn which class they belong to. */
export function makeClass(at: Activation, instruction: Instruction): Value {
  const info = instruction.classInfo;
  if (info === undefined) return unknown;
  const made = at.allocate(instruction, 'class', info.name);
  const methods = new Map<string, Value>();
  const getters = new Map<string, Value>();
  const setters = new Map<string, Value>();
  for (const member of info.members) {
    const first = member.isStatic ? undefined : member.kind === 'classMethod' ? 'class' : 'instance';
    const value = member.kind === 'value' ? at.read(member.slot) : ownedBy(made, at.read(member.slot), first);
    if (member.kind === 'getter') getters.set(member.name, value);
    else if (member.kind === 'setter') setters.set(member.name, value);
    else if (member.kind !== 'value') methods.set(member.name, value);
    else made.fields.set(member.name, value);
  }
  made.shape = {
    info,
    module: at.closure.module,
    bases: info.bases.map((slot) => at.read(slot)),
    methods,
    getters,
    setters,
    initializers: info.initializers.map((slot) => ownedBy(made, at.read(slot), 'instance')),
    annotated: info.annotated.map(({ name, slot }) => ({ name, value: slot < 0 ? bottom : at.read(slot) })),
  };
  made.module = at.closure.module;
  return objectValue(made);
}

function ownedBy(home: AbstractObject, value: Value, firstArgument: 'instance' | 'class' | undefined): Value {
  for (const object of value.objects) {
    if (object.closure !== undefined && object.closure.home === undefined)
      object.closure = { ...object.closure, home, ...(firstArgument && { firstArgument }) };
  }
  return value;
}

/** Runs the initialisers of a class and its bases on a new object, the bases' first. */
function initialize(at: Activation, home: AbstractObject, self: Value, context: CallContext, depth = 0): void {
  if (home.shape === undefined || depth > 16) return;
  for (const base of home.shape.bases)
    for (const object of base.objects) initialize(at, object, self, context, depth + 1);
  for (const initializer of home.shape.initializers) callValue(at, initializer, self, plainArgs(), context);
}

/** Makes an instance of a class. */
export function construct(at: Activation, home: AbstractObject, args: Args, context: CallContext): CallResult {
  const made = context.allocate('instance', `new ${home.id}`);
  made.parent = home;
  const self = objectValue(made);
  initialize(at, home, self, context);
  const initializer = classMember(home, 'constructor') ?? classMember(home, '__init__');
  const result: CallResult = { value: self, thrown: bottom, refined: noRefinement, isNever: false };
  if (initializer !== undefined) return { ...callValue(at, initializer.value, self, args, context), value: self };
  const bases = externalBases(home);
  for (const path of bases.paths) callExternal(at, path, bottom, args, context);
  const annotated = annotatedFields(home);
  if (annotated.length > 0) fillAnnotated(at, made, annotated, args, context);
  return result;
}

function annotatedFields(home: AbstractObject, depth = 0): { name: string; value: Value }[] {
  if (home.shape === undefined || depth > 16) return [];
  const inherited = home.shape.bases.flatMap((base) =>
    base.objects.flatMap((object) => annotatedFields(object, depth + 1)),
  );
  return [
    ...inherited.filter((field) => !home.shape?.annotated.some((own) => own.name === field.name)),
    ...home.shape.annotated,
  ];
}

/** A dataclass stores its arguments under the names of its annotated fields. */
function fillAnnotated(
  at: Activation,
  made: AbstractObject,
  fields: { name: string; value: Value }[],
  args: Args,
  context: CallContext,
): void {
  fields.forEach(({ name, value: fallback }, position) => {
    const given = args.named.get(name) ?? args.plain[position] ?? args.namedRest ?? args.spread;
    const value = given ?? (fallback === bottom ? unknown : fallback);
    storeField(
      at.engine,
      objectValue(made),
      name,
      withStep(value, 'store', context.site, `stored as ${name}`),
      context.region,
    );
  });
}

/** What `super` means in a method of a class. */
export function superTargets(
  home: AbstractObject | undefined,
  name: string,
): { members: Value[]; externals: string[] } {
  const members: Value[] = [];
  const externals: string[] = [];
  for (const base of home?.shape?.bases ?? []) {
    for (const object of base.objects) {
      if (object.kind === 'external') externals.push(object.name);
      const member =
        classMember(object, name === '' ? 'constructor' : name) ??
        (name === '' ? classMember(object, '__init__') : undefined);
      if (member !== undefined) members.push(member.value);
      else externals.push(...externalBases(object).paths);
    }
  }
  return { members, externals };
}
