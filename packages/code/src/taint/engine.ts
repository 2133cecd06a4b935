import type { IrFunction, IrModule } from '../ir/module.js';
import { AbstractObject, type Closure, type ObjectKind } from './abstract-object.js';
import { Activation } from './activation.js';
import { bindParameters } from './bind-parameters.js';
import { type Args, type CallContext, type CallResult, plainArgs, type Site } from './engine-types.js';
import { MemoTable } from './memo.js';
import type { ModelIndex } from './models/model-index.js';
import { SinkReports } from './sink-reports.js';
import { reportPage } from './sinks.js';
import { noRefinement } from './state.js';
import { outsiderDangers, type TaintSource } from './taint.js';
import { bottom, join, joinTaints, objectValue, unknown, unknownString, type Value, withValue } from './value.js';

/** Finds the file that a module name means, undefined for what lies outside. */
export type ModuleResolver = (fromFile: string, specifier: string) => string | undefined;

/** Bounds of one analysis, in steps (instructions carried out), so that they are the same on every machine. */
export interface EngineLimits {
  readonly maxSteps: number;
  readonly maxStepsPerEntry: number;
  readonly maxDepth: number;
  /** Contexts in which one function is looked at separately; further ones share a merged look. */
  readonly maxContexts: number;
}

const defaultEngineLimits: EngineLimits = {
  maxSteps: 12_000_000,
  maxStepsPerEntry: 500_000,
  maxDepth: 36,
  maxContexts: 24,
};

interface EngineOptions {
  readonly modules: ReadonlyMap<string, IrModule>;
  readonly resolve: ModuleResolver;
  readonly models: ModelIndex;
  readonly limits?: EngineLimits;
}

interface PendingEntry {
  readonly callee: Value;
  readonly self: Value;
  readonly args: Args;
  readonly site: Site;
  readonly returnsPage: boolean;
}

interface MergedLook {
  args: Value[];
  self: Value;
  result: CallResult;
  rounds: number;
  isRunning: boolean;
}

interface FunctionRecord {
  contexts: number;
  /** Contexts in which outsiders' data came in; they have a bound of their own, lest test data use up all looks. */
  taintedContexts: number;
  active: number;
  merged: MergedLook | undefined;
}

const maxMergedRounds = 12;

/** The class through which a class method was called. */
function classOf(home: AbstractObject, self: Value): Value {
  const classes = self.objects.flatMap((object) =>
    object.kind === 'class' ? [object] : object.parent?.kind === 'class' ? [object.parent] : [],
  );
  return objectValue(...(classes.length === 0 ? [home] : classes));
}

/** A Python method called through an instance gets it as first argument; called through its class, it was passed already. */
function withReceiver(closure: Closure, self: Value, args: Args): Args {
  if (closure.module.language !== 'python' || closure.home === undefined) return args;
  const isInstance = self.objects.some((object) => object.kind === 'instance');
  if (closure.firstArgument === 'instance' && !isInstance) return args;
  if (closure.firstArgument === undefined) return args;
  const receiver = closure.firstArgument === 'class' ? classOf(closure.home, self) : self;
  const start = args.spans[0]?.start ?? 0;
  return { ...args, plain: [receiver, ...args.plain], spans: [{ start, end: start }, ...args.spans] };
}

/** Whether outsiders' data is in a value or directly inside of what it refers to. */
function carriesTaint(value: Value): boolean {
  if (value.taints.length > 0) return true;
  return value.objects.some((object) => {
    if (object.kind === 'external') return object.name.startsWith('#');
    if (object.elements.taints.length > 0) return true;
    for (const field of object.fields.values()) if (field.taints.length > 0) return true;
    return false;
  });
}

const unknownResult = (value: Value): CallResult => ({ value, thrown: bottom, refined: noRefinement, isNever: false });

/**
 * Runs a program abstractly: modules in order, then the callbacks that models name as entries, then every function that
 * nothing called. A function is run once for each different set of abstract arguments and its outcome is remembered as
 * its summary for these; past a bound its contexts are merged.
 */
