/** Where tainted data enters the program. */
export interface TaintSource {
  readonly id: number;
  /** What it is, for people: `the request's URL`. */
  readonly label: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Remote sources matter most; a local one is the user of a command line. */
  readonly isRemote: boolean;
}

/** How a step of the way is of use: `compose` builds a text, `argument` passes a value to a function. */
export type StepKind = 'source' | 'assign' | 'compose' | 'argument' | 'return' | 'store' | 'load' | 'change';

/** One step on the way of tainted data; the way leads back through `before`. */
export interface Trace {
  readonly before: Trace | undefined;
  readonly kind: StepKind;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly note: string;
  readonly length: number;
  /** For an argument: the span of the whole call and what is called. */
  readonly call: { readonly start: number; readonly end: number; readonly api: string } | undefined;
}

/** Data of a source inside a value. `dangers` has a bit for each kind of sink that it is still dangerous for. */
export interface Taint {
  readonly source: TaintSource;
  readonly dangers: number;
  readonly trace: Trace;
}

/** Bits of {@link Taint.dangers}. */
export const danger = {
  sql: 1,
  path: 2,
  command: 4,
  code: 8,
  html: 16,
  url: 32,
  redirect: 64,
  header: 128,
  template: 256,
  deserialize: 512,
  xpath: 1024,
  ldap: 2048,
  xml: 4096,
  prototype: 8192,
  log: 16_384,
  regex: 32_768,
  trust: 65_536,
  nosql: 131_072,
  digest: 262_144,
  predictable: 524_288,
  cookie: 1_048_576,
} as const;

/** Names of the dangers, as models use them. */
export type Danger = keyof typeof danger;

export const allDangers = Object.values(danger).reduce((bits, bit) => bits | bit, 0);

/** Dangers that data of outsiders has; the others come with sources of their own. */
export const outsiderDangers = allDangers & ~(danger.predictable | danger.cookie);

/** Bits of several dangers. */
export function dangerBits(names: readonly Danger[]): number {
  return names.reduce((bits, name) => bits | danger[name], 0);
}
