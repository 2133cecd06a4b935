import type { Instruction } from '../ir/instruction.js';
import type { IrModule } from '../ir/module.js';
import type { Refinement } from './state.js';
import type { Value } from './value.js';

/** Where something happens, for witnesses and findings. */
export interface Site {
  readonly module: IrModule;
  readonly start: number;
  readonly end: number;
  /** What is called there, as far as the source names it. */
  readonly api: string;
}

/** Arguments of a call. */
export interface Args {
  readonly plain: readonly Value[];
  /** Spans of the plain arguments, where the source has them. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  /** Further plain arguments of unknown number. */
  readonly spread: Value | undefined;
  readonly named: ReadonlyMap<string, Value>;
  readonly namedRest: Value | undefined;
}

/** Arguments that no source spells out. */
export function plainArgs(...plain: readonly Value[]): Args {
  return { plain, spans: [], spread: undefined, named: new Map(), namedRest: undefined };
}

/** What a call needs to know of the place where it is made. */
export interface CallContext {
  readonly site: Site;
  readonly refined: Refinement;
  /** Region of the heap in which stores replace, see {@link AbstractObject.region}. */
  readonly region: number;
  readonly depth: number;
  /** What the instruction is, for allocation by place. */
  readonly instruction: Instruction | undefined;
  /** Gives the object that this place makes. */
  readonly allocate: (
    kind: 'object' | 'array' | 'map' | 'set' | 'tuple' | 'instance',
    tag: string,
  ) => import('./abstract-object.js').AbstractObject;
}

/** Outcome of a call. */
export interface CallResult {
  readonly value: Value;
  readonly thrown: Value;
  /** What is ruled out once the call has returned. */
  readonly refined: Refinement;
  /** The call never returns. */
  readonly isNever: boolean;
}
