import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core';
import { FuelTank } from '../../host/fuel-tank.js';
import type { GuestLimits } from '../../limits.js';
import { reservedNames } from '../../wasm/policy.js';

/** The engine's smallest memory, in bytes: what its build reserves. */
const engineMinimumBytes = 16 * 1024 * 1024;

/** Where the virtual calendar starts: 2025-01-01T00:00:00Z. */
export const epochMs = 1_735_689_600_000;

/** One QuickJS instance under the meter, with a world that is the same on every machine. */
export interface Engine {
  readonly quickjs: QuickJSWASMModule;
  readonly tank: FuelTank;
  readonly memory: WebAssembly.Memory;
  /** The functions that the engine calls through pointers. */
  readonly table: WebAssembly.Table;
  /** Whether the guest was refused more memory. */
  readonly wantedMoreMemory: () => boolean;
}

/**
 * Starts a fresh instance of the metered engine.
 *
 * The names of its imports are those of this exact build of emscripten (the package is pinned): clock, time zone and
 * environment are replaced, so that nothing of the host's shows through. `onTank` is told of the fuel before the first
 * of it is used, since starting may use it up.
 */
export async function startEngine(
  compiled: WebAssembly.Module,
  limits: GuestLimits,
  nowMs: () => number,
  onTank: (tank: FuelTank, memory: WebAssembly.Memory) => void,
): Promise<Engine> {
  const memory = new WebAssembly.Memory({
    initial: engineMinimumBytes / 65_536,
    maximum: Math.floor(limits.memoryBytes / 65_536),
  });
  let started: { readonly tank: FuelTank; readonly table: WebAssembly.Table } | undefined;
  let refused = false;
  const instantiateWasm = (imports: WebAssembly.Imports, succeed: (instance: WebAssembly.Instance) => void) => {
    const given = imports.a as Record<string, (...args: number[]) => unknown>;
    const grow = given.k!;
    const isolated = {
      ...given,
      // Date.now()
      p: () => nowMs(),
      // localtime: UTC, whatever the machine's zone is.
      m: (seconds: bigint, target: number) => writeUtc(memory, Number(seconds), target),
      // tzset: offset zero, no daylight saving.
      n: (offset: number, daylight: number, standardName: number, daylightName: number) => {
        const view = new DataView(memory.buffer);
        view.setInt32(offset, 0, true);
        view.setInt32(daylight, 0, true);
        for (const name of [standardName, daylightName])
          new Uint8Array(memory.buffer, name, 4).set([0x55, 0x54, 0x43, 0]);
      },
      // environ: empty.
      e: () => 0,
      f: (count: number, size: number) => {
        const view = new DataView(memory.buffer);
        view.setUint32(count, 0, true);
        view.setUint32(size, 0, true);
        return 0;
      },
      // setitimer: no host timers.
      j: () => 0,
      k: (size: number) => {
        const grown = grow(size);
        if (grown === false || grown === 0) refused = true;
        return grown;
      },
    };
    const instance = new WebAssembly.Instance(compiled, { a: isolated });
    const tank = new FuelTank(instance, limits);
    started = { tank, table: instance.exports[reservedNames.table] as WebAssembly.Table };
    onTank(tank, memory);
    succeed(instance);
    return instance.exports;
  };
  const base = unwrapDefault(variant);
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(base, { emscriptenModule: { instantiateWasm, wasmMemory: memory } }),
  );
  if (started === undefined) throw new Error('The engine was not instantiated through its hook.');
  return { quickjs, ...started, memory, wantedMoreMemory: () => refused };
}

/** The package's ES build read as CommonJS by the type checker has one `default` more than at run time. */
function unwrapDefault<Value extends object>(value: Value | { readonly default: Value }): Value {
  return 'default' in value ? value.default : value;
}

function writeUtc(memory: WebAssembly.Memory, seconds: number, target: number): void {
  const date = new Date(seconds * 1000);
  const yearStart = Date.UTC(date.getUTCFullYear(), 0, 1);
  const fields = [
    date.getUTCSeconds(),
    date.getUTCMinutes(),
    date.getUTCHours(),
    date.getUTCDate(),
    date.getUTCMonth(),
    date.getUTCFullYear() - 1900,
    date.getUTCDay(),
    Math.floor((date.getTime() - yearStart) / 86_400_000),
    0,
    0,
  ];
  const view = new DataView(memory.buffer);
  for (const [index, field] of fields.entries()) view.setInt32(target + index * 4, field, true);
}
