import { afterAll, describe, expect, it } from 'vitest';
import { assembleModule } from '../src/attacks/assemble.js';
import { defaultLimits, openSandbox, runAttacks, SandboxError, type SandboxErrorCode } from '../src/index.js';
import { toFiles } from './guests/run-guest.js';
import { readFixture } from './wasm/fixture.js';

const sandbox = await openSandbox();
afterAll(() => sandbox.close());

const spin = assembleModule({ code: [0x03, 0x40, 0x0c, 0, 0x0b] });
const shapes = readFixture('shapes.wasm');

async function codeOf(attempt: () => Promise<unknown>): Promise<SandboxErrorCode | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof SandboxError) return error.code;
    throw error;
  }
}

describe('runWasm', () => {
  it('gives values and a receipt that is equal for equal calls', async () => {
    const call = { bytes: shapes, invoke: 'recursion', args: [5] };
    const first = await sandbox.runWasm(call);
    expect(first).toMatchObject({
      ok: true,
      values: [120],
      stdout: '',
      receipt: { tier: 'wasm', peakMemoryBytes: 65_536, hostCalls: {} },
    });
    expect(first.trap).toBeUndefined();
    expect(await sandbox.runWasm(call)).toEqual(first);
    const other = await sandbox.runWasm({ ...call, args: [4] });
    expect(other.receipt.input).not.toBe(first.receipt.input);
    expect(other.receipt.module).toBe(first.receipt.module);
    const tighter = await sandbox.runWasm({ ...call, limits: { fuelUnits: 10_000 } });
    expect(tighter.receipt.policy).not.toBe(first.receipt.policy);
    expect(tighter.receipt.fuelUnits).toBe(first.receipt.fuelUnits);
  });

  it('starts every call with a fresh instance', async () => {
    const tail = () => sandbox.runWasm({ bytes: shapes, invoke: 'tail', args: [3] });
    expect((await tail()).values).toEqual([3]);
    expect((await tail()).values).toEqual([3]);
  });

  const denied: readonly (readonly [string, Parameters<typeof sandbox.runWasm>[0], RegExp])[] = [
    ['a function that is not there', { bytes: shapes, invoke: 'nope' }, /exports no function "nope"/],
    ['too few arguments', { bytes: shapes, invoke: 'recursion' }, /takes 1 arguments, 0 were given/],
    [
      'an argument of the wrong type',
      { bytes: shapes, invoke: 'recursion', args: ['x'] },
      /Argument 1 of recursion is not of type i32/,
    ],
    ['an argument that is too large', { bytes: shapes, invoke: 'recursion', args: [2 ** 40] }, /Argument 1/],
    ['bytes that are no module', { bytes: new Uint8Array(9), invoke: 'f' }, /malformed/],
  ];
  for (const [what, call, message] of denied) {
    it(`denies ${what}`, async () => {
      const outcome = await sandbox.runWasm(call);
      expect(outcome).toMatchObject({
        ok: false,
        values: [],
        trap: { kind: 'denied', message: expect.stringMatching(message) as string },
      });
    });
  }

  it('traps by its own doing', async () => {
    expect(await sandbox.runWasm({ bytes: shapes, invoke: 'trap', args: [0] })).toMatchObject({
      ok: false,
      trap: { kind: 'guest', message: 'divide by zero' },
    });
  });

  it('stops at the wall and goes on with a new worker', async () => {
    const started = performance.now();
    const stopped = await sandbox.runWasm({ bytes: spin, invoke: 'run', limits: { fuelUnits: 2 ** 50, wallMs: 100 } });
    expect(stopped.trap?.kind).toBe('wall');
    expect(stopped.receipt.isExact).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
    const next = await sandbox.runWasm({ bytes: shapes, invoke: 'straight', args: ['35'] });
    expect(next.values).toEqual([42]);
    expect(next.receipt).not.toHaveProperty('isExact');
    const files = toFiles({ 'a.test.mjs': 'for (;;);', 'b.test.mjs': '' });
    const tests = await sandbox.runTests({ files, limits: { fuelUnits: 2 ** 50, wallMs: 1_500 } });
    expect(tests).toMatchObject({ status: 'ran', failed: 1, passed: 1, receipt: { isExact: false } });
  });

  it('keeps guests that run at once apart', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        sandbox.runWasm({
          bytes: shapes,
          invoke: index % 3 === 0 ? 'forever' : 'loops',
          args: [index % 6],
          limits: { fuelUnits: 300_000 },
        }),
      ),
    );
    const alone = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((n) =>
        sandbox.runWasm({ bytes: shapes, invoke: 'loops', args: [n], limits: { fuelUnits: 300_000 } }),
      ),
    );
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 3 === 0) expect(outcome.trap?.kind).toBe('fuel');
      else expect(outcome).toEqual(alone[index % 6]);
    }
  });
});

