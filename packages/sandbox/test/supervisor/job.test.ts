import { describe, expect, it } from 'vitest';
import { type Assembly, assembleModule } from '../../src/attacks/assemble.js';
import type { GuestResult } from '../../src/guests/guest-result.js';
import type { WasmProgram } from '../../src/guests/wasm-guest.js';
import { type GuestLimits, resolveLimits } from '../../src/limits.js';
import { type Job, runJob } from '../../src/supervisor/job.js';
import { PreparedModules } from '../../src/supervisor/prepared-modules.js';
import { RestartBudget } from '../../src/supervisor/restart-budget.js';
import type { PreparedModule } from '../../src/wasm/prepare.js';
import { readFixture } from '../wasm/fixture.js';

const modules = new PreparedModules();
const shapes = readFixture('shapes.wasm');

async function run(
  bytes: Uint8Array,
  program: Partial<WasmProgram>,
  limits: Partial<GuestLimits> = {},
): Promise<GuestResult> {
  const job: Job = {
    moduleKey: `${bytes.length} ${bytes.join('').slice(-200)}`,
    module: { bytes },
    limits: resolveLimits({ fuelUnits: 100_000, memoryBytes: 1 << 20, stackDepth: 3_000, ...limits }),
    program: { kind: 'wasm', wasm: { args: [], ...program } },
  };
  const result = await runJob(job, modules);
  if (result.kind !== 'ran') throw new Error(result.refusal.message);
  return result.guest;
}

const assembled = (assembly: Partial<Assembly>) => assembleModule({ code: [], ...assembly });
const loop = [0x03, 0x40, 0x0c, 0, 0x0b];

describe('a WebAssembly guest', () => {
  it('gives what its function gives, and what it used', async () => {
    expect(await run(shapes, { invoke: 'straight', args: ['35'] })).toMatchObject({
      values: [42],
      fuelUnits: 4,
      peakMemoryBytes: 65_536,
      denied: [],
    });
    expect(await run(shapes, { invoke: 'grow', args: [3] })).toMatchObject({
      values: [-3],
      peakMemoryBytes: 4 * 65_536,
    });
  });

  const traps: readonly (readonly [string, Uint8Array, Partial<WasmProgram>, string])[] = [
    ['a loop', assembled({ code: loop }), { invoke: 'run' }, 'fuel'],
    ['a loop in its start function', assembled({ code: loop, start: true }), {}, 'fuel'],
    ['a loop in _initialize', assembled({ code: loop, exportName: '_initialize' }), {}, 'fuel'],
    ['a loop in _start', assembled({ code: loop, exportName: '_start' }), {}, 'fuel'],
    ['recursion', assembled({ code: [0x10, 0] }), { invoke: 'run' }, 'depth'],
    ['its own trap', assembled({ code: [0x00] }), { invoke: 'run' }, 'guest'],
    ['an import', assembled({ import: ['wasi_snapshot_preview1', 'fd_write'] }), { invoke: 'run' }, 'denied'],
    ['a function it does not have', assembled({}), { invoke: 'other' }, 'denied'],
    ['arguments it does not take', assembled({}), { invoke: 'run', args: [1] }, 'denied'],
    ['an argument of another type', shapes, { invoke: 'loops', args: ['many'] }, 'denied'],
  ];
  for (const [what, bytes, program, kind] of traps) {
    it(`traps with kind ${kind} by ${what}`, async () => expect((await run(bytes, program)).trap?.kind).toBe(kind));
  }

  it('that has used more than it was granted has not ended well, even if no check came by', async () => {
    // 200 operators, no loop, no call: nothing to check, so only the end tells.
    const code = new Array<number[]>(100).fill([0x41, 0, 0x1a]).flat();
    expect(await run(assembled({ code }), { invoke: 'run' }, { fuelUnits: 50 })).toMatchObject({
      trap: { kind: 'fuel' },
      fuelUnits: 50,
    });
    expect((await run(assembled({ code }), { invoke: 'run' }, { fuelUnits: 101 })).trap).toBeUndefined();
  });

  it('does nothing when nothing is asked of it', async () => {
    expect(await run(assembled({}), {})).toMatchObject({ values: [], fuelUnits: 0 });
  });

  it('is prepared once, and can be prepared elsewhere', async () => {
    const own = new PreparedModules();
    const job: Job = {
      moduleKey: 'k',
      module: { bytes: shapes },
      limits: resolveLimits(),
      program: { kind: 'wasm', wasm: { invoke: 'straight', args: [1] } },
    };
    const first = await runJob(job, own);
    expect(first.kind === 'ran' && first.prepared !== undefined).toBe(true);
    expect(await runJob({ ...job, module: undefined }, own)).toEqual({
      kind: 'ran',
      guest: first.kind === 'ran' ? first.guest : undefined,
    });
    const prepared = first.kind === 'ran' ? first.prepared! : undefined;
    expect(await runJob({ ...job, module: { prepared: prepared! } }, new PreparedModules())).toMatchObject({
      kind: 'ran',
      guest: { values: [8] },
    });
    await expect(runJob({ ...job, module: undefined }, new PreparedModules())).rejects.toThrow('does not have');
  });

  it('is refused as data', async () => {
    const job: Job = {
      moduleKey: 'bad',
      module: { bytes: new Uint8Array(8) },
      limits: resolveLimits(),
      program: { kind: 'wasm', wasm: { args: [] } },
    };
    expect(await runJob(job, modules)).toMatchObject({ kind: 'refused', refusal: { code: 'malformed' } });
  });
});

describe('PreparedModules', () => {
  it('keeps those that were used last', () => {
    const kept = new PreparedModules();
    const module = {} as PreparedModule;
    for (let index = 0; index < 32; index += 1) kept.set(`m${index}`, module);
    kept.get('m0');
    kept.set('new', module);
    expect([kept.get('m0'), kept.get('m1'), kept.get('new')]).toEqual([module, undefined, module]);
  });
});

describe('RestartBudget', () => {
  it('forgets after a minute', () => {
    const budget = new RestartBudget(2);
    expect([budget.spend(0), budget.spend(1), budget.spend(2), budget.spend(60_003), budget.spend(60_004)]).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
  });
});