export class Engine {
  readonly modules: ReadonlyMap<string, IrModule>;
  readonly resolve: ModuleResolver;
  readonly models: ModelIndex;
  readonly limits: EngineLimits;
  readonly reports = new SinkReports();
  /** Caller to callees, as seen while running. */
  readonly edges = new Map<IrFunction, Set<IrFunction>>();
  readonly moduleOf = new Map<IrFunction, IrModule>();
  /** Files whose analysis was cut short. */
  readonly exhausted = new Set<string>();
  readonly #externals = new Map<string, AbstractObject>();
  readonly #moduleObjects = new Map<string, AbstractObject>();
  readonly #environments = new Map<string, AbstractObject>();
  readonly #evaluated = new Set<string>();
  readonly #records = new Map<IrFunction, FunctionRecord>();
  readonly #closures = new Map<IrFunction, AbstractObject>();
  readonly #instances = new Map<AbstractObject, AbstractObject>();
  readonly #queue: PendingEntry[] = [];
  readonly #queued = new Set<string>();
  readonly #keys = new Map<string, number>();
  readonly #sources = new Map<string, TaintSource>();
  readonly memo = new MemoTable();
  #nextId = 1;
  #nextRegion = 1;
  #steps = 0;
  #entrySteps = 0;

  constructor(options: EngineOptions) {
    this.modules = options.modules;
    this.resolve = options.resolve;
    this.models = options.models;
    this.limits = options.limits ?? defaultEngineLimits;
    for (const module of this.modules.values()) for (const fn of module.functions) this.moduleOf.set(fn, module);
  }

  /** Analyses everything. */
  run(): void {
    const files = [...this.modules.keys()];
    const isTest = (file: string): boolean =>
      /(?:^|\/)(?:tests?|__tests__|spec)\/|[._-](?:test|spec)\.\w+$|(?:^|\/)test_/.test(file);
    // Tests call the program with data of their own; what they cannot add is left to the end.
    for (const group of [files.filter((file) => !isTest(file)), files.filter(isTest)]) {
      for (const file of group) {
        this.#entrySteps = 0;
        this.evaluateModule(file);
      }
      this.#drain();
      for (const file of group) this.#runUncalledOf(this.modules.get(file) as IrModule);
    }
  }

