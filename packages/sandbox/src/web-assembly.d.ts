// The part of the WebAssembly JavaScript interface that this package uses; the type library for Node has none, and the
// one for browsers would bring all of the DOM.
declare namespace WebAssembly {
  type Imports = Record<string, Record<string, unknown>>;
  type Exports = Record<string, unknown>;

  class Module {
    constructor(bytes: Uint8Array);
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    constructor(range: { readonly initial: number; readonly maximum?: number });
    readonly buffer: ArrayBuffer;
  }

  class Global {
    value: unknown;
  }

  class Table {
    /** The length before. */
    grow(by: number): number;
    set(index: number, value: unknown): void;
  }

  class RuntimeError extends Error {}
  class CompileError extends Error {}
  class Exception {}

  function validate(bytes: Uint8Array): boolean;
}
