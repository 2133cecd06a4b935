import type { IrClass, IrFunction, IrModule } from '../ir/module.js';
import { bottom, type Value } from './value.js';

/** Kinds of abstract objects. An `external` stands for whatever lies outside the analysed files, named by its path. */
export type ObjectKind =
  | 'object'
  | 'array'
  | 'tuple'
  | 'set'
  | 'map'
  | 'instance'
  | 'function'
  | 'bound'
  | 'class'
  | 'module'
  | 'external'
  | 'regex'
  | 'environment';

/** A function closed over the environment of its birthplace. */
export interface Closure {
  readonly module: IrModule;
  readonly fn: IrFunction;
  readonly environment: AbstractObject;
  /** Value of `this` for arrow functions. */
  readonly lexicalThis: Value | undefined;
  /** Class that a method belongs to, for `super`. */
  readonly home: AbstractObject | undefined;
  /** What a Python method gets as its first argument. */
  readonly firstArgument?: 'instance' | 'class';
}

/** A class with its own members; bases in order. */
export interface ClassShape {
  readonly info: IrClass;
  readonly module: IrModule;
  readonly bases: readonly Value[];
  readonly getters: ReadonlyMap<string, Value>;
  readonly setters: ReadonlyMap<string, Value>;
  readonly methods: ReadonlyMap<string, Value>;
  readonly initializers: readonly Value[];
  /** Annotated fields with their defaults, in order, for dataclasses. */
  readonly annotated: readonly { readonly name: string; readonly value: Value }[];
}

/** An object of the abstract heap, named by where it was made. Its contents change as the program is run abstractly. */
export class AbstractObject {
  readonly id: number;
  readonly kind: ObjectKind;
  /** Path of an external, pattern of a regex, name of a function or class; else empty. */
  readonly name: string;
  /** Named fields, constant keys and indices. */
  readonly fields = new Map<string, Value>();
  /** What lies under keys that are not known. */
  elements: Value = bottom;
  /** Whether `elements` may be read under any key, also under those in `fields`. */
  hasUnknownKeys = false;
  /** Outsiders choose the keys. */
  keyTaint: Value['taints'] = [];
  /** What all fields together may hold, as of a version; large tables are asked for it again and again. */
  summary:
    | { readonly value: Value; readonly version: number; readonly size: number; readonly elements: Value }
    | undefined;
  /** Number of changes so far. */
  version = 0;
  /** Where it was made: stores from the same region replace, others add. */
  region = 0;
  /** Stands for several objects at run time, so nothing is ever replaced. */
  isSummary = false;
  closure: Closure | undefined;
  shape: ClassShape | undefined;
  /** Class of an instance; parent of an environment; receiver of a bound function. */
  parent: AbstractObject | undefined;
  bound: { readonly target: Value; readonly receiver: Value; readonly args: readonly Value[] } | undefined;
  /** Made without prototype, such as `Object.create(null)`. */
  hasNoPrototype = false;
  /** What the object carries as a whole, for externals such as a request. */
  taints: Value['taints'] = [];
  /** Known number of items of a sequence, undefined where it may vary. */
  size: number | undefined;
  module: IrModule | undefined;

  /** Whether it counts as false when empty, as in Python. */
  mayBeEmpty = false;

  constructor(id: number, kind: ObjectKind, name = '') {
    this.id = id;
    this.kind = kind;
    this.name = name;
  }
}
