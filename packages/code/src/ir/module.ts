import type { Language } from '../syntax/language.js';
import type { LineIndex } from '../syntax/line-index.js';
import type { Block } from './instruction.js';

/** A formal parameter. Its value arrives in `slot`; defaults and patterns are ordinary instructions of the body. */
export interface Parameter {
  readonly name: string;
  readonly slot: number;
  /** `rest` takes the remaining positional arguments, `keywords` the remaining named ones. */
  readonly kind: 'plain' | 'rest' | 'keywords' | 'keywordOnly';
  readonly hasDefault: boolean;
  /** Declared type as written, empty where there is none. */
  readonly type: string;
}

/** A function, or the body of a module or class. */
export interface IrFunction {
  /** Index in the module's list; 0 is the module's own body. */
  readonly index: number;
  /** Name as declared or inferred from where it is assigned; `<lambda>`-like where there is none. */
  readonly name: string;
  /** Dotted path inside the module, such as `Router.match`. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly slotCount: number;
  /** Names of the slots that hold variables; index is the slot. */
  readonly slotNames: readonly string[];
  readonly blocks: readonly Block[];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Arrow functions have the `this` of the place where they are made. */
  readonly hasLexicalThis: boolean;
  readonly start: number;
  readonly end: number;
}

/** A member of a class: a function of the module, or a value computed when the class is made. */
export interface IrMember {
  readonly name: string;
  readonly kind: 'method' | 'classMethod' | 'getter' | 'setter' | 'value';
  readonly isStatic: boolean;
  /** Slot that holds the member's function or value when the class is made. */
  readonly slot: number;
}

/** A class as its `class` instruction makes it. */
export interface IrClass {
  readonly name: string;
  readonly path: string;
  /** Slots of the base classes. */
  readonly bases: readonly number[];
  readonly members: readonly IrMember[];
  /** Slots of functions that run on every new instance before the constructor (JavaScript field initialisers). */
  readonly initializers: readonly number[];
  /** Annotated fields in order, which dataclass-like decorators turn into a constructor. */
  readonly annotated: readonly { readonly name: string; readonly slot: number }[];
}

/** How a module makes a name visible to others. */
export type ModuleExport =
  | { readonly kind: 'cell'; readonly name: string }
  | { readonly kind: 'reexport'; readonly from: string; readonly name: string };

/** One file, lowered. A pure function of its text and the engine's version. */
export interface IrModule {
  readonly file: string;
  readonly language: Language;
  readonly functions: readonly IrFunction[];
  readonly exports: ReadonlyMap<string, ModuleExport>;
  /** Modules whose exports are all passed on (`export * from`). */
  readonly starExports: readonly string[];
  /** Modules named anywhere in the file, in order of first mention. */
  readonly imports: readonly string[];
  readonly lines: LineIndex;
}
