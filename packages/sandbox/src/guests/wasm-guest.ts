import type { JsonValue } from '@trocar/core';
import { FuelTank } from '../host/fuel-tank.js';
import { TextOutput } from '../host/text-output.js';
import type { GuestLimits } from '../limits.js';
import type { Trap } from '../outcome.js';
import type { GuestArgument } from '../sandbox.js';
import { reservedNames } from '../wasm/policy.js';
import type { PreparedModule } from '../wasm/prepare.js';
import type { GuestResult } from './guest-result.js';
import { toTrap } from './to-trap.js';
import { fromGuestValue, toGuestValue } from './wasm-values.js';

/** One call of a WebAssembly module, as the thread that runs it gets it. */
export interface WasmProgram {
  readonly invoke?: string;
  readonly args: readonly GuestArgument[];
}

/** Runs one exported function of a metered module in a fresh instance. */
export function runWasmGuest(prepared: PreparedModule, program: WasmProgram, limits: GuestLimits): GuestResult {
  const stdout = new TextOutput();
  const stderr = new TextOutput();
  const hostCalls: Record<string, number> = {};
  const denied = prepared.imports.map(({ module, name }) => `${module}.${name}`);
  let tank: FuelTank | undefined;
  let instance: WebAssembly.Instance | undefined;
  let values: readonly JsonValue[] = [];
  let trap: Trap | undefined = checkRequest(prepared, program, denied);
  try {
    if (trap === undefined) {
      instance = new WebAssembly.Instance(prepared.compiled, {});
      tank = new FuelTank(instance, limits);
      values = call(instance, prepared, program);
      if (tank.isEmpty) throw new WebAssembly.RuntimeError('out of fuel at the end');
    }
  } catch (error) {
    values = [];
    trap = error instanceof BadArgument ? { kind: 'denied', message: error.message } : toTrap(error, tank);
  }
  return {
    values,
    stdout: stdout.toString(),
    stderr: stderr.toString(),
    ...(trap !== undefined && { trap }),
    fuelUnits: tank?.usedUnits ?? 0,
    peakMemoryBytes: instance === undefined ? 0 : memoryBytesOf(prepared, instance),
    hostCalls,
    tests: [],
    denied,
    missing: [],
  };
}

/** An argument that the function cannot take. */
class BadArgument extends Error {}

function checkRequest(prepared: PreparedModule, program: WasmProgram, denied: readonly string[]): Trap | undefined {
  if (denied.length > 0) {
    const shown = denied.slice(0, 5).join(', ');
    return { kind: 'denied', message: `The module asks for ${denied.length} imports that no grant names: ${shown}.` };
  }
  const { invoke } = program;
  if (invoke === undefined || prepared.exports.some(({ name, kind }) => name === invoke && kind === 'function'))
    return undefined;
  return { kind: 'denied', message: `The module exports no function ${JSON.stringify(invoke)}.` };
}

function call(instance: WebAssembly.Instance, prepared: PreparedModule, program: WasmProgram): readonly JsonValue[] {
  const functionOf = (name: string) => instance.exports[name] as (...args: unknown[]) => unknown;
  if (prepared.hasStart) functionOf(reservedNames.start)();
  const has = (wanted: string) => prepared.exports.some(({ name, kind }) => name === wanted && kind === 'function');
  const name = program.invoke ?? (has('_start') ? '_start' : undefined);
  if (name !== '_start' && has('_initialize')) functionOf('_initialize')();
  if (name === undefined) return [];
  const type = prepared.exports.find((entry) => entry.name === name)?.type;
  const parameters = type?.parameters ?? [];
  if (parameters.length !== program.args.length) {
    throw new BadArgument(`${name} takes ${parameters.length} arguments, ${program.args.length} were given.`);
  }
  const args = parameters.map((kind, index) => {
    const value = toGuestValue(kind, program.args[index]!);
    if (value === undefined) throw new BadArgument(`Argument ${index + 1} of ${name} is not of type ${kind}.`);
    return value;
  });
  const result = functionOf(name)(...args);
  const kinds = type?.results ?? [];
  const results = kinds.length === 0 ? [] : kinds.length === 1 ? [result] : [...(result as Iterable<unknown>)];
  return results.map(fromGuestValue);
}

/** Memory never shrinks, so what it is at the end is its peak. Counted where the guest exports it, else by the meter. */
function memoryBytesOf(prepared: PreparedModule, instance: WebAssembly.Instance): number {
  let bytes = 0;
  for (const name of prepared.memoryExports) bytes += (instance.exports[name] as WebAssembly.Memory).buffer.byteLength;
  return bytes;
}
