import { readFileSync } from 'node:fs';

/** Kernel name to the size of its work: each takes some tens of milliseconds. */
export const kernelSizes = {
  fib: 29,
  sieve: 12,
  matmul: 16,
  sha256: 60_000,
  qsort: 3,
  hashtable: 3_000_000,
  interpreter: 3_000_000,
  indirect: 12_000_000,
};

/** The kernels' module. */
export const kernelBytes = new Uint8Array(readFileSync(new URL('kernels/kernels.wasm', import.meta.url)));