  #runUncalledOf(module: IrModule): void {
    for (const fn of module.functions) this.#runUncalled(module, fn);
    this.#drain();
  }

  /** Steps carried out so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Counts a step; false where the budget is used up. */
  step(module: IrModule): boolean {
    this.#steps += 1;
    this.#entrySteps += 1;
    if (this.#steps <= this.limits.maxSteps && this.#entrySteps <= this.limits.maxStepsPerEntry) return true;
    this.exhausted.add(module.file);
    return false;
  }

  /** Counts work that is no instruction, such as the merge of large states. */
  charge(steps: number): void {
    this.#steps += steps;
    this.#entrySteps += steps;
  }

  newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  newRegion(): number {
    this.#nextRegion += 1;
    return this.#nextRegion;
  }

  allocate(kind: ObjectKind, name = ''): AbstractObject {
    return new AbstractObject(this.newId(), kind, name);
  }

  /** The object that stands for a path outside the analysed files. */
  external(path: string): AbstractObject {
    const short = path.length > 160 ? '<far>' : path;
    const known = this.#externals.get(short);
    if (known !== undefined) return known;
    const made = this.allocate('external', short);
    this.#externals.set(short, made);
    return made;
  }

  /** A stable number for a tainted value's identity. */
  keyFor(text: string): number {
    const known = this.#keys.get(text);
    if (known !== undefined) return known;
    this.#keys.set(text, this.#keys.size + 1);
    return this.#keys.size;
  }

  /** A value of an outsider. */
  tainted(
    label: string,
    site: Site,
    options: { isLocal?: boolean | undefined; identity: string; type?: Value; dangers?: number | undefined },
  ): Value {
    const place = `${label}\0${site.module.file}\0${site.start}`;
    let source = this.#sources.get(place);
    if (source === undefined) {
      const { start, end } = site;
      source = {
        id: this.#sources.size,
        label,
        file: site.module.file,
        start,
        end,
        isRemote: options.isLocal !== true,
      };
      this.#sources.set(place, source);
    }
    const trace = {
      before: undefined,
      kind: 'source' as const,
      file: site.module.file,
      start: site.start,
      end: site.end,
      note: `${label} enters here`,
      length: 1,
      call: undefined,
    };
    return withValue(options.type ?? unknown, {
      taints: [{ source, dangers: options.dangers ?? outsiderDangers, trace }],
      key: this.keyFor(`source ${options.identity}`),
    });
  }

  /** The environment that holds a module's own names. */
  environmentOf(file: string): AbstractObject {
    const known = this.#environments.get(file);
    if (known !== undefined) return known;
    const environment = this.allocate('environment', file);
    environment.module = this.modules.get(file);
    this.#environments.set(file, environment);
    return environment;
  }

  /** The object that stands for a module as a whole. */
  moduleObject(file: string): AbstractObject {
    const known = this.#moduleObjects.get(file);
    if (known !== undefined) return known;
    const made = this.allocate('module', file);
    made.module = this.modules.get(file);
    this.#moduleObjects.set(file, made);
    return made;
  }

  /** Runs a module's body once. */
  evaluateModule(file: string): void {
    if (this.#evaluated.has(file)) return;
    this.#evaluated.add(file);
    const module = this.modules.get(file) as IrModule;
    const body = module.functions[0] as IrFunction;
    const closure: Closure = {
      module,
      fn: body,
      environment: this.environmentOf(file),
      lexicalThis: undefined,
      home: undefined,
    };
    const site = { module, start: 0, end: 0, api: file };
    const activation = new Activation(this, closure, { self: bottom, region: this.newRegion(), depth: 1, site });
    this.#recordOf(body).contexts += 1;
    activation.run([], noRefinement);
  }

  /** Remembers a closure, in case that nothing calls its function. */
  register(object: AbstractObject): void {
    const fn = object.closure?.fn;
    if (fn !== undefined && !this.#closures.has(fn)) this.#closures.set(fn, object);
  }

  /** Remembers a call to be made once all modules have run. */
  enqueue(entry: PendingEntry): void {
    const identity = `${entry.callee.objects.map((object) => object.id).join(' ')}|${entry.site.module.file}:${entry.site.start}`;
    if (this.#queued.has(identity)) return;
    this.#queued.add(identity);
    this.#queue.push(entry);
  }

  #drain(): void {
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      this.#entrySteps = 0;
      for (const object of entry.callee.objects) {
        if (object.closure === undefined) continue;
        const { value } = this.callClosure(object, entry.self, entry.args, this.rootContext(entry.site));
        if (entry.returnsPage) reportPage(this, object.closure, value);
      }
    }
  }

  /** A context for calls that no source spells out. */
  rootContext(site: Site): CallContext {
    return {
      site,
      refined: noRefinement,
      region: this.newRegion(),
      depth: 1,
      instruction: undefined,
      allocate: (kind) => this.allocate(kind),
    };
  }

  #runUncalled(module: IrModule, fn: IrFunction): void {
    if ((this.#records.get(fn)?.contexts ?? 0) > 0) return;
    const closure = this.#closures.get(fn);
    if (closure === undefined) return;
    this.#entrySteps = 0;
    const site = { module, start: fn.start, end: fn.start, api: fn.name };
    const home = closure.closure?.home;
    const self = home === undefined ? unknown : objectValue(this.instanceOf(home, site));
    this.callClosure(closure, self, plainArgs(), { ...this.rootContext(site) }, true);
  }

  /** An instance of a class that nobody constructed in the analysed code. */
  instanceOf(home: AbstractObject, site: Site): AbstractObject {
    const known = this.#instances.get(home);
    if (known !== undefined) return known;
    const made = this.allocate('instance', home.name);
    made.parent = home;
    made.isSummary = true;
    this.#instances.set(home, made);
    const construct = home.shape?.methods.get('constructor') ?? home.shape?.methods.get('__init__');
    for (const initializer of home.shape?.initializers ?? []) {
      for (const object of initializer.objects)
        this.callClosure(object, objectValue(made), plainArgs(), this.rootContext(site));
    }
    for (const object of construct?.objects ?? []) {
      if (object.closure !== undefined)
        this.callClosure(object, objectValue(made), plainArgs(), this.rootContext(site), true);
    }
    return made;
  }

  #recordOf(fn: IrFunction): FunctionRecord {
    let record = this.#records.get(fn);
    if (record === undefined) {
      record = { contexts: 0, taintedContexts: 0, active: 0, merged: undefined };
      this.#records.set(fn, record);
    }
    return record;
  }

  /** Records that one function may call another. */
  addEdge(caller: IrFunction, callee: IrFunction): void {
    const callees = this.edges.get(caller);
    if (callees === undefined) this.edges.set(caller, new Set([callee]));
    else callees.add(callee);
  }

  /** Calls a closure; `isRoot` means that nothing is known of its arguments. */
  callClosure(object: AbstractObject, self: Value, args: Args, context: CallContext, isRoot = false): CallResult {
    this.charge(20);
    const closure = object.closure as Closure;
    const record = this.#recordOf(closure.fn);
    const values = bindParameters(this, closure, withReceiver(closure, self, args), { context, isRoot, self });
    const thisValue = closure.lexicalThis ?? self;
    const isTainted = thisValue.taints.length > 0 || values.some(carriesTaint);
    if (context.depth > this.limits.maxDepth || record.active >= (isTainted ? 3 : 2)) {
      return unknownResult(this.#blend(values, thisValue));
    }
    const signature = this.memo.signature(closure, thisValue, values, context.refined);
    const known = signature === undefined ? undefined : this.memo.find(closure.fn, signature);
    if (known !== undefined) return known;
    const used = isTainted ? record.taintedContexts : record.contexts - record.taintedContexts;
    // What a constructor stores into a new instance would be lost in a merged look.
    const isConstructor = closure.fn.name === '__init__' || closure.fn.name === 'constructor';
    if (used >= this.limits.maxContexts * (isConstructor ? 8 : 1) && !isRoot)
      return this.#callMerged(closure, record, thisValue, values, context);
    record.contexts += 1;
    if (isTainted) record.taintedContexts += 1;
    const result = this.#runClosure(closure, record, thisValue, values, context);
    if (signature !== undefined && record.active === 0) this.memo.add(closure.fn, signature, result, this.#nextId);
    return result;
  }

  #runClosure(
    closure: Closure,
    record: FunctionRecord,
    self: Value,
    values: readonly Value[],
    context: CallContext,
  ): CallResult {
    record.active += 1;
    const activation = new Activation(this, closure, {
      self,
      region: context.region,
      depth: context.depth + 1,
      site: context.site,
    });
    const result = activation.run(values, context.refined);
    record.active -= 1;
    return result;
  }

  /** Past the bound of contexts all further calls share one look at the function, with their arguments joined. */
  #callMerged(
    closure: Closure,
    record: FunctionRecord,
    self: Value,
    values: readonly Value[],
    context: CallContext,
  ): CallResult {
    const merged: MergedLook = record.merged ?? {
      args: values.map(() => bottom),
      self: bottom,
      result: unknownResult(this.#blend(values, self)),
      rounds: 0,
      isRunning: false,
    };
    record.merged = merged;
    const grow = (): boolean => {
      const args = values.map((value, index) => join(merged.args[index] ?? bottom, value));
      const joinedSelf = join(merged.self, self);
      const isNew = joinedSelf !== merged.self || args.some((value, index) => value !== merged.args[index]);
      if (isNew) merged.args = args;
      merged.self = joinedSelf;
      return isNew;
    };
    if (!grow() || merged.isRunning) return merged.result;
    merged.isRunning = true;
    let before: Value[] | undefined;
    while (before !== merged.args && merged.rounds < maxMergedRounds) {
      before = merged.args;
      merged.rounds += 1;
      const result = this.#runClosure(closure, record, merged.self, merged.args, context);
      merged.result = { ...result, refined: noRefinement, isNever: false };
    }
    merged.isRunning = false;
    return merged.result;
  }

  /** What is known of a call that is not followed: anything, with the taint of what goes in. */
  #blend(values: readonly Value[], self: Value): Value {
    const taints = values.reduce((sum, value) => joinTaints(sum, value.taints), self.taints);
    return taints.length === 0 ? unknown : withValue(unknown, { taints });
  }

  /** A text of unknown content with the taint of others. */
  textFrom(...values: readonly Value[]): Value {
    const taints = values.reduce<Value['taints']>((sum, value) => joinTaints(sum, value.taints), []);
    return withValue(unknownString, { taints });
  }
}
