/** How bad it is when a finding is real. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** How sure the engine is that a finding is real. */
export type Confidence = 'low' | 'medium' | 'high';

/** One step on the way from source to sink; `line` counts from 1. */
export interface WitnessStep {
  readonly file: string;
  readonly line: number;
  readonly note: string;
}

/** The dangerous expression of a finding: UTF-16 offsets in the decoded text of `file` (without byte order mark). */
export interface Sink {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** The argument that carries the tainted value, where the sink is a call. */
  readonly argument?: { readonly start: number; readonly end: number };
  /** Dotted name of what is called or assigned, such as `fs.readFile` or `db.query`. */
  readonly api: string;
}

/** A vulnerability with the path that proves it. `id` stays the same while rule, file and the code on the way do. */
export interface Finding {
  readonly id: string;
  readonly rule: string;
  /** Such as `CWE-89`. */
  readonly cwe: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly witness: readonly WitnessStep[];
  readonly sink: Sink;
}

/**
 * Why a place was not analysed. Those of {@link incompleteCodes} make the answer incomplete; the others are out of
 * scope by nature: prose, images, dependencies, symbolic links that lead elsewhere.
 */
export type SkipCode =
  | 'unreadable'
  | 'too-large'
  | 'too-many-files'
  | 'binary-source'
  | 'invalid-utf8'
  | 'syntax-error'
  | 'unsupported-language'
  | 'budget'
  | 'nothing-to-analyse'
  | 'not-source'
  | 'dependency-folder'
  | 'symlink'
  | 'special-file';

/** Codes that make a report incomplete. */
export const incompleteCodes: ReadonlySet<SkipCode> = new Set([
  'unreadable',
  'too-large',
  'too-many-files',
  'binary-source',
  'invalid-utf8',
  'syntax-error',
  'unsupported-language',
  'budget',
  'nothing-to-analyse',
]);

/** A file or folder that was not, or not fully, analysed. */
export interface SkippedFile {
  readonly file: string;
  readonly reason: string;
  readonly code: SkipCode;
}

/** What a scan looked at: `files` seen, `analysed` of them, and the rest by name. */
export interface Coverage {
  readonly files: number;
  readonly analysed: number;
  readonly skipped: readonly SkippedFile[];
}

/** Findings, what they are based on, and whether everything asked for was looked at. */
export interface ScanReport {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly complete: boolean;
}
