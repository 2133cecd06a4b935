import type { Danger } from '../taint.js';

/** How bad it is when a rule's finding is real. */
export type RuleSeverity = 'low' | 'medium' | 'high' | 'critical';

/** How sure a sink's findings are. */
export type SinkConfidence = 'low' | 'medium' | 'high';

/**
 * Library models are data. A path names something outside the analysed files: `fs.promises.readFile`, `express().get`
 * (the `get` of what calling `express` gives), `#http.request` (an instance of a type that a framework passes in).
 * A leading `*.` stands for any receiver.
 */
export interface Rule {
  readonly id: string;
  readonly cwe: string;
  readonly severity: RuleSeverity;
  readonly danger: Danger;
  /** Verb phrase that completes "Data from SOURCE …". */
  readonly message: string;
}

/** A call that is dangerous when one of its arguments is tainted. */
export interface SinkModel {
  readonly rule: string;
  readonly paths: readonly string[];
  /** Positions of dangerous arguments; -1 stands for the receiver. */
  readonly arguments: readonly number[];
  /** Names of dangerous keyword arguments. */
  readonly keywords?: readonly string[];
  /** Only where this option (a keyword, or a field of an options object) has a true value. */
  readonly needsOption?: string;
  /** Not where this keyword has the given literal, or something outside whose path ends so. */
  readonly unlessOption?: { readonly name: string; readonly value: string };
  /** `sql`: the text looks like SQL or the receiver like a database. `page`: the answer is a page. `text`: not a list. */
  readonly needs?: 'sql' | 'page' | 'text';
  readonly confidence?: SinkConfidence;
  /** Only where this argument is an instance of the given type. */
  readonly needsInstance?: { readonly position: number; readonly keyword: string; readonly type: string };
  /** Harm of the call itself, whatever the value, unless this option is set or may be. */
  readonly lacksOption?: string;
}

/** A field or a call's result that comes from outside. */
export interface SourceModel {
  readonly paths: readonly string[];
  readonly label: string;
  /** Data of the user who runs the program, not of somebody far away. */
  readonly isLocal?: boolean;
  /** What it is dangerous for, where that is not what outsiders' data is. */
  readonly dangers?: readonly Danger[];
}

/** A function that calls back with values from outside. */
export interface CallbackModel {
  readonly paths: readonly string[];
  /** Type path (`#…`), `tainted` or `unknown` for each parameter; the last one holds for all further parameters. */
  readonly parameters: readonly string[];
  /** What the function returns is sent as a page. */
  readonly returnsPage?: boolean;
  /** What a `tainted` parameter is. */
  readonly label?: string;
}

/** A function that makes data harmless for some dangers, or whose result has nothing to do with its arguments. */
export interface CleanModel {
  readonly paths: readonly string[];
  /** Dangers that are ruled out in the result; `all` stands for an unrelated result. */
  readonly clears: readonly Danger[] | 'all';
  readonly result?: 'string' | 'number' | 'boolean' | 'normalised';
}

/** A function whose result is an instance of a type with models of its own. */
export interface TypeModel {
  readonly paths: readonly string[];
  readonly type: string;
  /** Only where a constant is passed: at a position, or as a keyword. */
  readonly when?: { readonly argument: number | string; readonly values: readonly string[] };
  /** Only where this keyword does not have this value. */
  readonly unless?: { readonly keyword: string; readonly value: string };
  /** The receiver itself becomes an instance, rather than the result. */
  readonly isReceiver?: boolean;
}

/** The models of one library or family. */
export interface ModelSet {
  readonly name: string;
  readonly sinks?: readonly SinkModel[];
  readonly sources?: readonly SourceModel[];
  readonly callbacks?: readonly CallbackModel[];
  readonly cleans?: readonly CleanModel[];
  readonly types?: readonly TypeModel[];
}
