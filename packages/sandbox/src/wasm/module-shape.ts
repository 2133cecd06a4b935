/** One section of a module: its identifier and where its content lies. */
export interface Section {
  readonly id: number;
  /** Offset of the identifier byte. */
  readonly start: number;
  /** Offset of the content after the size. */
  readonly content: number;
  readonly end: number;
}

/** Numbers of the sections that are looked into (WebAssembly core specification, binary format, modules). */
export const sectionId = {
  custom: 0,
  type: 1,
  import: 2,
  function: 3,
  table: 4,
  memory: 5,
  global: 6,
  export: 7,
  start: 8,
  element: 9,
  code: 10,
  data: 11,
  dataCount: 12,
  tag: 13,
} as const;

/** The kinds of values that can cross the border; everything else is a reference of some sort. */
export type ValueKind = 'i32' | 'i64' | 'f32' | 'f64' | 'v128' | 'reference';

/** What a function takes and gives. */
export interface FunctionSignature {
  readonly parameters: readonly ValueKind[];
  readonly results: readonly ValueKind[];
}

/** A function type, as far as rewriting needs it. */
export interface FunctionType {
  readonly parameters: number;
  /** Where the encoded parameter types start. */
  readonly parametersStart: number;
  readonly results: number;
  /** Where the encoded result types lie. */
  readonly resultsStart: number;
  readonly resultsEnd: number;
}

/** The kinds of things that cross the border of a module, in the order of their binary codes. */
export const externalKinds = ['function', 'table', 'memory', 'global', 'tag'] as const;
/** One of {@link externalKinds}. */
export type ExternalKind = (typeof externalKinds)[number];

/** Something a module asks for. */
export interface ModuleImport {
  readonly module: string;
  readonly name: string;
  readonly kind: ExternalKind;
}

/** Something a module offers. */
export interface ModuleExport {
  readonly name: string;
  readonly kind: ExternalKind;
  readonly index: number;
}

/** Sizes of a memory (pages) or table (elements). */
export interface SizeRange {
  readonly imported: boolean;
  readonly minimum: number;
  readonly maximum: number | undefined;
  /** Where the flags byte of the encoded range lies, and where the range ends. */
  readonly start: number;
  readonly end: number;
}

/** What one pass over a module's sections finds out. Function bodies are looked into later, one by one. */
export interface ModuleShape {
  readonly bytes: Uint8Array;
  readonly sections: readonly Section[];
  readonly types: readonly FunctionType[];
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly ModuleExport[];
  /** Type index of every function, imported ones first. */
  readonly functionTypes: readonly number[];
  readonly importedFunctions: number;
  readonly globals: number;
  readonly memories: readonly SizeRange[];
  readonly tables: readonly SizeRange[];
  readonly start: number | undefined;
  readonly hasTags: boolean;
  /** Offsets of the function bodies: start and end in turn. */
  readonly bodies: readonly number[];
}
