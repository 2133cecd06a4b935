import type { IrClass } from './module.js';

/** A value that the source text spells out. `undefined` is JavaScript's; Python's `None` is `null`. */
export type Constant = string | number | boolean | null | undefined;

/**
 * The three-address operations. `dst`, `a`, `b` and `c` are slots of the function.
 *
 * | op | meaning |
 * |---|---|
 * | const, regex, global, import, this, arguments, caught | dst = a literal, a pattern, a built-in name, a module's export, … |
 * | move, unary, binary, await, yield | dst = a, dst = op a, dst = a op b, … |
 * | template | dst = the texts of args joined |
 * | list, dict | dst = new sequence of args (`name` says which kind), new empty mapping |
 * | loadField, storeField, loadIndex, storeIndex, slice, rest, merge | fields by name, elements by value, copies |
 * | loadCell, storeCell | a variable that an inner function captures, `a` environments up |
 * | call, callMethod, superCall, new, decorate | calls; `decorate` applies a to b and keeps b where a is unknown |
 * | function, class | dst = a closure or class made here |
 * | iterate, hasNext | dst = one element (or key) of a; whether there is another |
 */
export type Op =
  | 'const'
  | 'regex'
  | 'global'
  | 'import'
  | 'this'
  | 'arguments'
  | 'caught'
  | 'move'
  | 'unary'
  | 'binary'
  | 'await'
  | 'yield'
  | 'template'
  | 'list'
  | 'dict'
  | 'loadField'
  | 'storeField'
  | 'loadIndex'
  | 'storeIndex'
  | 'slice'
  | 'rest'
  | 'merge'
  | 'loadCell'
  | 'storeCell'
  | 'call'
  | 'callMethod'
  | 'superCall'
  | 'new'
  | 'decorate'
  | 'function'
  | 'class'
  | 'iterate'
  | 'hasNext';

/** One argument of a call; spans are UTF-16 offsets in the module's text. */
export interface CallArgument {
  readonly slot: number;
  /** `spread` passes a sequence's elements, `keywords` a mapping's entries. */
  readonly kind: 'plain' | 'spread' | 'keyword' | 'keywords';
  /** Name of a keyword argument, else empty. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** One instruction. Every field is always there, so that all instructions share one hidden class; -1 is no slot. */
export interface Instruction {
  readonly op: Op;
  readonly dst: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly name: string;
  readonly value: Constant;
  readonly args: readonly CallArgument[];
  /** Index of a function of the module, for `function`. */
  readonly target: number;
  readonly classInfo: IrClass | undefined;
  readonly start: number;
  readonly end: number;
}

/** How a block ends. `test` is the slot that decides. */
export type Terminator =
  | { readonly kind: 'jump'; readonly target: number }
  | { readonly kind: 'branch'; readonly test: number; readonly yes: number; readonly no: number }
  | { readonly kind: 'return'; readonly value: number; readonly start: number; readonly end: number }
  | { readonly kind: 'throw'; readonly value: number; readonly start: number; readonly end: number }
  | { readonly kind: 'stop' };

/** A basic block; `handler` is the block that catches what its calls throw, -1 where nothing does. */
export interface Block {
  readonly instructions: readonly Instruction[];
  readonly terminator: Terminator;
  readonly handler: number;
}
