import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createManualClock, type JsonObject, type Logger } from '@trocar/core';
import Libsql from 'libsql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineWorkflow, type EngineOptions, openEngine, type RunEvent, verifyJournal } from '../../src/index.js';
import { createFolder, openTestEngine, plainSteps, query, seeded, tamper, until } from '../scratch.js';

const double = defineWorkflow({ name: 'double', version: '1', input: z.number(), output: z.number() }, (ctx, n) =>
  ctx.run('double', n, { output: z.number() }),
);
const approve = defineWorkflow({ name: 'approve', version: '1', input: z.null(), output: z.string() }, (ctx) =>
  ctx.signal('approval', { schema: z.string() }),
);
const nap = defineWorkflow({ name: 'nap', version: '1', input: z.number(), output: z.null() }, async (ctx, ms) => {
  await ctx.sleep(ms);
  return null;
});
const toil = defineWorkflow({ name: 'toil', version: '1', input: z.null(), output: z.unknown() }, (ctx) =>
  ctx.run('toil', null),
);

function createLog(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const log = (level: string) => (message: string, fields?: JsonObject) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return { lines, logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') } };
}

describe('defineWorkflow', () => {
  it('refuses names that could not stand in a record', () => {
    for (const [name, version] of [
      ['', '1'],
      ['a@b', '1'],
      ['a', ''],
      ['a'.repeat(101), '1'],
      ['-a', '1'],
      [7 as never, '1'],
    ] as const) {
      const define = () => defineWorkflow({ name, version, input: z.null(), output: z.null() }, async () => null);
      expect(define).toThrow(expect.objectContaining({ code: 'name-invalid' }));
    }
  });
});

describe('an engine', () => {
  it('tells what happens while a run goes on', async () => {
    const engine = await openTestEngine(createFolder(), [double]);
    const events: RunEvent[] = [];
    const stop = engine.onEvent((event) => events.push(event));
    engine.onEvent(() => {
      throw new Error('A listener must not matter.');
    });
    const handle = await engine.start(double, 4, { identity: 'spiffe://example.org/me' });
    expect(await handle.closed()).toEqual({ status: 'completed', output: 8 });
    expect(await handle.settled()).toEqual({ status: 'completed', output: 8 });
    const names = events.map((event) => (event.type === 'entry' ? event.entry.kind : `${event.type} ${event.step}`));
    expect(names).toEqual(['run-started', 'step-started double', 'step-completed', 'run-completed']);
    stop();
    await (await engine.start(double, 5)).closed();
    expect(events.length).toBe(4);
  });

  it('records identity, attributes, digests and blobs in the entry of the step', async () => {
    const steps = {
      toil: async (
        _input: unknown,
        { blobs }: { blobs: { put(text: string): string; get(digest: never): Uint8Array } },
      ) => {
        const digest = blobs.put('kept');
        return {
          output: Buffer.from(blobs.get(digest as never)).toString(),
          attributes: { receipt: { fuelUnits: 3 } },
        };
      },
    };
    const engine = await openTestEngine(createFolder(), [toil], { steps: steps as never });
    const handle = await engine.start(toil, null, { identity: 'me' });
    await handle.closed();
    const { summary, entries } = engine.run(handle.runId);
    expect(summary).toMatchObject({ status: 'completed', identity: 'me', workflow: 'toil', version: '1', entries: 3 });
    expect(entries[1]?.content).toMatchObject({
      attributes: { receipt: { fuelUnits: 3 } },
      blobs: [expect.stringMatching(/^sha256:/)],
      inputDigest: expect.stringMatching(/^sha256:/),
      outputDigest: expect.stringMatching(/^sha256:/),
      output: 'kept',
    });
  });

  it('lists runs, the newest first, by status and workflow', async () => {
    const clock = createManualClock(1_000);
    const engine = await openTestEngine(createFolder(), [double, approve], { clock, random: seeded('list') });
    for (const n of [1, 2, 3]) {
      await (await engine.start(double, n, { runId: `double-${n}` })).closed();
      clock.advance(10);
    }
    const waiting = await engine.start(approve, null, { runId: 'approve-1' });
    await waiting.settled();
    const ids = (filter?: Parameters<typeof engine.runs>[0]) => engine.runs(filter).map(({ runId }) => runId);
    expect(ids()).toEqual(['approve-1', 'double-3', 'double-2', 'double-1']);
    expect(ids({ limit: 2 })).toEqual(['approve-1', 'double-3']);
    expect(ids({ status: 'completed', limit: 1 })).toEqual(['double-3']);
    expect(ids({ workflow: 'approve' })).toEqual(['approve-1']);
    expect(ids({ workflow: 'doub' })).toEqual([]);
    expect(engine.runs({ status: 'waiting' })[0]?.waitingFor).toEqual([{ kind: 'signal', name: 'approval' }]);
    expect(() => engine.run('nobody')).toThrow(expect.objectContaining({ code: 'run-unknown' }));
    await expect(engine.resume('nobody')).rejects.toMatchObject({ code: 'run-unknown' });
  });

  it('refuses input that does not fit, and payloads above its limit, and goes on', async () => {
    const engine = await openTestEngine(createFolder(), [double, approve], { maxPayloadBytes: 20 });
    await expect(engine.start(double, 'x' as never)).rejects.toMatchObject({ code: 'input-invalid' });
    const handle = await engine.start(approve, null);
    await handle.settled();
    const large = engine.signal(handle.runId, 'approval', 'x'.repeat(30));
    await expect(large).rejects.toMatchObject({ code: 'payload-too-large' });
    await engine.signal(handle.runId, 'approval', 'fits');
    expect(await handle.closed()).toEqual({ status: 'completed', output: 'fits' });
  });

  it('refuses an oversize output at the step, which the workflow survives', async () => {
    const survive = defineWorkflow(
      { name: 'survive', version: '1', input: z.null(), output: z.string() },
      async (ctx) =>
        ctx.run('toil', null).then(
          () => 'kept',
          (error: { problem: { code: string } }) => error.problem.code,
        ),
    );
    const toil = async () => ({ output: 'x'.repeat(2_000) });
    const engine = await openTestEngine(createFolder(), [survive], { steps: { toil }, maxPayloadBytes: 1_000 });
    const handle = await engine.start(survive, null);
    expect(await handle.closed()).toEqual({ status: 'completed', output: 'payload-too-large' });
  });

  it('resumes a run that it drives already by giving the same handle', async () => {
    const engine = await openTestEngine(createFolder(), [approve]);
    const handle = await engine.start(approve, null);
    expect(await engine.resume(handle.runId)).toBe(handle);
    expect(await engine.resume()).toEqual([]);
  });

  it('lets a signal and a cancellation come from another process while it drives the run', async () => {
    const folder = createFolder();
    const driver = await openTestEngine(folder, [approve]);
    const other = await openTestEngine(folder, [approve]);
    const first = await driver.start(approve, null);
    const second = await driver.start(approve, null);
    await Promise.all([first.settled(), second.settled()]);
    await expect(other.resume(first.runId)).rejects.toMatchObject({ code: 'run-held' });
    expect(await other.resume()).toEqual([]);
    await other.signal(first.runId, 'approval', 'from elsewhere');
    expect(await first.closed()).toEqual({ status: 'completed', output: 'from elsewhere' });
    await other.cancel(second.runId, { identity: 'other', reason: 'no more' });
    expect(await second.closed()).toMatchObject({ status: 'cancelled' });
    const { publicKey } = driver;
    expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey })).toMatchObject({ ok: true });
  });

  it('waits for a child that another process drives, and takes no other run for its child', async () => {
    const parent = defineWorkflow({ name: 'parent', version: '1', input: z.null(), output: z.unknown() }, (ctx) =>
      ctx.child(approve, null).catch((error: { problem: { code: string } }) => error.problem.code),
    );
    const folder = createFolder();
    const other = await openTestEngine(folder, [approve, nap]);
    const engine = await openTestEngine(folder, [parent, approve, nap]);
    await other.start(approve, null, { runId: 'mine.0' });
    const mine = await engine.start(parent, null, { runId: 'mine' });
    const waitingFor = [{ kind: 'child', runId: 'mine.0' }];
    expect(await mine.settled()).toEqual({ status: 'waiting', waitingFor });
    await other.signal('mine.0', 'approval', 'from elsewhere');
    expect(await mine.closed()).toEqual({ status: 'completed', output: 'from elsewhere' });
    await other.start(nap, 60_000, { runId: 'yours.0' });
    const yours = await engine.start(parent, null, { runId: 'yours' });
    expect(await yours.closed()).toEqual({ status: 'completed', output: 'run-exists' });
  });

  it('stops driving a run that somebody else has taken over', async () => {
    const folder = createFolder();
    const slow = await openTestEngine(folder, [approve]);
    const handle = await slow.start(approve, null);
    await handle.settled();
    // What a holder's lock cannot survive: its folder is removed, so that others take it for dead.
    rmSync(join(folder, 'store.db-holders'), { recursive: true });
    const fast = await openTestEngine(folder, [approve]);
    const taken = await fast.resume(handle.runId);
    const lost = handle.closed();
    await fast.signal(handle.runId, 'approval', 'mine');
    expect(await taken.closed()).toEqual({ status: 'completed', output: 'mine' });
    expect(await lost).toMatchObject({ status: 'failed', problem: { code: 'run-held' } });
  });

  it('does not let a holder that was taken for dead append', async () => {
    const folder = createFolder();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const steps = { toil: () => released.then(() => ({ output: 1 })) };
    const slow = await openTestEngine(folder, [toil], { steps });
    const handle = await slow.start(toil, null);
    rmSync(join(folder, 'store.db-holders'), { recursive: true });
    const fast = await openTestEngine(folder, [toil], { steps: { toil: async () => ({ output: 2 }) } });
    expect(await (await fast.resume(handle.runId)).closed()).toEqual({ status: 'completed', output: 2 });
    release();
    expect(await handle.closed()).toMatchObject({ status: 'failed', problem: { code: 'run-held' } });
    expect(fast.run(handle.runId).entries.filter(({ kind }) => kind === 'step-completed').length).toBe(1);
  });

  it('interrupts steps when it closes, keeps what they finish meanwhile, and lets the next engine go on', async () => {
    const folder = createFolder();
    const both = defineWorkflow({ name: 'both', version: '1', input: z.null(), output: z.unknown() }, (ctx) =>
      Promise.all([ctx.run('stubborn', null), ctx.run('obedient', null)]),
    );
    const started: string[] = [];
    const create = (work: number) => ({
      stubborn: async () => {
        started.push('stubborn');
        await new Promise((resolve) => setTimeout(resolve, work));
        return { output: 's' };
      },
      obedient: async (_input: unknown, { signal }: { signal: AbortSignal }) => {
        started.push('obedient');
        await new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
          setTimeout(resolve, 5 * work);
        });
        return { output: 'o' };
      },
    });
    const first = await openTestEngine(folder, [both], { steps: create(60) });
    const handle = await first.start(both, null);
    await until(() => started.length === 2);
    const settled = handle.settled();
    await Promise.all([first.close(), first.close()]);
    expect(await settled).toMatchObject({ status: 'failed', problem: { code: 'engine-closed' } });
    await expect(first.start(both, null)).rejects.toMatchObject({ code: 'engine-closed' });
    const second = await openTestEngine(folder, [both], { steps: create(1) });
    expect(await (await second.resume(handle.runId)).closed()).toEqual({ status: 'completed', output: ['s', 'o'] });
    expect(started).toEqual(['stubborn', 'obedient', 'obedient']);
  });

  it('is disposable', async () => {
    const folder = createFolder();
    {
      await using engine = await openEngine({
        path: join(folder, 'deep', 'er', 'store.db'),
        workflows: [double],
        steps: plainSteps,
      });
      await (await engine.start(double, 1)).closed();
    }
    expect(existsSync(join(folder, 'deep', 'er', 'store.db'))).toBe(true);
    expect(readdirSync(join(folder, 'deep', 'er', 'store.db-holders'))).toEqual([]);
  });

  it('never lets the record run backwards when the clock does', async () => {
    const clock = createManualClock(50_000);
    const folder = createFolder();
    const engine = await openTestEngine(folder, [approve, nap], { clock });
    const handle = await engine.start(approve, null);
    await handle.settled();
    clock.advance(-40_000);
    await engine.signal(handle.runId, 'approval', 'later, but earlier');
    await handle.closed();
    const times = engine.run(handle.runId).entries.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey: engine.publicKey })).toMatchObject({
      ok: true,
    });
  });

  it('says what a timer waits for', async () => {
    const clock = createManualClock(1_000);
    const engine = await openTestEngine(createFolder(), [nap], { clock });
    const handle = await engine.start(nap, 500);
    expect(await handle.settled()).toEqual({ status: 'waiting', waitingFor: [{ kind: 'timer', dueMs: 1_500 }] });
    clock.advance(500);
    expect(await handle.closed()).toMatchObject({ status: 'completed' });
  });

  it('resumes every run but those it does not know, and says which', async () => {
    const folder = createFolder();
    const first = await openTestEngine(folder, [approve, nap]);
    await first.start(approve, null, { runId: 'a' });
    await first.start(approve, null, { runId: 'b' });
    await first.start(nap, 60_000, { runId: 'n' });
    await first.close();
    const { logger, lines } = createLog();
    const second = await openTestEngine(folder, [approve], { logger });
    expect((await second.resume()).map(({ runId }) => runId).sort()).toEqual(['a', 'b']);
    expect(lines.join()).toContain('"workflow":"nap@1"');
    await expect(second.resume('n')).rejects.toMatchObject({ code: 'workflow-unknown', data: { workflow: 'nap@1' } });
  });

  it('leaves parked runs alone until a signal, a cancellation or their time comes', async () => {
    const folder = createFolder();
    const first = await openTestEngine(folder, [approve, nap]);
    for (const runId of ['signalled', 'elsewhere', 'cancelled', 'closed', 'resumed']) {
      await (await first.start(approve, null, { runId })).settled();
    }
    await (await first.start(nap, 300, { runId: 'napping' })).settled();
    await first.close();
    const second = await openTestEngine(folder, [approve, nap]);
    const events: string[] = [];
    second.onEvent((event) => events.push(event.type === 'entry' ? event.entry.kind : event.type));
    const handles = new Map((await second.resume()).map((handle) => [handle.runId, handle]));
    expect(await second.resume()).toEqual([]);
    expect(events).toEqual([]);
    expect(await handles.get('signalled')?.settled()).toMatchObject({ status: 'waiting' });
    await expect(second.signal('signalled', 'approval', 7)).rejects.toMatchObject({ code: 'signal-invalid' });
    await second.signal('signalled', 'approval', 'here');
    expect(await handles.get('signalled')?.closed()).toEqual({ status: 'completed', output: 'here' });
    const third = await openTestEngine(folder, [approve, nap]);
    await third.signal('elsewhere', 'approval', 'there');
    expect(await handles.get('elsewhere')?.closed()).toEqual({ status: 'completed', output: 'there' });
    await second.cancel('cancelled');
    expect(await handles.get('cancelled')?.closed()).toMatchObject({ status: 'cancelled' });
    expect(await handles.get('napping')?.closed()).toEqual({ status: 'completed', output: null });
    expect(await second.resume('resumed')).toBe(handles.get('resumed'));
    await third.resume('closed');
    await third.signal('closed', 'approval', 'by another');
    expect(await handles.get('closed')?.closed()).toEqual({ status: 'completed', output: 'by another' });
    const left = handles.get('resumed')?.closed();
    await second.close();
    expect(await left).toMatchObject({ status: 'failed', problem: { code: 'engine-closed' } });
  });

  it('follows a run that another process took up, and takes it over when that process is gone', async () => {
    const both = defineWorkflow({ name: 'both', version: '1', input: z.null(), output: z.unknown() }, async (ctx) => {
      await ctx.signal('go', { schema: z.null() });
      return ctx.run('toil', null);
    });
    const endless: EngineOptions['steps'] = {
      toil: (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const folder = createFolder();
    const first = await openTestEngine(folder, [both]);
    await (await first.start(both, null, { runId: 'a' })).settled();
    await first.close();
    const follower = await openTestEngine(folder, [both], { steps: { toil: async () => ({ output: 'done' }) } });
    const [handle] = await follower.resume();
    const driver = await openTestEngine(folder, [both], { steps: endless });
    await driver.resume('a');
    await follower.signal('a', 'go', null);
    await until(() => driver.run('a').summary.status === 'running');
    await driver.close();
    expect(await handle?.closed()).toEqual({ status: 'completed', output: 'done' });
  });

  it('says why a parked run cannot be taken up when its time comes', async () => {
    const folder = createFolder();
    const first = await openTestEngine(folder, [nap]);
    await (await first.start(nap, 200, { runId: 'a' })).settled();
    await first.close();
    const second = await openTestEngine(folder, [nap]);
    const [handle] = await second.resume();
    tamper(folder, 'UPDATE entries SET body = replace(body, \'"at":\', \'"at":1\') WHERE seq = 0');
    expect(await handle?.closed()).toMatchObject({ status: 'failed', problem: { code: 'store-tampered' } });
  });

  it('refuses to go on with a run whose entries were changed, and goes on with the others', async () => {
    const folder = createFolder();
    const endless: EngineOptions['steps'] = {
      toil: (_input, { signal }) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    };
    const first = await openTestEngine(folder, [toil], { steps: endless });
    for (const runId of ['a', 'b']) await first.start(toil, null, { runId });
    await first.close();
    tamper(folder, "UPDATE entries SET body = replace(body, '\"at\":', '\"at\":1') WHERE run = 'a' AND seq = 0");
    const { logger, lines } = createLog();
    const second = await openTestEngine(folder, [toil], { steps: endless, logger });
    expect((await second.resume()).map(({ runId }) => runId)).toEqual(['b']);
    expect(lines.join()).toContain('"runId":"a"');
    await expect(second.resume('a')).rejects.toMatchObject({ code: 'store-tampered' });
    expect(() => second.run('a')).toThrow(expect.objectContaining({ code: 'store-tampered' }));
  });

  it('stops a run whose payload is gone, and goes on when it is back', async () => {
    const folder = createFolder();
    const large = 'x'.repeat(20_000);
    const echo = defineWorkflow(
      { name: 'echo', version: '1', input: z.string(), output: z.string() },
      async (ctx, input) => {
        const output = await ctx.run('echo', input, { output: z.string() });
        return output + (await ctx.signal('more', { schema: z.string() }));
      },
    );
    const first = await openTestEngine(folder, [echo]);
    const { runId, settled } = await first.start(echo, large);
    await settled();
    await first.close();
    tamper(folder, 'CREATE TABLE kept AS SELECT * FROM blobs', 'DELETE FROM blobs');
    const second = await openTestEngine(folder, [echo]);
    const stopped = await second.resume(runId);
    expect(await stopped.settled()).toMatchObject({ status: 'failed', problem: { code: 'blob-missing' } });
    tamper(folder, 'INSERT INTO blobs SELECT * FROM kept', 'DROP TABLE kept');
    const [handle, same] = await Promise.all([second.resume(runId), second.resume(runId)]);
    expect(same).toBe(handle);
    await second.signal(runId, 'more', '!');
    expect(await handle.closed()).toEqual({ status: 'completed', output: `${large}!` });
    expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey: second.publicKey })).toMatchObject({
      ok: true,
    });
  });

  it('gives the problem of a damaged index', async () => {
    const folder = createFolder();
    const first = await openTestEngine(folder, [double]);
    await (await first.start(double, 1, { runId: 'a' })).closed();
    tamper(folder, "UPDATE runs SET record = '{'");
    expect(() => first.runs()).toThrow(expect.objectContaining({ code: 'store-tampered' }));
    tamper(folder, 'UPDATE runs SET record = \'{"closedSeq":9,"workflow":"double@1","waits":[]}\'');
    expect(() => first.runs()).toThrow(expect.objectContaining({ code: 'store-tampered' }));
  });
});

