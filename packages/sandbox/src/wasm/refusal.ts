/**
 * Why a module is not run. `malformed`: not a valid WebAssembly binary. `unsupported`: an opcode or section that the
 * meter does not know or cannot meter (threads, relaxed SIMD). `over-cap`: it declares more memory, table or code than
 * allowed. `reserved-name`: it uses an import or export name that the meter needs for itself.
 */
export type RefusalCode = 'malformed' | 'unsupported' | 'over-cap' | 'reserved-name';

/** A module that is not run, as data. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

/** Unwinds the reader to `meterModule`, which turns it into a {@link Refusal}; it never leaves this folder. */
export class RefusedModule extends Error {
  readonly refusal: Refusal;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.refusal = { code, message };
  }
}
