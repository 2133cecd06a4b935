import { flowOf, successorsOf } from '../ir/flow.js';
import type { Block, Instruction } from '../ir/instruction.js';
import type { IrFunction } from '../ir/module.js';
import type { AbstractObject, Closure, ObjectKind } from './abstract-object.js';
import type { Engine } from './engine.js';
import type { CallContext, CallResult, Site } from './engine-types.js';
import { execute } from './execute.js';
import {
  addRefinements,
  copyState,
  emptyState,
  joinState,
  meetOutcomes,
  meetRefinements,
  noRefinement,
  type Outcome,
  predicateOf,
  type Refinement,
  type State,
} from './state.js';
import { withoutDangers, withStep } from './traces.js';
import {
  bottom,
  constantValue,
  join,
  objectValue,
  singleConstant,
  truthOf,
  typeBit,
  unknown,
  type Value,
  withValue,
} from './value.js';

interface Frame {
  readonly self: Value;
  readonly region: number;
  readonly depth: number;
  readonly site: Site;
}

const maxVisits = 24;
/** Visits after which a block's literals are given up, so that loops over numbers end. */
const widenAfter = 6;

/** One abstract run of a function: the blocks in order, each again as long as what flows into it grows. */
export class Activation {
  readonly engine: Engine;
  readonly closure: Closure;
  readonly fn: IrFunction;
  readonly self: Value;
  readonly frame: Frame;
  readonly environment: AbstractObject;
  state: State;
  /** What `yield` has given so far. */
  yielded: Value = bottom;
  /** What the calls of the present block throw. */
  thrown: Value = bottom;
  region: number;
  isRepeated = false;
  readonly #objects = new Map<Instruction, AbstractObject>();
  readonly #tagged = new Map<string, AbstractObject>();
  readonly #states: (State | undefined)[] = [];
  readonly #visits: number[] = [];
  readonly #caught = new Map<number, Value>();
  readonly #regions = new Map<number, number>();
  #returned: Value = bottom;
  #escaped: Value = bottom;
  #outcome: Outcome | undefined;
  #exitRefined: Refinement | undefined;

  constructor(engine: Engine, closure: Closure, frame: Frame) {
    this.engine = engine;
    this.closure = closure;
    this.fn = closure.fn;
    this.self = frame.self;
    this.frame = frame;
    this.region = frame.region;
    const isBody = closure.fn.index === 0;
    this.environment = isBody ? closure.environment : engine.allocate('environment', closure.fn.name);
    if (!isBody) {
      this.environment.parent = closure.environment;
      this.environment.region = frame.region;
    }
    this.state = emptyState(0, noRefinement);
  }

  /** Runs the function on the values of its parameters. */
  run(values: readonly Value[], refined: Refinement): CallResult {
    const flow = flowOf(this.fn);
    const start = emptyState(this.fn.slotCount, refined);
    this.fn.parameters.forEach((parameter, index) => {
      start.slots[parameter.slot] = values[index] ?? bottom;
    });
    this.#states[0] = start;
    const pending = new Uint8Array(flow.order.length);
    pending[flow.position[0] as number] = 1;
    for (let at = pending.indexOf(1); at >= 0; at = pending.indexOf(1)) {
      pending[at] = 0;
      const block = flow.order[at] as number;
      const visits = (this.#visits[block] ?? 0) + 1;
      this.#visits[block] = visits;
      if (visits > maxVisits) continue;
      this.isRepeated = visits > 1;
      this.region = flow.isCertain[block] === 1 ? this.frame.region : this.#regionOf(block);
      for (const next of this.#runBlock(block, visits)) pending[flow.position[next] as number] = 1;
    }
    return this.#result();
  }

  #regionOf(block: number): number {
    const known = this.#regions.get(block);
    if (known !== undefined) return known;
    const made = this.engine.newRegion();
    this.#regions.set(block, made);
    return made;
  }

  #result(): CallResult {
    const exits = this.#returned !== bottom;
    let value = this.#returned;
    if (this.fn.isGenerator) {
      const made = this.engine.allocate('array', 'generator');
      made.elements = this.yielded;
      made.hasUnknownKeys = true;
      value = withValue(objectValue(made), { taints: this.yielded.taints });
    } else if (this.#outcome !== undefined && (value.types & ~typeBit.boolean) === 0) {
      const { whenTrue, whenFalse } = this.#outcome;
      value = withValue(value, {
        predicate: { whenTrue: whenTrue ?? noRefinement, whenFalse: whenFalse ?? noRefinement },
      });
    }
    return {
      value,
      thrown: this.#escaped,
      refined: this.#exitRefined ?? noRefinement,
      isNever: !exits && !this.fn.isGenerator && this.fn.index !== 0,
    };
  }

