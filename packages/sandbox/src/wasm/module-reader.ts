import { ByteSource } from './byte-source.js';
import {
  type ExternalKind,
  externalKinds,
  type FunctionSignature,
  type FunctionType,
  type ModuleExport,
  type ModuleImport,
  type ModuleShape,
  type Section,
  type SizeRange,
  sectionId,
  type ValueKind,
} from './module-shape.js';
import { RefusedModule } from './refusal.js';

interface MutableShape {
  types: FunctionType[];
  imports: ModuleImport[];
  exports: ModuleExport[];
  functionTypes: number[];
  importedFunctions: number;
  globals: number;
  memories: SizeRange[];
  tables: SizeRange[];
  start: number | undefined;
  hasTags: boolean;
  bodies: number[];
}

/**
 * Reads the sections of a WebAssembly binary in linear time. The engine validates the module as well; this reader only
 * has to be right about where things lie.
 *
 * @throws {RefusedModule} `malformed` or `unsupported`.
 */
export function readModule(bytes: Uint8Array): ModuleShape {
  const sections = readSections(bytes);
  const shape: MutableShape = {
    types: [],
    imports: [],
    exports: [],
    functionTypes: [],
    importedFunctions: 0,
    globals: 0,
    memories: [],
    tables: [],
    start: undefined,
    hasTags: false,
    bodies: [],
  };
  for (const section of sections) {
    const source = new ByteSource(bytes, section.content, section.end);
    readSection(section, source, shape);
  }
  if (shape.bodies.length / 2 !== shape.functionTypes.length - shape.importedFunctions) {
    throw new RefusedModule('malformed', 'The counts of functions and of function bodies differ.');
  }
  return { bytes, sections, ...shape };
}

function readSections(bytes: Uint8Array): Section[] {
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (bytes.length < 8 || magic.some((byte, at) => bytes[at] !== byte)) {
    throw new RefusedModule('malformed', 'This is not a WebAssembly module of version 1.');
  }
  const sections: Section[] = [];
  const source = new ByteSource(bytes, 8, bytes.length);
  while (source.at < bytes.length) {
    const start = source.at;
    const id = source.byte();
    const size = source.unsigned();
    const content = source.at;
    source.skip(size);
    if (id > sectionId.tag) throw new RefusedModule('unsupported', `Section ${id} is not known.`);
    sections.push({ id, start, content, end: source.at });
  }
  return sections;
}

function readSection(section: Section, source: ByteSource, shape: MutableShape): void {
  switch (section.id) {
    case sectionId.type:
      each(source, () => shape.types.push(readFunctionType(source)));
      return;
    case sectionId.import:
      each(source, () => readImport(source, shape));
      return;
    case sectionId.function:
      each(source, () => shape.functionTypes.push(source.unsigned()));
      return;
    case sectionId.table:
      each(source, () => shape.tables.push(readTable(source, false)));
      return;
    case sectionId.memory:
      each(source, () => shape.memories.push(readRange(source, false)));
      return;
    case sectionId.tag:
      shape.hasTags = true;
      return;
    case sectionId.global:
      shape.globals += source.count();
      return;
    case sectionId.export:
      each(source, () => shape.exports.push(readExport(source)));
      return;
    case sectionId.start:
      shape.start = source.unsigned();
      return;
    case sectionId.code:
      each(source, () => {
        const size = source.unsigned();
        shape.bodies.push(source.at, source.at + size);
        source.skip(size);
      });
      return;
    default:
  }
}

function each(source: ByteSource, read: () => void): void {
  for (let left = source.count(); left > 0; left -= 1) read();
  if (source.at !== source.end)
    throw new RefusedModule('malformed', `The section before byte ${source.end} is too long.`);
}

function readFunctionType(source: ByteSource): FunctionType {
  const form = source.byte();
  if (form !== 0x60)
    throw new RefusedModule('unsupported', 'Types other than functions (garbage collection) are not metered.');
  const parameters = source.count();
  const parametersStart = source.at;
  for (let left = parameters; left > 0; left -= 1) source.skipValueType();
  const results = source.count();
  const resultsStart = source.at;
  for (let left = results; left > 0; left -= 1) source.skipValueType();
  return { parameters, parametersStart, results, resultsStart, resultsEnd: source.at };
}

/** What the function at `index` takes and gives. */
export function readSignature(shape: ModuleShape, index: number): FunctionSignature {
  const type = shape.types[shape.functionTypes[index] ?? -1];
  if (type === undefined) throw new RefusedModule('malformed', `Function ${index} has no type.`);
  return {
    parameters: readKinds(new ByteSource(shape.bytes, type.parametersStart, shape.bytes.length), type.parameters),
    results: readKinds(new ByteSource(shape.bytes, type.resultsStart, type.resultsEnd), type.results),
  };
}

const valueKinds = new Map<number, ValueKind>([
  [0x7f, 'i32'],
  [0x7e, 'i64'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
]);

function readKinds(source: ByteSource, count: number): ValueKind[] {
  return Array.from({ length: count }, () => {
    const kind = valueKinds.get(source.bytes[source.at] ?? 0) ?? 'reference';
    source.skipValueType();
    return kind;
  });
}

function readImport(source: ByteSource, shape: MutableShape): void {
  const module = source.name();
  const name = source.name();
  const kind = readKind(source);
  shape.imports.push({ module, name, kind });
  switch (kind) {
    case 'function':
      shape.functionTypes.push(source.unsigned());
      shape.importedFunctions += 1;
      return;
    case 'table':
      shape.tables.push(readTable(source, true));
      return;
    case 'memory':
      shape.memories.push(readRange(source, true));
      return;
    case 'global':
      source.skipValueType();
      source.byte();
      shape.globals += 1;
      return;
    case 'tag':
      source.byte();
      source.unsigned();
      shape.hasTags = true;
  }
}

function readExport(source: ByteSource): ModuleExport {
  const name = source.name();
  const kind = readKind(source);
  return { name, kind, index: source.unsigned() };
}

function readKind(source: ByteSource): ExternalKind {
  const kind = externalKinds[source.byte()];
  if (kind === undefined) throw new RefusedModule('malformed', `The kind before byte ${source.at} is not known.`);
  return kind;
}

function readTable(source: ByteSource, imported: boolean): SizeRange {
  if (source.bytes[source.at] === 0x40) {
    throw new RefusedModule('unsupported', 'Tables with an initialiser expression are not metered.');
  }
  source.skipValueType();
  return readRange(source, imported);
}

function readRange(source: ByteSource, imported: boolean): SizeRange {
  const start = source.at;
  const flags = source.byte();
  if ((flags & 2) !== 0) throw new RefusedModule('unsupported', 'Shared memory (threads) is not deterministic.');
  if (flags > 1) throw new RefusedModule('unsupported', 'Memories and tables with 64-bit addresses are not metered.');
  const minimum = source.unsigned();
  const maximum = flags === 1 ? source.unsigned() : undefined;
  return { imported, minimum, maximum, start, end: source.at };
}