describe('bad requests', () => {
  const bad: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['fuel of zero', () => sandbox.runWasm({ bytes: spin, limits: { fuelUnits: 0 } })],
    ['fuel that is no whole number', () => sandbox.runWasm({ bytes: spin, limits: { fuelUnits: 1.5 } })],
    ['an unknown limit', () => sandbox.runWasm({ bytes: spin, limits: { fuel: 1 } as object })],
    ['bytes that are none', () => sandbox.runWasm({ bytes: 'x' as unknown as Uint8Array })],
    [
      'too little memory for JavaScript',
      () => sandbox.runJavaScript({ files: toFiles({ 'a.js': '' }), entry: 'a.js', limits: { memoryBytes: 65_536 } }),
    ],
    ['an entry that is not there', () => sandbox.runJavaScript({ files: toFiles({ 'a.js': '' }), entry: 'b.js' })],
    ['a path that climbs', () => sandbox.runJavaScript({ files: toFiles({ '../a.js': '' }), entry: '../a.js' })],
    ['an absolute path', () => sandbox.runJavaScript({ files: toFiles({ '/a.js': '' }), entry: '/a.js' })],
    ['a file below a file', () => sandbox.runJavaScript({ files: toFiles({ a: '', 'a/b.js': '' }), entry: 'a/b.js' })],
    ['no workers', () => openSandbox({ maxWorkers: 0 })],
  ];
  for (const [what, attempt] of bad)
    it(`are refused: ${what}`, async () => expect(await codeOf(attempt)).toBe('bad-request'));

  it('do not include leaving limits out', async () => {
    const outcome = await sandbox.runWasm({
      bytes: shapes,
      invoke: 'straight',
      args: [1],
      limits: { wallMs: undefined as unknown as number },
    });
    expect(outcome.ok).toBe(true);
    expect(defaultLimits.wallMs).toBeGreaterThan(0);
  });
});

describe('a sandbox', () => {
  it('refuses more than it may queue', async () => {
    const small = await openSandbox({ maxWorkers: 1, maxQueued: 2 });
    const call = () => small.runWasm({ bytes: shapes, invoke: 'straight', args: [1] });
    const results = await Promise.all([0, 1, 2, 3, 4].map(() => codeOf(call)));
    expect(results.filter((code) => code === 'overloaded').length).toBeGreaterThan(0);
    expect(await codeOf(call)).toBeUndefined();
    await small.close();
  });

  it('answers everything that is open when it is closed', async () => {
    const closing = await openSandbox({ maxWorkers: 1 });
    const open = [0, 1, 2].map(() =>
      codeOf(() => closing.runWasm({ bytes: spin, invoke: 'run', limits: { fuelUnits: 2 ** 50 } })),
    );
    await closing[Symbol.asyncDispose]();
    expect(await Promise.all(open)).toEqual(['sandbox-closed', 'sandbox-closed', 'sandbox-closed']);
    expect(await codeOf(() => closing.runWasm({ bytes: spin }))).toBe('sandbox-closed');
  });

  it('gives up when guests kill its workers faster than the budget allows', async () => {
    const fragile = await openSandbox({ maxWorkers: 1, maxRestartsPerMinute: 1 });
    const kill = () => fragile.runWasm({ bytes: spin, invoke: 'run', limits: { fuelUnits: 2 ** 50, wallMs: 20 } });
    const results = await Promise.all([0, 1, 2].map(() => codeOf(kill)));
    expect(results).toEqual([undefined, undefined, 'worker-failed']);
    await fragile.close();
  });

  it('holds against every attack', async () => {
    const verdicts = await runAttacks(sandbox);
    expect(verdicts.length).toBeGreaterThan(25);
    expect(verdicts.filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(verdicts.map(({ name }) => name)).size).toBe(verdicts.length);
  });

  it('has room for JavaScript to recurse deeply, and lets it catch the end of its stack', async () => {
    const source = `let calls = 0; const f = () => { calls += 1; f(); };
      export const deepest = () => { try { f(); } catch (error) { return [calls > 2000, error.message]; } };
      export const nested = () => { let a = []; for (let i = 0; i < 400; i += 1) a = [a]; return a; };`;
    const files = toFiles({ 'a.mjs': source });
    expect((await sandbox.runJavaScript({ files, entry: 'a.mjs', invoke: 'deepest' })).values).toEqual([
      [true, 'stack overflow'],
    ]);
    // More levels than canonical JSON carries.
    expect(await sandbox.runJavaScript({ files, entry: 'a.mjs', invoke: 'nested' })).toMatchObject({
      ok: false,
      trap: { kind: 'guest' },
    });
  });

  it('runs JavaScript as well on a worker as on this thread', async () => {
    const call = {
      files: toFiles({
        'a.mjs': "import { readFileSync } from 'node:fs'; export const f = (n) => readFileSync('b.txt', 'utf8') + n;",
        'b.txt': 'B',
      }),
      entry: 'a.mjs',
      invoke: 'f',
      args: [1],
    };
    const first = await sandbox.runJavaScript(call);
    expect(first).toMatchObject({ ok: true, values: ['B1'] });
    expect(await sandbox.runJavaScript(call)).toEqual(first);
  });
});