describe('a store that cannot be used', () => {
  async function createUsedStore(options: { witnessPath?: string } = {}): Promise<string> {
    const folder = createFolder();
    const engine = await openTestEngine(folder, [double, approve], options);
    await (await engine.start(double, 1)).closed();
    await engine.close();
    return folder;
  }
  const open = (folder: string, options = {}) => openTestEngine(folder, [double, approve], options);

  it('says that its key is missing, or not its own', async () => {
    const folder = await createUsedStore();
    const key = join(folder, 'journal-key.pem');
    renameSync(key, `${key}.away`);
    await expect(open(folder)).rejects.toMatchObject({ code: 'key-missing' });
    await (await open(createFolder(), { keyFolder: folder })).close();
    await expect(open(folder)).rejects.toMatchObject({ code: 'key-wrong' });
    renameSync(`${key}.away`, key);
    const engine = await open(folder);
    expect(await (await engine.start(double, 2)).closed()).toMatchObject({ status: 'completed' });
  });

  it('says that it was made by a newer version, or by something else', async () => {
    const folder = await createUsedStore();
    tamper(folder, 'PRAGMA user_version = 99');
    await expect(open(folder)).rejects.toMatchObject({ code: 'schema-newer', data: { found: 99 } });
    tamper(folder, 'PRAGMA user_version = 1');
    await (await open(folder)).close();
    const other = createFolder();
    tamper(other, 'CREATE TABLE t (x)');
    await expect(open(other)).rejects.toMatchObject({ code: 'store-corrupt' });
  });

  it('says that it is no database, or no file', async () => {
    const folder = createFolder();
    writeFileSync(
      join(folder, 'store.db'),
      'no database at all, but long enough to have a header of that kind'.repeat(20),
    );
    await expect(open(folder)).rejects.toMatchObject({ code: 'store-corrupt' });
    const other = createFolder();
    mkdirSync(join(other, 'store.db'));
    await expect(open(other)).rejects.toMatchObject({ code: 'store-unwritable' });
    const path = join(folder, 'store.db', 'inside', 'a.db');
    await expect(open(folder, { path })).rejects.toMatchObject({ code: 'store-unwritable' });
  });

  it('says that its folder is read-only', async () => {
    const folder = createFolder();
    const source = `
      import { openEngine } from '@trocar/durable';
      const [path, other] = process.argv.slice(1);
      // Everything is loaded before the rights are given up, for the checkout may be out of their reach.
      await (await openEngine({ path: other, workflows: [], steps: {} })).close();
      process.setuid?.(65534);
      await openEngine({ path, workflows: [], steps: {} }).catch(({ code }) => process.stdout.write(code));`;
    chmodSync(folder, 0o555);
    const args = ['--input-type=module', '-e', source, join(folder, 'store.db'), join(createFolder(), 'store.db')];
    // An administrator may write everywhere: the child gives that up.
    const program = process.getuid?.() === 0 ? source : source.replace('process.setuid?.(65534);', '');
    args[2] = program;
    const { stdout } = spawnSync(process.execPath, args, { cwd: new URL('../..', import.meta.url), encoding: 'utf8' });
    chmodSync(folder, 0o755);
    expect(stdout).toBe('store-unwritable');
  });

  it('says that the disk is full, halts the run, and goes on when there is room', async () => {
    const folder = createFolder();
    const fill = defineWorkflow({ name: 'fill', version: '1', input: z.null(), output: z.number() }, async (ctx) => {
      const texts: unknown[] = [];
      for (let n = 0; n < 40; n += 1) texts.push(await ctx.run('echo', `${n}`.padEnd(15_000, '.')));
      return texts.length;
    });
    const small = await openTestEngine(folder, [fill], { maxStoreBytes: 300_000 });
    const handle = await small.start(fill, null);
    expect(await handle.closed()).toMatchObject({ status: 'failed', problem: { code: 'disk-full', retryable: true } });
    const done = small.run(handle.runId).entries.length;
    expect(done).toBeGreaterThan(3);
    await small.close();
    const large = await openTestEngine(folder, [fill]);
    expect(await (await large.resume(handle.runId)).closed()).toEqual({ status: 'completed', output: 40 });
    expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey: large.publicKey })).toMatchObject({
      ok: true,
    });
  });

  it('says that another process holds the lock', async () => {
    const folder = await createUsedStore();
    const engine = await open(folder, { lockTimeoutMs: 50 });
    const holder = new Libsql(join(folder, 'store.db'));
    holder.exec('BEGIN IMMEDIATE');
    await expect(engine.start(double, 1)).rejects.toMatchObject({ code: 'store-locked', retryable: true });
    holder.exec('ROLLBACK');
    holder.close();
    expect(await (await engine.start(double, 3)).closed()).toMatchObject({ status: 'completed', output: 6 });
  });

  it('is refused when its log does not fit its last checkpoint', async () => {
    for (const sql of [
      'UPDATE heads SET frontier = zeroblob(length(frontier))',
      "UPDATE heads SET frontier = x'00'",
      "UPDATE heads SET note = replace(note, '— ', '- ')",
    ]) {
      const folder = await createUsedStore();
      tamper(folder, sql);
      await expect(open(folder)).rejects.toMatchObject({ code: 'store-tampered' });
    }
  });

  it('is refused when the witness has seen more, and otherwise brings the witness up to date', async () => {
    const witnessPath = join(createFolder(), 'far', 'witness');
    const folder = await createUsedStore({ witnessPath });
    const full = readFileSync(witnessPath, 'utf8');
    rmSync(witnessPath);
    await expect(open(folder, { witnessPath })).rejects.toMatchObject({ code: 'store-tampered' });
    writeFileSync(witnessPath, '');
    await (await open(folder, { witnessPath })).close();
    expect(readFileSync(witnessPath, 'utf8')).toBe(full);
    appendFileSync(witnessPath, 'garbage\n');
    writeFileSync(witnessPath, full);
    tamper(folder, 'DELETE FROM heads WHERE size = 3', 'DELETE FROM entries WHERE position = 2');
    await expect(open(folder, { witnessPath })).rejects.toMatchObject({ code: 'store-tampered' });
  });

  it('goes on when the witness cannot be written, and says so', async () => {
    const folder = createFolder();
    const { logger, lines } = createLog();
    const witnessPath = join(folder, 'witness');
    const engine = await open(folder, { witnessPath, logger });
    mkdirSync(witnessPath);
    expect(await (await engine.start(double, 1)).closed()).toMatchObject({ status: 'completed' });
    expect(lines.join()).toContain('witness');
    await engine.close();
    await expect(open(folder, { witnessPath })).rejects.toMatchObject({ code: 'io-failed' });
    rmSync(witnessPath, { recursive: true });
    writeFileSync(witnessPath, '');
    await (await open(folder, { witnessPath })).close();
    expect(readFileSync(witnessPath, 'utf8').split('\n').length).toBe(query(folder, 'SELECT * FROM heads').length + 1);
  });

  it('refuses steps with names that could not stand in a record', async () => {
    await expect(open(createFolder(), { steps: { 'a b': plainSteps.echo } })).rejects.toMatchObject({
      code: 'name-invalid',
    });
  });
});
