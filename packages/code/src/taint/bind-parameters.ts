import type { Parameter } from '../ir/module.js';
import type { Closure } from './abstract-object.js';
import type { Engine } from './engine.js';
import type { Args, CallContext } from './engine-types.js';
import { entryTypeOf } from './models/entries.js';
import { typeValue } from './sources.js';
import { withStep } from './traces.js';
import { bottom, constantValue, join, joinTaints, objectValue, unknown, type Value, withValue } from './value.js';

interface Binding {
  readonly context: CallContext;
  readonly isRoot: boolean;
  readonly self: Value;
}

/** Values for the parameters of a call, in the order of the parameters. */
export function bindParameters(engine: Engine, closure: Closure, args: Args, binding: Binding): Value[] {
  const { parameters } = closure.fn;
  if (binding.isRoot) {
    return parameters.map((parameter, index) =>
      index === 0 && closure.firstArgument === 'instance' && closure.module.language === 'python'
        ? binding.self
        : rootValue(engine, closure, parameter, binding),
    );
  }
  const { context } = binding;
  const call = { start: context.site.start, end: context.site.end, api: context.site.api };
  let position = 0;
  return parameters.map((parameter) => {
    const { value, span } = take(engine, parameter, args, position, parameters);
    if (parameter.kind === 'plain') position += 1;
    const site = span === undefined ? context.site : { ...context.site, ...span };
    const name = parameter.name === '' ? '' : ` as ${parameter.name}`;
    return withStep(value, 'argument', site, `passed to ${closure.fn.name}${name}`, call);
  });
}

interface Taken {
  readonly value: Value;
  readonly span: Args['spans'][number] | undefined;
}

function take(engine: Engine, parameter: Parameter, args: Args, position: number, all: readonly Parameter[]): Taken {
  switch (parameter.kind) {
    case 'rest':
      return { value: restValue(engine, args, position), span: args.spans[position] };
    case 'keywords':
      return { value: keywordsValue(engine, args, all), span: undefined };
    default: {
      const named = args.named.get(parameter.name);
      if (named !== undefined) return { value: named, span: undefined };
      const given = parameter.kind === 'plain' ? args.plain[position] : undefined;
      if (given !== undefined) return { value: given, span: args.spans[position] };
      const maybe = join(args.spread ?? bottom, args.namedRest ?? bottom);
      const missing = constantValue(undefined);
      return { value: maybe === bottom ? missing : join(maybe, missing), span: undefined };
    }
  }
}

function restValue(engine: Engine, args: Args, position: number): Value {
  const rest = engine.allocate('array', 'rest');
  const given = args.plain.slice(position);
  given.forEach((value, index) => {
    rest.fields.set(String(index), value);
  });
  if (args.spread === undefined) rest.size = given.length;
  else {
    rest.elements = args.spread;
    rest.hasUnknownKeys = true;
  }
  return withValue(objectValue(rest), {
    taints: given.reduce<Value['taints']>((sum, value) => joinTaints(sum, value.taints), []),
  });
}

function keywordsValue(engine: Engine, args: Args, all: readonly Parameter[]): Value {
  const rest = engine.allocate('map', 'keywords');
  for (const [name, value] of args.named) {
    if (!all.some((parameter) => parameter.name === name && parameter.kind !== 'keywords'))
      rest.fields.set(name, value);
  }
  if (args.namedRest !== undefined) {
    rest.elements = args.namedRest;
    rest.hasUnknownKeys = true;
  }
  return objectValue(rest);
}

/** What a parameter may hold when nothing is known of the caller: an instance of its declared type, or anything. */
function rootValue(engine: Engine, closure: Closure, parameter: Parameter, binding: Binding): Value {
  const type = entryTypeOf(closure, parameter);
  if (type !== undefined) return typeValue(engine, type, { ...binding.context.site, start: closure.fn.start });
  if (parameter.kind === 'rest' || parameter.kind === 'keywords') {
    const rest = engine.allocate(parameter.kind === 'rest' ? 'array' : 'map', 'rest');
    rest.elements = unknown;
    rest.hasUnknownKeys = true;
    return objectValue(rest);
  }
  return unknown;
}
