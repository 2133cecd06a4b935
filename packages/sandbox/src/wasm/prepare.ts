import { meterModule } from './meter.js';
import type { ExternalKind, FunctionSignature, ModuleImport } from './module-shape.js';
import { type ModuleCaps, memoryExportPrefix } from './policy.js';
import type { Refusal } from './refusal.js';

/** Something a prepared module offers. */
export interface PreparedExport {
  readonly name: string;
  readonly kind: ExternalKind;
  /** For functions: what they take and give. */
  readonly type?: FunctionSignature;
}

/** A metered and compiled module. It can be sent to other threads, which then need not compile it again. */
export interface PreparedModule {
  readonly compiled: WebAssembly.Module;
  readonly imports: readonly ModuleImport[];
  readonly exports: readonly PreparedExport[];
  /** Names under which the meter exports the module's memories, so that their size can be read. */
  readonly memoryExports: readonly string[];
  readonly hasStart: boolean;
}

/** A module ready to run, or why it is not run. */
export type Preparation =
  | { readonly ok: true; readonly module: PreparedModule }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * Validates, meters and compiles a module. The engine validates the input, so that rewriting cannot turn an invalid
 * module into a valid one, and then the output, so that a fault of the meter cannot cost memory safety.
 */
export function prepareModule(bytes: Uint8Array, caps: ModuleCaps): Preparation {
  const metered = meterModule(bytes, caps);
  if (!metered.ok) return metered;
  if (!WebAssembly.validate(bytes)) {
    return { ok: false, refusal: { code: 'malformed', message: 'The engine says that this module is not valid.' } };
  }
  const { imports, exports, hasStart, memories } = metered.module;
  let compiled: WebAssembly.Module;
  try {
    compiled = new WebAssembly.Module(metered.module.bytes);
  } catch (error) {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return { ok: false, refusal: { code: 'over-cap', message: 'The module is too large once it is metered.' } };
  }
  const memoryExports = Array.from({ length: memories }, (_, index) => `${memoryExportPrefix}${index}`);
  return { ok: true, module: { compiled, imports, exports, memoryExports, hasStart } };
}
