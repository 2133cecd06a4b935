import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createSealingKey,
  defineWorkflow,
  type Engine,
  type EngineOptions,
  type RunExport,
  verifyConsistency,
  verifyJournal,
  verifyRunExport,
  type WorkflowContext,
} from '../../src/index.js';
import { createFolder, openTestEngine } from '../scratch.js';

const chat = defineWorkflow({ name: 'chat', version: '1', input: z.number(), output: z.number() }, async (ctx, n) => {
  const doubled = Number(await ctx.run('double', n));
  await ctx.run('keep', n);
  return doubled + (await ctx.signal('more', { schema: z.number() })) + ctx.now() * 0;
});
const steps: EngineOptions['steps'] = {
  double: async (input) => ({ output: 2 * Number(input) }),
  keep: async (input, { blobs }) => {
    for (let at = 0; at < Number(input); at += 1) blobs.put(`blob ${at}`);
    return { output: 'x'.repeat(20_000) };
  },
};
const open = (folder: string, options: Partial<EngineOptions> = {}) =>
  openTestEngine(folder, [chat], { steps, ...options });

/** A closed run, between two others that are parked. */
async function createRun(engine: Engine, blobs = 3): Promise<string> {
  await (await engine.start(chat, 1)).settled();
  const handle = await engine.start(chat, blobs);
  await handle.settled();
  await (await engine.start(chat, 1)).settled();
  await engine.signal(handle.runId, 'more', 5);
  await handle.closed();
  return handle.runId;
}

describe('an exported run', () => {
  it('verifies with the public key alone, with few blobs and with many', async () => {
    const engine = await open(createFolder());
    for (const blobs of [0, 3, 400]) {
      const text = engine.exportRun(await createRun(engine, blobs));
      expect(verifyRunExport(text, engine.publicKey)).toEqual({ ok: true, entries: 8 });
      const { blobs: exported } = JSON.parse(text) as RunExport;
      expect(Object.keys(exported).length).toBe(blobs === 400 ? 402 : blobs + 1);
    }
    expect(() => engine.exportRun('nobody')).toThrow(expect.objectContaining({ code: 'run-unknown' }));
  });

  it('names the first bad entry whatever is changed in it', async () => {
    const engine = await open(createFolder());
    const text = engine.exportRun(await createRun(engine));
    const value = JSON.parse(text) as RunExport;
    const verify = (change: Partial<RunExport>) =>
      verifyRunExport(JSON.stringify({ ...value, ...change }), engine.publicKey);
    for (const [at, entry] of value.entries.entries()) {
      const change = (part: object) => verify({ entries: value.entries.with(at, { ...entry, ...part }) });
      const bad = { ok: false, firstBad: { seq: at } };
      expect(change({ body: entry.body.replace('"at":1', '"at":2') })).toMatchObject(bad);
      expect(change({ index: entry.index + 1 })).toMatchObject(bad);
      expect(change({ proof: entry.proof.slice(1) })).toMatchObject(bad);
      expect(verify({ entries: value.entries.toSpliced(at, 1) })).toMatchObject(
        at === 7 ? { ok: true, entries: 7 } : bad,
      );
    }
    const [digest] = Object.keys(value.blobs);
    expect(verify({ blobs: {} })).toMatchObject({ ok: false, firstBad: { seq: 2 } });
    expect(verify({ blobs: { ...value.blobs, [digest as string]: 'AAAA' } })).toMatchObject({ ok: false });
    expect(verify({ run: 'other' })).toMatchObject({ ok: false, firstBad: { seq: 0 } });
    expect(verify({ entries: [] })).toMatchObject({ ok: false });
    expect(verify({ checkpoint: value.checkpoint.replace('\n', 'x\n') })).toMatchObject({ ok: false });
    expect(verify({ dataKey: { wrapper: 'x', wrapped: '' } })).toMatchObject({ ok: false });
    for (const malformed of [
      { format: 'x' },
      { run: 1 },
      { checkpoint: null },
      { entries: {} },
      { entries: [null] },
      { blobs: [1] },
      { dataKey: 7 },
    ]) {
      expect(verify(malformed as never)).toMatchObject({ ok: false, firstBad: { run: null } });
    }
    for (const other of ['', 'null', '7', '{}', '{']) expect(verifyRunExport(other, engine.publicKey).ok).toBe(false);
    const stranger = await open(createFolder());
    expect(verifyRunExport(text, stranger.publicKey)).toMatchObject({ ok: false });
    expect(() => verifyRunExport(text, 'x')).toThrow(expect.objectContaining({ code: 'key-invalid' }));
  });

  it('is taken over by another store, unchanged, sealed or not', async () => {
    const key = createSealingKey('shared');
    for (const sealing of [undefined, { current: key }]) {
      const options = sealing === undefined ? {} : { sealing };
      const source = await open(createFolder(), options);
      const runId = await createRun(source);
      const text = source.exportRun(runId);
      const folder = createFolder();
      const target = await open(folder, options);
      await (await target.start(chat, 1)).settled();
      expect(await target.importRun(text, source.publicKey)).toEqual(source.run(runId).summary);
      expect(target.run(runId).entries).toEqual(source.run(runId).entries);
      expect(await (await target.resume(runId)).closed()).toMatchObject({ status: 'completed', output: 11 });
      await expect(target.importRun(text, source.publicKey)).rejects.toMatchObject({ code: 'run-exists' });
      expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey: target.publicKey })).toMatchObject({
        ok: true,
      });
    }
  });

  it('is not taken over when it was changed or is still open', async () => {
    const source = await open(createFolder());
    const runId = await createRun(source);
    const target = await open(createFolder());
    const text = source.exportRun(runId);
    await expect(target.importRun(text.replace('"at\\":1', '"at\\":2'), source.publicKey)).rejects.toMatchObject({
      code: 'store-tampered',
    });
    const [parked] = source.runs({ status: 'waiting' });
    const openText = source.exportRun(parked?.runId ?? '');
    await expect(target.importRun(openText, source.publicKey)).rejects.toMatchObject({ code: 'run-open' });
    expect(target.runs()).toEqual([]);
  });
});

