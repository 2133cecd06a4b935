import { BodyScan, type ScannedBody } from './body-scan.js';
import { BodyWriter, type FunctionContext } from './body-writer.js';
import { ByteSink } from './byte-sink.js';
import { ByteSource } from './byte-source.js';
import { CallGraph, type FunctionRole } from './call-graph.js';
import { readModule, readSignature } from './module-reader.js';
import {
  type ExternalKind,
  externalKinds,
  type FunctionSignature,
  type FunctionType,
  type ModuleExport,
  type ModuleImport,
  type ModuleShape,
  type Section,
  sectionId,
} from './module-shape.js';
import {
  assertNoReservedNames,
  type CappedRange,
  capRanges,
  type ModuleCaps,
  memoryExportPrefix,
  reservedNames,
} from './policy.js';
import { type Refusal, RefusedModule } from './refusal.js';

/** A module rewritten so that it charges fuel and stack. */
export interface MeteredModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly imports: readonly ModuleImport[];
  /** What the module offers, without the meter's own exports. */
  readonly exports: readonly (ModuleExport & { readonly type?: FunctionSignature })[];
  /** How many memories the module has; each is exported under {@link memoryExportPrefix} and its index. */
  readonly memories: number;
  /** Whether there is a start function, now exported under {@link reservedNames}.start so that it runs under fuel. */
  readonly hasStart: boolean;
}

/** Either the metered module or the reason why there is none. */
export type MeterResult =
  | { readonly ok: true; readonly module: MeteredModule }
  | { readonly ok: false; readonly refusal: Refusal };

/** Where a section that a module lacks would have to stand: sections have a fixed order. */
const order: readonly number[] = [
  sectionId.type,
  sectionId.import,
  sectionId.function,
  sectionId.table,
  sectionId.memory,
  sectionId.tag,
  sectionId.global,
  sectionId.export,
  sectionId.start,
  sectionId.element,
  sectionId.dataCount,
  sectionId.code,
  sectionId.data,
];

/**
 * Rewrites a valid WebAssembly module so that it charges fuel (cost model of wasmtime: one unit per operator except
 * `nop`, `drop`, `block`, `loop`, `else`, `end`, `return` and `unreachable`, one per function entry, one per byte or
 * element of bulk and grow operations) and stack, and traps when either is used up. Memories and tables are capped.
 *
 * Fuel and free stack are exported mutable globals, zero at first: until the host grants them, calls trap. Linear in
 * the size of the input; equal input gives equal bytes. Whether the input is valid is for the engine to say, both
 * before and after.
 */