  /** Runs a block and returns the blocks whose incoming state changed. */
  #runBlock(index: number, visits: number): number[] {
    const block = this.fn.blocks[index] as Block;
    this.engine.charge(this.fn.slotCount >> 3);
    this.state = copyState(this.#states[index] as State);
    if (visits > widenAfter) this.#widen();
    this.thrown = bottom;
    const changed: number[] = [];
    if (block.handler >= 0 && this.#flow(block.handler, this.state)) changed.push(block.handler);
    let isStopped = false;
    for (const instruction of block.instructions) {
      if (!this.engine.step(this.closure.module) || !execute(this, instruction, index)) {
        isStopped = true;
        break;
      }
    }
    this.#pass(block.handler, this.thrown, changed);
    if (block.handler >= 0 && this.#flow(block.handler, this.state)) changed.push(block.handler);
    if (!isStopped) this.#leave(block, changed);
    return changed;
  }

  /** Hands a thrown value to the handler around, or out of the function. */
  #pass(handler: number, thrown: Value, changed: number[]): void {
    if (thrown === bottom) return;
    if (handler < 0) {
      this.#escaped = join(this.#escaped, thrown);
      return;
    }
    const before = this.#caught.get(handler) ?? bottom;
    const after = join(before, thrown);
    if (after === before) return;
    this.#caught.set(handler, after);
    changed.push(handler);
  }

  /** What the handler of a block has caught so far. */
  caughtIn(block: number): Value {
    return join(this.#caught.get(block) ?? bottom, unknown);
  }

  #leave(block: Block, changed: number[]): void {
    const { terminator } = block;
    switch (terminator.kind) {
      case 'return':
        this.#return(terminator.value, terminator);
        break;
      case 'stop':
        this.#finish(constantValue(undefined), this.state.refined, undefined);
        break;
      case 'throw':
        if (block.handler >= 0 && this.#flow(block.handler, this.state)) changed.push(block.handler);
        this.#pass(block.handler, this.read(terminator.value), changed);
        break;
      case 'branch':
        this.#branch(terminator, changed);
        break;
      case 'jump':
        for (const next of successorsOf(terminator)) if (this.#flow(next, this.state)) changed.push(next);
    }
  }

  #branch(terminator: { test: number; yes: number; no: number }, changed: number[]): void {
    const test = this.read(terminator.test);
    const truth = truthOf(test);
    const { predicate } = test;
    for (const [target, isTaken, refined] of [
      [terminator.yes, truth !== false, predicate?.whenTrue],
      [terminator.no, truth !== true, predicate?.whenFalse],
    ] as const) {
      if (!isTaken) continue;
      const isYes = target === terminator.yes;
      const next = copyState(this.state);
      next.refined = refined === undefined ? next.refined : addRefinements(next.refined, refined);
      next.slots[terminator.test] = narrow(next.slots[terminator.test] as Value, isYes);
      if (this.#flow(target, next)) changed.push(target);
    }
  }

  #return(slot: number, span: { start: number; end: number }): void {
    const raw = this.read(slot);
    const site = { ...this.siteAt(span), start: span.start, end: span.end };
    const value = withStep(raw, 'return', site, `returned from ${this.fn.name}`);
    this.#finish(value, this.state.refined, raw);
  }

  #finish(value: Value, refined: Refinement, raw: Value | undefined): void {
    this.#returned = join(this.#returned, value);
    this.#exitRefined = this.#exitRefined === undefined ? refined : meetRefinements(this.#exitRefined, refined);
    const truth = raw === undefined ? false : truthOf(raw);
    this.#outcome = meetOutcomes(this.#outcome, predicateOf(truth, refined, raw?.predicate));
  }

  /** Merges a state into a block's; true where the block has to run again. */
  #flow(block: number, state: State): boolean {
    const known = this.#states[block];
    if (known === undefined) {
      this.#states[block] = copyState(state);
      return true;
    }
    return joinState(known, state);
  }