describe('a checkpoint', () => {
  it('is proved to be the beginning of what the journal says now', async () => {
    const engine = await open(createFolder());
    expect(engine.checkpoint()).toBeUndefined();
    const checkpoints: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      await createRun(engine, 1);
      checkpoints.push(engine.checkpoint() ?? '');
    }
    for (const old of checkpoints) {
      const proof = engine.proveConsistency(old);
      expect(verifyConsistency(old, proof, engine.publicKey)).toBe(true);
      expect(verifyConsistency(old, { ...proof, proof: [...proof.proof, 'AAAA'] }, engine.publicKey)).toBe(false);
      expect(verifyConsistency(`${old} `, proof, engine.publicKey)).toBe(false);
    }
    const other = await open(createFolder());
    expect(() => other.proveConsistency(checkpoints[0] ?? '')).toThrow(
      expect.objectContaining({ code: 'store-tampered' }),
    );
  });
});

describe('a replay', () => {
  type Body = (ctx: WorkflowContext, input: number) => Promise<unknown>;
  const changed = (body: Body) =>
    defineWorkflow({ name: 'chat', version: '1', input: z.number(), output: z.unknown() }, body);

  it('agrees with the record of open and closed runs', async () => {
    const folder = createFolder();
    const engine = await open(folder);
    await createRun(engine);
    const failing = defineWorkflow({ name: 'failing', version: '1', input: z.null(), output: z.null() }, async () => {
      throw new Error('Always.');
    });
    const other = await openTestEngine(folder, [chat, failing], { steps });
    await (await other.start(failing, null)).closed();
    for (const { runId, entries } of other.runs()) expect(await other.replay(runId)).toEqual({ ok: true, entries });
    await expect(other.replay('nobody')).rejects.toMatchObject({ code: 'run-unknown' });
    await expect(engine.replay(other.runs({ status: 'failed' })[0]?.runId ?? '')).rejects.toMatchObject({
      code: 'workflow-unknown',
    });
  });

  it('finds where changed code would part from the record, and leaves the record alone', async () => {
    const folder = createFolder();
    const engine = await open(folder);
    const runId = await createRun(engine);
    const before = engine.run(runId).entries;
    for (const [body, message] of [
      [async () => 1, /nothing more after 0 operations/],
      [async (ctx) => ctx.run('other', 1), /recorded step "double".*attempted step "other"/],
      [
        async (ctx, n) => {
          await ctx.run('double', n);
          await ctx.run('keep', n);
          return (await ctx.signal('more', { schema: z.number() })) + ctx.now() * 0;
        },
        /another output/,
      ],
      [
        async (ctx, n) => {
          await ctx.run('double', n);
          await ctx.run('keep', n);
          await ctx.signal('more', { schema: z.number() });
          ctx.now();
          throw new Error('Now it fails.');
        },
        /another outcome/,
      ],
    ] as [Body, RegExp][]) {
      const newer = await openTestEngine(folder, [changed(body)], {
        steps: { ...steps, other: async () => ({ output: 1 }) },
      });
      const verdict = await newer.replay(runId);
      expect(verdict).toMatchObject({
        ok: false,
        entries: 8,
        problem: { code: 'replay-diverged', message: expect.stringMatching(message) },
      });
    }
    expect(engine.run(runId).entries).toEqual(before);
  });
});
