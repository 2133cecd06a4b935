import { afterAll, describe, expect, it } from 'vitest';
import { openSandbox, verifyReceipt } from '../src/index.js';
import { toFiles } from './guests/run-guest.js';
import { readFixture } from './wasm/fixture.js';

const sandbox = await openSandbox({ maxWorkers: 1 });
afterAll(() => sandbox.close());

describe('verifyReceipt', () => {
  const call = { bytes: readFixture('shapes.wasm'), invoke: 'recursion', args: [5] };
  const run = () => sandbox.runWasm(call);

  it('confirms what happens again', async () => {
    expect(await verifyReceipt((await run()).receipt, run)).toEqual({ ok: true, differences: [] });
    const program = { files: toFiles({ 'a.mjs': 'console.log(Math.random());' }), entry: 'a.mjs' };
    const { receipt } = await sandbox.runJavaScript(program);
    // As it comes back from a journal: the same facts, in another order.
    const stored = JSON.parse(
      JSON.stringify({ ...receipt, hostCalls: Object.fromEntries(Object.entries(receipt.hostCalls).toReversed()) }),
    );
    expect(await verifyReceipt(stored, () => sandbox.runJavaScript(program))).toEqual({ ok: true, differences: [] });
  });

  it('names every fact that is not so', async () => {
    const { receipt } = await run();
    expect(await verifyReceipt({ ...receipt, fuelUnits: receipt.fuelUnits - 1 }, run)).toEqual({
      ok: false,
      differences: ['fuelUnits'],
    });
    expect(await verifyReceipt({ ...receipt, hostCalls: { write: 1 } }, run)).toEqual({
      ok: false,
      differences: ['hostCalls'],
    });
    expect(await verifyReceipt({ ...receipt, isExact: false }, run)).toEqual({ ok: false, differences: ['isExact'] });
    const other = () => sandbox.runWasm({ ...call, args: [6] });
    expect((await verifyReceipt(receipt, other)).differences.toSorted()).toEqual(['fuelUnits', 'input', 'output']);
  });
});
