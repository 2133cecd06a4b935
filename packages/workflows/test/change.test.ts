import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDefaultPolicy, parsePolicy } from '@trocar/plane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyRecord } from '../src/index.js';
import { openWorkplace, type Workplace } from './workplace.js';

const before = 'export function double(n) {\n  return n + n;\n}\n';
const after = 'export function double(n) {\n  return 2 * n;\n}\n';
const edit = { path: 'math.js', symbol: 'double', new_code: after.trim() };

let place: Workplace;
const read = () => readFile(join(place.root, 'math.js'), 'utf8');

beforeEach(async () => {
  place = await openWorkplace({ 'math.js': before });
});

afterEach(() => place[Symbol.asyncDispose]());

describe('a call', () => {
  it('is a recorded run of one step with its receipt', async () => {
    await using port = await place.open();
    await port.call('extract_code', { path: 'math.js', symbol: 'double' }, 'local:ada');
    const [summary] = port.engine.runs();
    const { entries } = port.engine.run(summary!.runId);
    expect(summary).toMatchObject({ workflow: 'call', status: 'completed', identity: 'local:ada' });
    const step = entries.find(({ kind }) => kind === 'step-completed')!;
    expect(step.content.attributes).toMatchObject({
      tool: 'extract_code',
      identity: 'local:ada',
      grants: ['default-read'],
      receipt: { output: step.content.outputDigest, used: { wallMs: expect.any(Number) } },
    });
    expect(await verifyRecord(place.home)).toEqual({ ok: true, entries: entries.length });
  });

  it('fails with the problem of the tool or of the plane', async () => {
    await using port = await place.open();
    await expect(port.call('extract_code', { path: 'x.js', symbol: 'y' }, 'local:ada')).rejects.toMatchObject({
      code: 'path-missing',
    });
    await expect(port.call('extract_code', { path: 'math.js', symbol: 'double' }, 'agent:x')).rejects.toMatchObject({
      code: 'denied',
    });
    await expect(port.call('extract_code', { path: 7 }, 'local:ada')).rejects.toMatchObject({ code: 'invalid-input' });
    expect(port.engine.runs({ status: 'failed' })).toHaveLength(3);
  });

  it('is counted against the budget of its run, over processes', async () => {
    const policy = parsePolicy({
      ...createDefaultPolicy({ identity: 'local:ada', roots: [place.root] }),
      budget: { fuelUnits: 10 },
    });
    await using port = await place.open(policy);
    await place.write({ 'spin.js': 'for (;;) {}\n' });
    await expect(port.call('run_in_sandbox', { path: 'spin.js', fuel_units: 11 }, 'local:ada')).rejects.toMatchObject({
      code: 'over-budget',
    });
  });
});

describe('a change', () => {
  it('waits for an approval, and is carried out by another process', async () => {
    let run: string;
    {
      await using port = await place.open();
      const started = await port.change('update_symbol', edit, 'local:ada');
      run = started.run;
      expect(await started.settled()).toMatchObject({ status: 'waiting' });
      expect(await port.reportChange(run)).toMatchObject({
        status: 'awaiting-approval',
        edits: [{ file: 'math.js', added: 1, removed: 1 }],
      });
    }
    expect(await read()).toBe(before);
    await using port = await place.open();
    await port.decide(run, 'approve', 'local:ada');
    expect(await port.reportChange(run)).toMatchObject({ run, status: 'applied' });
    expect(await read()).toBe(after);
    expect(await verifyRecord(place.home, run)).toMatchObject({ ok: true });
  });

  it('is dropped when it is rejected', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', edit, 'local:ada');
    await settled();
    await port.decide(run, 'reject', 'local:ada');
    expect(await port.reportChange(run)).toMatchObject({ status: 'failed', problem: { code: 'rejected' } });
    expect(await read()).toBe(before);
  });

  it('is not applied on the word of an agent', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', edit, 'local:ada');
    await settled();
    await port.decide(run, 'approve', 'agent:ada');
    expect(await port.reportChange(run)).toMatchObject({ status: 'failed', problem: { code: 'denied' } });
    expect(await read()).toBe(before);
  });

  it('is not applied to a file that changed meanwhile', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', edit, 'local:ada');
    await settled();
    await place.write({ 'math.js': `// mine\n${before}` });
    await port.decide(run, 'approve', 'local:ada');
    expect(await port.reportChange(run)).toMatchObject({ status: 'failed', problem: { code: 'file-changed' } });
    expect(await read()).toBe(`// mine\n${before}`);
  });

  it('asks nobody where there is nothing to change', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', { ...edit, new_code: before.trim() }, 'local:ada');
    expect(await settled()).toMatchObject({ status: 'completed' });
    expect(await port.reportChange(run)).toMatchObject({ status: 'failed', problem: { code: 'nothing-to-change' } });
  });

  it('needs no approval where the operator has agreed beforehand', async () => {
    await using port = await place.open(
      createDefaultPolicy({ identity: 'agent:editor', roots: [place.root], allowWrites: true }),
    );
    const { run, settled } = await port.change('update_symbol', edit, 'agent:editor');
    expect(await settled()).toMatchObject({ status: 'completed' });
    expect(await port.reportChange(run)).toMatchObject({ status: 'applied' });
    expect(await read()).toBe(after);
  });

  it('fails before anything is asked where the plan fails', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', { ...edit, symbol: 'triple' }, 'local:ada');
    expect(await settled()).toMatchObject({ status: 'failed' });
    expect(await port.reportChange(run)).toMatchObject({
      status: 'failed',
      edits: [],
      problem: { code: 'symbol-missing' },
    });
    await expect(port.decide(run, 'approve', 'local:ada')).rejects.toMatchObject({ code: 'nothing-to-decide' });
  });
});

describe('a relative path', () => {
  it('means the same file wherever the run is resumed', async () => {
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', edit, 'local:ada');
    await settled();
    const [started] = port.engine.run(run).entries;
    expect(started!.content.input).toMatchObject({ input: { path: join(place.root, 'math.js') } });
  });
});

describe('a run that another process drives', () => {
  it('is finished there once it has got its decision', async () => {
    await using server = await place.open();
    const { run, settled } = await server.change('update_symbol', edit, 'local:ada');
    await settled();
    await using port = await place.open();
    await port.decide(run, 'approve', 'local:ada');
    expect(await port.reportChange(run)).toMatchObject({ status: 'applied' });
    expect(await read()).toBe(after);
  });
});

describe('requests that do not fit', () => {
  it('are refused by name', async () => {
    await expect(verifyRecord(place.home)).rejects.toMatchObject({ code: 'no-journal' });
    await using port = await place.open();
    const { run, settled } = await port.change('update_symbol', edit, 'local:ada');
    await settled();
    await expect(port.reportOperate(run)).rejects.toMatchObject({ code: 'not-this-workflow' });
    await port.call('extract_code', { path: 'math.js', symbol: 'double' }, 'local:ada');
    const call = port.engine.runs({ workflow: 'call' })[0]!.runId;
    await expect(port.reportChange(call)).rejects.toMatchObject({ code: 'not-this-workflow' });
    await expect(port.resume('run-unknown')).rejects.toMatchObject({ code: 'run-unknown' });
  });

  it('resume what is open and not driven by somebody else', async () => {
    {
      await using port = await place.open();
      await (await port.change('update_symbol', edit, 'local:ada')).settled();
    }
    await using port = await place.open();
    expect(await port.resume()).toHaveLength(1);
  });
});