  #widen(): void {
    const { slots } = this.state;
    for (let slot = 0; slot < slots.length; slot += 1) {
      const value = slots[slot] as Value;
      if (value.constants !== undefined && value.constants.length > 1) {
        slots[slot] = withValue(value, { constants: undefined, text: undefined });
      }
    }
  }

  /** Present value of a slot, without the dangers that checks on the way have ruled out. */
  read(slot: number): Value {
    let value = this.state.slots[slot] as Value;
    if (value.taints.length === 0) return value;
    if (value.key === 0) {
      value = withValue(value, { key: this.engine.keyFor(`slot ${this.environment.id} ${slot}`) });
      this.state.slots[slot] = value;
    }
    return this.refine(value);
  }

  /** A value without the dangers that checks on the way have ruled out for it. */
  refine(value: Value): Value {
    const cleared = this.state.refined.get(value.key);
    return cleared === undefined ? value : withoutDangers(value, cleared);
  }

  write(slot: number, value: Value): void {
    if (slot >= 0) this.state.slots[slot] = value;
  }

  siteAt(span: { readonly start: number; readonly end: number }, api = ''): Site {
    return { module: this.closure.module, start: span.start, end: span.end, api };
  }

  /** The object that an instruction makes; in a loop it stands for all of them. */
  allocate(instruction: Instruction, kind: ObjectKind, name = ''): AbstractObject {
    const known = this.#objects.get(instruction);
    if (known !== undefined) {
      known.isSummary = true;
      return known;
    }
    const made = this.engine.allocate(kind, name);
    made.region = this.region;
    this.#objects.set(instruction, made);
    return made;
  }

  /** What a call at an instruction needs to know. */
  contextAt(instruction: Instruction, api: string): CallContext {
    return {
      site: this.siteAt(instruction, api),
      refined: this.state.refined,
      region: this.isRepeated ? this.engine.newRegion() : this.region,
      depth: this.frame.depth,
      instruction,
      allocate: (kind, tag) => {
        const key = `${instruction.start} ${instruction.dst} ${tag}`;
        const known = this.#tagged.get(key);
        if (known !== undefined) {
          known.isSummary = true;
          return known;
        }
        const made = this.engine.allocate(kind, tag);
        made.region = this.region;
        this.#tagged.set(key, made);
        return made;
      },
    };
  }

  /** The environment some levels up. */
  environmentUp(hops: number): AbstractObject {
    let environment = this.environment;
    for (let i = 0; i < hops; i += 1) environment = environment.parent ?? environment;
    return environment;
  }
}

/** A tested value on the branch where it was true or false. */
function narrow(value: Value, isTrue: boolean): Value {
  if (value.constants === undefined) {
    const isBoolean = (value.types & ~typeBit.boolean) === 0;
    if (isBoolean) return withValue(value, { constants: [isTrue], predicate: undefined });
    return isTrue ? withValue(value, { types: value.types & ~typeBit.nullish }) : value;
  }
  if (singleConstant(value) !== undefined) return value;
  const constants = value.constants.filter((one) => Boolean(one) === isTrue);
  if (isTrue)
    return withValue(value, {
      constants,
      types: constants.length === 0 ? value.types & ~typeBit.nullish : value.types,
    });
  return withValue(value, { constants, objects: value.objects.filter((object) => object.mayBeEmpty) });
}
