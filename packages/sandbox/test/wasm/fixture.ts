import { readFileSync } from 'node:fs';
import { readEngineBytes } from '../../src/guests/quickjs/engine-bytes.js';

/** The bytes of a binary fixture. */
export function readFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
}

/** The benchmarks' kernels. */
export function readKernels(): Uint8Array {
  return new Uint8Array(readFileSync(new URL('../../../../benchmarks/sandbox/kernels/kernels.wasm', import.meta.url)));
}

/** Real modules of very different making. */
export const realModules: readonly (readonly [string, () => Uint8Array])[] = [
  ['shapes', () => readFixture('shapes.wasm')],
  ['exceptions', () => readFixture('exceptions.wasm')],
  ['kernels', readKernels],
  ['QuickJS', () => new Uint8Array(readEngineBytes())],
];

/** Caps that refuse nothing which the engine would take. */
export const wideCaps = { memoryPages: 65_536, tableElements: 10_000_000 };

/** Calls an export of a metered instance with fresh fuel; gives its value and what it used. */
export function callMetered(
  exports: WebAssembly.Exports,
  name: string,
  argument: number,
  grant: { readonly fuelUnits: bigint; readonly stackDepth?: number } = { fuelUnits: 10n ** 12n },
): { readonly value: unknown; readonly fuelUnits: number } {
  const fuel = exports['trocar:fuel'] as WebAssembly.Global;
  fuel.value = grant.fuelUnits;
  (exports['trocar:stack'] as WebAssembly.Global).value = grant.stackDepth ?? 10_000;
  const value = (exports[name] as (argument: number) => unknown)(argument);
  return { value, fuelUnits: Number(grant.fuelUnits - (fuel.value as bigint)) };
}
