import { readFileSync } from 'node:fs';
import { digestBytes } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { meterModule } from '../../src/wasm/meter.js';
import { callMetered, readFixture, readKernels, realModules, wideCaps } from './fixture.js';
import { scanMetered } from './scanner.js';

interface Measured {
  readonly value: number;
  readonly fuelUnits: number;
}
type Table = Record<string, Record<string, Measured>>;
const oracle = JSON.parse(readFileSync(new URL('../fixtures/wasmtime-fuel.json', import.meta.url), 'utf8')) as {
  readonly shapes: Table;
  readonly kernels: Table;
};

function meter(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = meterModule(bytes, wideCaps);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.module.bytes;
}

function instantiate(bytes: Uint8Array): WebAssembly.Exports {
  return new WebAssembly.Instance(new WebAssembly.Module(meter(bytes))).exports;
}

describe('fuel', () => {
  for (const [what, bytes, table] of [
    ['every shape of control flow', () => readFixture('shapes.wasm'), oracle.shapes],
    ['the kernels', readKernels, oracle.kernels],
  ] as const) {
    it(`equals wasmtime's unit for unit: ${what}`, () => {
      expect(Object.keys(table).length).toBeGreaterThan(7);
      for (const [name, calls] of Object.entries(table)) {
        for (const [argument, wanted] of Object.entries(calls)) {
          // Fresh instances on both sides: some functions leave traces.
          const exports = instantiate(bytes());
          const got = callMetered(exports, name, Number(argument));
          expect({ name, argument, ...got }).toEqual({ name, argument, ...wanted });
        }
      }
    });
  }

  it('suffices exactly: what a call used is enough, one unit less is not', () => {
    for (const [name, calls] of Object.entries(oracle.shapes)) {
      for (const [argument, { value, fuelUnits }] of Object.entries(calls)) {
        const enough = callMetered(instantiate(readFixture('shapes.wasm')), name, Number(argument), {
          fuelUnits: BigInt(fuelUnits),
        });
        expect(enough).toEqual({ value, fuelUnits });
        const exports = instantiate(readFixture('shapes.wasm'));
        let left: bigint;
        try {
          callMetered(exports, name, Number(argument), { fuelUnits: BigInt(fuelUnits - 1) });
        } catch (error) {
          expect(error).toBeInstanceOf(WebAssembly.RuntimeError);
        } finally {
          left = (exports['trocar:fuel'] as WebAssembly.Global).value as bigint;
        }
        expect(left < 0n).toBe(true);
      }
    }
  });

  it('traps everywhere until it is granted', () => {
    const exports = instantiate(readFixture('shapes.wasm'));
    expect(() => (exports.recursion as (n: number) => number)(3)).toThrow(WebAssembly.RuntimeError);
    expect(() => (exports.forever as (n: number) => number)(3)).toThrow(WebAssembly.RuntimeError);
  });
});

describe('exceptions', () => {
  it('are caught as before, and the stack of the frames they end is given back', () => {
    const exports = instantiate(readFixture('exceptions.wasm'));
    const plain = new WebAssembly.Instance(new WebAssembly.Module(readFixture('exceptions.wasm'))).exports;
    for (const name of ['caught', 'rethrown', 'delegated', 'delegatedout', 'unwound']) {
      for (const argument of [0, 1, 4]) {
        const wanted = (() => {
          try {
            return (plain[name] as (argument: number) => number)(argument);
          } catch {
            return 'threw';
          }
        })();
        const grant = { fuelUnits: 10n ** 9n, stackDepth: 200 };
        let got: unknown;
        try {
          got = callMetered(exports, name, argument, grant).value;
          expect((exports['trocar:stack'] as WebAssembly.Global).value).toBe(200);
        } catch {
          got = 'threw';
        }
        expect({ name, argument, got }).toEqual({ name, argument, got: wanted });
      }
    }
    expect(callMetered(exports, 'unwound', 400, { fuelUnits: 10n ** 9n, stackDepth: 200 }).value).toBe(2000);
  });

  it('cannot swallow the end of fuel', () => {
    const exports = instantiate(readFixture('exceptions.wasm'));
    expect(() => callMetered(exports, 'swallow', 0, { fuelUnits: 100_000n })).toThrow(WebAssembly.RuntimeError);
  });
});

describe('stack', () => {
  it('is a limit of its own, equal on every run', () => {
    const exports = instantiate(readFixture('shapes.wasm'));
    const deepest = (stackDepth: number) => {
      let depth = 0;
      try {
        for (; ; depth += 1) callMetered(exports, 'mutual', depth, { fuelUnits: 10n ** 9n, stackDepth });
      } catch {
        return depth;
      }
    };
    const reached = deepest(100);
    expect(reached).toBeGreaterThan(30);
    expect(deepest(100)).toBe(reached);
    expect(() => callMetered(exports, 'mutual', 1000, { fuelUnits: 10n ** 9n, stackDepth: 100 })).toThrow();
    expect((exports['trocar:stack'] as WebAssembly.Global).value as number).toBeLessThan(0);
    expect(callMetered(exports, 'tail', 100_000, { fuelUnits: 10n ** 9n, stackDepth: 100 }).value).toBe(100_000);
  });
});

describe('the metered module', () => {
  for (const [name, read] of realModules) {
    it(`charges at every function entry and checks at every loop: ${name}`, () => {
      const result = meterModule(read(), wideCaps);
      if (!result.ok) throw new Error(result.refusal.message);
      const original = scanMetered(read(), 0);
      const fuelGlobal = countGlobals(result.module.bytes) - 2;
      const report = scanMetered(result.module.bytes, fuelGlobal);
      expect(report.faults).toEqual([]);
      expect(report.functions).toBe(original.functions);
      expect(report.loops).toBe(original.loops);
      // The scanner can tell: the unmetered module is full of faults.
      expect(original.faults.length).toBeGreaterThanOrEqual(original.functions);
    });

    it(`is valid and equal each time: ${name}`, () => {
      const first = meter(read());
      expect(WebAssembly.validate(first)).toBe(true);
      expect(digestBytes(meter(read()))).toBe(digestBytes(first));
      // Code of ordinary density grows by less than half; tiny functions by more.
      expect(first.length / read().length).toBeLessThan(name === 'QuickJS' ? 1.45 : 3);
    });

    it(`is refused when it is metered again: ${name}`, () => {
      expect(meterModule(meter(read()), wideCaps)).toMatchObject({ ok: false, refusal: { code: 'reserved-name' } });
    });
  }

  it('has the bytes that version 2 of the meter makes', () => {
    expect(digestBytes(meter(readFixture('shapes.wasm')))).toMatchInlineSnapshot(
      `"sha256:9a6336bbaa77e2a2eeb42a043c87214223a0dda08d282a6f10868bb44cf65fd5"`,
    );
  });
});

/** Reads the number of globals that a module defines (the fixtures import none). */
function countGlobals(bytes: Uint8Array): number {
  const leb = (start: number): [number, number] => {
    let value = 0;
    let at = start;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return [value, at];
    }
  };
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at]!;
    const [size, content] = leb(at + 1);
    if (id === 6) return leb(content)[0];
    at = content + size;
  }
  return 0;
}
