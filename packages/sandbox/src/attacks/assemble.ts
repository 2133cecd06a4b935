import { ByteSink } from '../wasm/byte-sink.js';

/** A module with one exported function `run`, written down section by section. For attacks, which no compiler emits. */
export interface Assembly {
  /** Instructions of `run: () -> ()`, without the final `end`. */
  readonly code: readonly number[];
  /** Pages of memory: minimum, and whether it claims to be shared (with a maximum of the same size). */
  readonly memory?: { readonly minimum: number; readonly shared?: boolean };
  /** Minimum size of a table of functions. */
  readonly table?: number;
  /** A function to import: module and name. It gets index 0, so that `run` gets index 1. */
  readonly import?: readonly [string, string];
  /** Under which name `run` is exported. Default: `run`. */
  readonly exportName?: string;
  /** Whether `run` is the start function too. */
  readonly start?: boolean;
}

/** Encodes a module. */
export function assembleModule(assembly: Assembly): Uint8Array {
  const module = new ByteSink(1024);
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte);
  const section = (id: number, write: (content: ByteSink) => void) => {
    const content = new ByteSink(1024);
    write(content);
    module.reserve(content.length + 8);
    module.byte(id);
    module.unsigned(content.length);
    module.copy(content.bytes, 0, content.length);
  };
  const numbers =
    (...values: number[]) =>
    (content: ByteSink) => {
      for (const value of values) content.unsigned(value);
    };
  const run = assembly.import === undefined ? 0 : 1;
  section(1, numbers(1, 0x60, 0, 0));
  if (assembly.import !== undefined) {
    const [from, name] = assembly.import;
    section(2, (content) => {
      content.unsigned(1);
      content.name(from);
      content.name(name);
      numbers(0, 0)(content);
    });
  }
  section(3, numbers(1, 0));
  if (assembly.table !== undefined) section(4, numbers(1, 0x70, 0, assembly.table));
  if (assembly.memory !== undefined) {
    const { minimum, shared = false } = assembly.memory;
    section(5, shared ? numbers(1, 3, minimum, minimum) : numbers(1, 0, minimum));
  }
  section(7, (content) => {
    content.unsigned(1);
    content.name(assembly.exportName ?? 'run');
    numbers(0, run)(content);
  });
  if (assembly.start === true) section(8, numbers(run));
  section(10, (content) => {
    content.reserve(assembly.code.length + 32);
    content.unsigned(1);
    content.unsigned(assembly.code.length + 2);
    content.unsigned(0);
    for (const byte of assembly.code) content.byte(byte);
    content.byte(0x0b);
  });
  return module.toBytes();
}