export function meterModule(bytes: Uint8Array, caps: ModuleCaps): MeterResult {
  try {
    const shape = readModule(bytes);
    assertNoReservedNames(shape);
    const module = new ModuleWriter(shape, caps).write();
    const exports = shape.exports.map((entry) =>
      entry.kind === 'function' ? { ...entry, type: readSignature(shape, entry.index) } : entry,
    );
    const { imports, memories, start } = shape;
    return {
      ok: true,
      module: { bytes: module, imports, exports, memories: memories.length, hasStart: start !== undefined },
    };
  } catch (error) {
    if (error instanceof RefusedModule) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

class ModuleWriter {
  readonly #shape: ModuleShape;
  readonly #caps: ModuleCaps;
  readonly #sink: ByteSink;
  /** Result lists of several values, for which blocks need a type of their own: encoded type by type index. */
  readonly #addedTypes: Uint8Array[] = [];
  readonly #addedTypeIndexes = new Map<number, number>();

  constructor(shape: ModuleShape, caps: ModuleCaps) {
    this.#shape = shape;
    this.#caps = caps;
    this.#sink = new ByteSink(Math.ceil(shape.bytes.length * 1.6) + 4096);
  }

  write(): Uint8Array<ArrayBuffer> {
    const { bytes, sections } = this.#shape;
    // Bodies come first, since they decide which types have to be added.
    const code = this.#writeCode();
    const sink = this.#sink;
    sink.copy(bytes, 0, 8);
    const ranges = capRanges(this.#shape, this.#caps);
    let wroteGlobal = false;
    let wroteExport = false;
    const writeMissing = (before: number) => {
      if (!wroteGlobal && before > order.indexOf(sectionId.global)) {
        wroteGlobal = true;
        this.#section(sectionId.global, (section) => this.#writeGlobals(section, undefined));
      }
      if (!wroteExport && before > order.indexOf(sectionId.export)) {
        wroteExport = true;
        this.#section(sectionId.export, (section) => this.#writeExports(section, undefined));
      }
    };
    for (const section of sections) {
      if (section.id !== sectionId.custom) writeMissing(order.indexOf(section.id));
      switch (section.id) {
        case sectionId.type:
          this.#section(section.id, (content) => this.#writeTypes(content, section));
          break;
        case sectionId.import:
        case sectionId.table:
        case sectionId.memory:
          this.#section(section.id, (content) => writeRanges(content, bytes, section, ranges));
          break;
        case sectionId.global:
          wroteGlobal = true;
          this.#section(section.id, (content) => this.#writeGlobals(content, section));
          break;
        case sectionId.export:
          wroteExport = true;
          this.#section(section.id, (content) => this.#writeExports(content, section));
          break;
        case sectionId.start:
          break;
        case sectionId.code:
          this.#section(section.id, (content) => {
            content.reserve(code.length);
            content.copy(code.bytes, 0, code.length);
          });
          break;
        default:
          sink.reserve(section.end - section.start);
          sink.copy(bytes, section.start, section.end);
      }
    }
    writeMissing(order.length);
    return sink.toBytes();
  }

  #writeCode(): ByteSink {
    const shape = this.#shape;
    const { bytes, bodies } = shape;
    const code = new ByteSink(Math.ceil(bytes.length * 1.5) + 1024);
    code.unsigned(bodies.length / 2);
    if (bodies.length === 0) return code;
    const scan = new BodyScan();
    const graph = new CallGraph(shape.importedFunctions);
    const scanned: ScannedBody[] = [];
    for (let index = 0; index < bodies.length / 2; index += 1) {
      const body = scan.scan(bytes, bodies[index * 2]!, bodies[index * 2 + 1]!, shape.hasTags);
      graph.add(scan, body, this.#typeOf(index).parameters);
      scanned.push(body);
    }
    const roles = graph.decide();
    const sink = new ByteSink(4096);
    const writer = new BodyWriter(scan, sink, bytes, scanned[0]!, this.#contextOf(0, roles[0]!));
    for (const [index, body] of scanned.entries()) {
      sink.length = 0;
      writer.write(this.#contextOf(index, roles[index]!), body);
      code.reserve(sink.length + 5);
      code.unsigned(sink.length);
      code.copy(sink.bytes, 0, sink.length);
    }
    return code;
  }

  #typeOf(index: number): FunctionType {
    const { functionTypes, importedFunctions, types } = this.#shape;
    const type = types[functionTypes[importedFunctions + index]!];
    if (type === undefined) throw new RefusedModule('malformed', `Function ${index} has an unknown type.`);
    return type;
  }

  #contextOf(index: number, role: FunctionRole): FunctionContext {
    const { functionTypes, globals, importedFunctions } = this.#shape;
    const { parameters } = this.#typeOf(index);
    return {
      ...role,
      parameters,
      resultType: this.#resultType(functionTypes[importedFunctions + index]!),
      global: globals,
    };
  }

  /** The block type for the results of a function of type `typeIndex`. */
  #resultType(typeIndex: number): Uint8Array {
    const { bytes, types } = this.#shape;
    const type = types[typeIndex]!;
    if (type.results === 0) return Uint8Array.of(0x40);
    if (type.results === 1) return bytes.subarray(type.resultsStart, type.resultsEnd);
    let added = this.#addedTypeIndexes.get(typeIndex);
    if (added === undefined) {
      added = types.length + this.#addedTypes.length;
      this.#addedTypeIndexes.set(typeIndex, added);
      const encoded = new ByteSink(type.resultsEnd - type.resultsStart + 16);
      encoded.byte(0x60);
      encoded.byte(0);
      encoded.unsigned(type.results);
      encoded.copy(bytes, type.resultsStart, type.resultsEnd);
      this.#addedTypes.push(encoded.toBytes());
    }
    const blockType = new ByteSink(8);
    blockType.signed(added);
    return blockType.toBytes();
  }

  #writeTypes(sink: ByteSink, section: Section): void {
    const source = new ByteSource(this.#shape.bytes, section.content, section.end);
    sink.unsigned(source.unsigned() + this.#addedTypes.length);
    sink.reserve(section.end - section.content);
    sink.copy(this.#shape.bytes, source.at, section.end);
    for (const type of this.#addedTypes) {
      sink.reserve(type.length);
      sink.copy(type, 0, type.length);
    }
  }

  #writeGlobals(sink: ByteSink, section: Section | undefined): void {
    this.#appendTo(sink, section, 2);
    // i64, mutable, i64.const 0, end; i32, mutable, i32.const 0, end.
    for (const byte of [0x7e, 0x01, 0x42, 0x00, 0x0b, 0x7f, 0x01, 0x41, 0x00, 0x0b]) sink.byte(byte);
  }

  #writeExports(sink: ByteSink, section: Section | undefined): void {
    const { start, globals, memories, tables } = this.#shape;
    const added = 2 + memories.length + (start === undefined ? 0 : 1) + (tables.length === 0 ? 0 : 1);
    this.#appendTo(sink, section, added);
    const add = (name: string, kind: ExternalKind, index: number) => {
      sink.name(name);
      sink.reserve(8);
      sink.byte(externalKinds.indexOf(kind));
      sink.unsigned(index);
    };
    add(reservedNames.fuel, 'global', globals);
    add(reservedNames.stack, 'global', globals + 1);
    for (const index of memories.keys()) add(`${memoryExportPrefix}${index}`, 'memory', index);
    if (start !== undefined) add(reservedNames.start, 'function', start);
    // The host hangs its own functions into the tables of engines that take callbacks.
    if (tables.length > 0) add(reservedNames.table, 'table', 0);
  }

  #appendTo(sink: ByteSink, section: Section | undefined, added: number): void {
    if (section === undefined) {
      sink.unsigned(added);
      return;
    }
    const source = new ByteSource(this.#shape.bytes, section.content, section.end);
    sink.unsigned(source.unsigned() + added);
    sink.reserve(section.end - source.at + 64);
    sink.copy(this.#shape.bytes, source.at, section.end);
  }

  #section(id: number, write: (content: ByteSink) => void): void {
    const content = new ByteSink(256);
    write(content);
    this.#sink.reserve(content.length + 6);
    this.#sink.byte(id);
    this.#sink.unsigned(content.length);
    this.#sink.copy(content.bytes, 0, content.length);
  }
}

/** Copies a section, with the encoded size ranges that lie in it replaced. */
function writeRanges(sink: ByteSink, bytes: Uint8Array, section: Section, ranges: readonly CappedRange[]): void {
  sink.reserve(section.end - section.content + ranges.length * 16);
  let copied = section.content;
  for (const { range, maximum } of ranges) {
    if (range.start < section.content || range.end > section.end) continue;
    sink.copy(bytes, copied, range.start);
    sink.byte(1);
    sink.unsigned(range.minimum);
    sink.unsigned(maximum);
    copied = range.end;
  }
  sink.copy(bytes, copied, section.end);
}
