import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuestReport } from '../src/index.js';
import { type Bench, openBench } from './bench.js';

// (module (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const adder = Uint8Array.from([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 7, 1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 7, 1, 3, 0x61, 0x64, 0x64, 0,
  0, 10, 9, 1, 7, 0, 0x20, 0, 0x20, 1, 0x6a, 0x0b,
]);

let bench: Bench;

beforeAll(async () => {
  bench = await openBench({
    'add.wasm': adder,
    'broken.wasm': Uint8Array.of(1, 2, 3),
    'hello.js': 'console.log("hello");\nexport const twice = (n) => Number(n) * 2;\n',
    'spin.js': 'for (;;) {}\n',
    'tool.sh': 'echo no\n',
    'huge.js': '',
  });
  await truncate(join(bench.root, 'huge.js'), 65 * 1024 * 1024);
});

afterAll(() => bench[Symbol.asyncDispose]());

describe('run_in_sandbox', () => {
  const run = (input: object) => bench.call<GuestReport>('run_in_sandbox', input);

  it('runs a WebAssembly function and says what it cost', async () => {
    const report = await run({ path: 'add.wasm', invoke: 'add', args: ['2', 3] });
    expect(report).toMatchObject({ ok: true, values: [5], receipt: { tier: 'wasm', fuelUnits: 4 } });
    expect(report.trap).toBeUndefined();
  });

  it('runs JavaScript', async () => {
    expect(await run({ path: 'hello.js', invoke: 'twice', args: ['21'] })).toMatchObject({
      ok: true,
      values: [42],
      stdout: 'hello\n',
    });
  });

  it.each([
    [{ path: 'spin.js', fuel_units: 100_000_000 }, 'fuel'],
    [{ path: 'spin.js', fuel_units: 10_000_000_000, wall_ms: 300 }, 'wall'],
    [{ path: 'broken.wasm' }, 'denied'],
    [{ path: 'hello.js', invoke: 'missing' }, 'guest'],
  ])('%j is stopped: %s', async (input, kind) => {
    expect(await run(input)).toMatchObject({ ok: false, trap: { kind } });
  });

  it.each<[string, string, object?]>([
    ['tool.sh', 'guest-unsupported'],
    ['huge.js', 'file-too-large'],
    ['missing.wasm', 'path-missing'],
    ['hello.js', 'bad-request', { memory_bytes: 1 }],
    ['hello.js', 'over-budget', { fuel_units: 60_000_000_000_000 }],
  ])('refuses %s with %s', async (path, code, more = {}) => {
    await expect(run({ path, ...more })).rejects.toMatchObject({ code });
  });
});

describe('attack_installation', () => {
  it('finds every wall standing', async () => {
    const report = await bench.call<{ ok: boolean; attacks: { ok: boolean; name: string }[] }>(
      'attack_installation',
      {},
    );
    expect(report.attacks.filter(({ ok }) => !ok)).toEqual([]);
    expect(report.attacks.length).toBeGreaterThan(12);
  });
});
