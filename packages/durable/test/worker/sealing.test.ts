import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '@trocar/core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  createSealingKey,
  defineWorkflow,
  type EngineOptions,
  parseSealingKey,
  readSealingKey,
  type StepRegistry,
  toSealingKeyText,
  verifyJournal,
} from '../../src/index.js';
import { openBytes, sealBytes } from '../../src/journal/sealing.js';
import { createFolder, openTestEngine, query, tamper } from '../scratch.js';

const canary = 'canary-7f3a"\\é-b81c';
const first = createSealingKey('key-1');
const second = createSealingKey('key-2');

const talk = defineWorkflow(
  { name: 'talk', version: '1', input: z.unknown(), output: z.unknown() },
  async (ctx, input) => {
    const echoed = await ctx.run('echo', input as JsonValue);
    const kept = await ctx.run('keep', input as JsonValue);
    const opened = await ctx.run('open', kept);
    const said = await ctx.signal('word', { schema: z.unknown() });
    const broken = await ctx.run('fail', said as JsonValue).catch((error: Error) => error.message);
    return { echoed, opened, said, broken };
  },
);

const steps: StepRegistry = {
  echo: async (input) => ({ output: input, attributes: { seen: input } }),
  keep: async (input, { blobs }) => ({ output: blobs.put(JSON.stringify(input)) }),
  open: async (input, { blobs }) => ({ output: JSON.parse(Buffer.from(blobs.get(input as never)).toString()) }),
  fail: async (input) => {
    throw new Error(String(input));
  },
};

const open = (folder: string, options: Partial<EngineOptions> = {}) =>
  openTestEngine(folder, [talk], { steps, witnessPath: join(folder, 'witness'), ...options });

/** Runs `talk` to its end with the canary in every place where a payload can be. */
async function createSealedStore(folder: string, sealing = { current: first }) {
  const engine = await open(folder, { sealing });
  const large = canary.padEnd(40_000, '.');
  const handle = await engine.start(talk, [canary, large], { runId: 'run-a', identity: canary });
  expect((await handle.settled()).status).toBe('waiting');
  await engine.signal('run-a', 'word', canary, { identity: canary });
  const settlement = await handle.closed();
  const { publicKey } = engine;
  await engine.close();
  return {
    settlement,
    publicKey,
    verify: () => verifyJournal({ path: join(folder, 'store.db'), publicKey, witnessPath: join(folder, 'witness') }),
  };
}

/** Every file under a folder in which a needle stands, as text or inside JSON. */
function findIn(folder: string, text: string): string[] {
  const needles = [text, JSON.stringify(text).slice(1, -1), Buffer.from(text).toString('base64').slice(0, 16)];
  const names = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile());
  return names.filter((name) => needles.some((needle) => readFileSync(join(folder, name)).includes(needle)));
}

describe('sealing', () => {
  it('binds bytes to key and context', () => {
    const sealed = sealBytes(first.bytes, 'text', 'context');
    expect(openBytes(first.bytes, sealed, 'context')?.toString()).toBe('text');
    expect(openBytes(second.bytes, sealed, 'context')).toBeUndefined();
    expect(openBytes(first.bytes, sealed, 'other')).toBeUndefined();
    expect(openBytes(first.bytes, sealed.subarray(0, 20), 'context')).toBeUndefined();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(openBytes(first.bytes, changed, 'context')).toBeUndefined();
    }
  });

  it('writes and reads keys, and refuses what is none', async () => {
    expect(parseSealingKey(toSealingKeyText(first))).toEqual({ id: 'key-1', bytes: Buffer.from(first.bytes) });
    const path = join(createFolder(), 'key');
    expect(() => readSealingKey(path)).toThrow(expect.objectContaining({ code: 'key-missing' }));
    writeFileSync(path, `${toSealingKeyText(first)}\n`, { mode: 0o600 });
    expect(readSealingKey(path).id).toBe('key-1');
    chmodSync(path, 0o640);
    expect(() => readSealingKey(path)).toThrow(expect.objectContaining({ code: 'key-exposed' }));
    for (const text of ['', 'id', 'id:AAAA', `:${'A'.repeat(43)}=`, `i d:${'A'.repeat(43)}=`]) {
      expect(() => parseSealingKey(text)).toThrow(expect.objectContaining({ code: 'key-invalid' }));
    }
    for (const current of [
      { id: 'a', bytes: Buffer.alloc(16) },
      { id: '', bytes: first.bytes },
    ]) {
      await expect(open(createFolder(), { sealing: { current } })).rejects.toMatchObject({ code: 'key-invalid' });
    }
  });

  it('leaves no payload in any file of the store, which still verifies without a key', async () => {
    const plain = createFolder();
    const engine = await open(plain);
    await (await engine.start(talk, [canary])).settled();
    await engine.close();
    expect(findIn(plain, canary)).toContain('store.db');

    const folder = createFolder();
    const { settlement, verify } = await createSealedStore(folder);
    expect(settlement).toMatchObject({
      status: 'completed',
      output: { echoed: [canary, expect.any(String)], opened: [canary, expect.any(String)], said: canary },
    });
    expect(findIn(folder, canary)).toEqual([]);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('reads and resumes sealed runs with the key, in another process too', async () => {
    const folder = createFolder();
    const one = await open(folder, { sealing: { current: first } });
    const handle = await one.start(talk, 'x'.repeat(20_000));
    await handle.settled();
    const other = await open(folder, { sealing: { current: second, older: [first] } });
    await other.signal(handle.runId, 'word', 'from elsewhere');
    expect(await handle.closed()).toMatchObject({ output: { said: 'from elsewhere' } });
    const { entries, summary } = other.run(handle.runId);
    expect(summary.status).toBe('completed');
    expect(entries.find(({ kind }) => kind === 'signal-received')?.content.payload).toBe('from elsewhere');
    expect(await (await other.resume(handle.runId)).closed()).toMatchObject({ output: { said: 'from elsewhere' } });
  });

  it('shows no content without the key, and says which key is missing or wrong', async () => {
    const folder = createFolder();
    const engine = await open(folder, { sealing: { current: first } });
    const handle = await engine.start(talk, canary, { runId: 'parked' });
    await handle.settled();
    await engine.close();
    await createSealedStore(folder);
    for (const [sealing, code] of [
      [{}, 'key-missing'],
      [{ sealing: { current: second } }, 'key-missing'],
      [{ sealing: { current: { id: 'key-1', bytes: second.bytes } } }, 'key-wrong'],
    ] as const) {
      const blind = await open(folder, sealing);
      await expect(blind.resume('parked')).rejects.toMatchObject({ code });
      await expect(blind.signal('parked', 'word', 1)).rejects.toMatchObject({ code });
      await expect(blind.resume('run-a')).rejects.toMatchObject({ code });
      expect(JSON.stringify([blind.runs(), blind.run('run-a')])).not.toContain('canary');
      expect(blind.run('run-a').entries[0]?.content).toEqual({ sealed: expect.any(String) });
      await blind.close();
    }
    const sighted = await open(folder, { sealing: { current: first } });
    expect((await (await sighted.resume('parked')).settled()).status).toBe('waiting');
  });

  it('rotates the keys of open and closed runs, once', async () => {
    const folder = createFolder();
    const { verify } = await createSealedStore(folder);
    const engine = await open(folder, { sealing: { current: second, older: [first] } });
    const handle = await engine.start(talk, 1);
    await handle.settled();
    expect(await engine.rotateKeys()).toBe(1);
    expect(await engine.rotateKeys()).toBe(0);
    await engine.close();
    expect(query(folder, 'SELECT wrapper FROM data_keys')).toEqual([{ wrapper: 'key-2' }, { wrapper: 'key-2' }]);
    const onlySecond = await open(folder, { sealing: { current: second } });
    expect(await (await onlySecond.resume('run-a')).closed()).toMatchObject({ output: { said: canary } });
    expect(onlySecond.runs({ status: 'completed' }).map(({ runId }) => runId)).toEqual(['run-a']);
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('shreds a closed run: nobody reads it again, and the journal verifies', async () => {
    const folder = createFolder();
    const { verify } = await createSealedStore(folder);
    const wrapped = query(folder, 'SELECT wrapped FROM data_keys')[0]?.wrapped as Buffer;
    const engine = await open(folder, { sealing: { current: first } });
    const parked = await engine.start(talk, 1);
    await parked.settled();
    await expect(engine.shred(parked.runId)).rejects.toMatchObject({ code: 'run-open' });
    await expect(engine.shred('nobody')).rejects.toMatchObject({ code: 'run-unknown' });
    await engine.shred('run-a', { identity: 'the owner' });
    await expect(engine.shred('run-a')).rejects.toMatchObject({ code: 'run-shredded' });
    await expect(engine.resume('run-a')).rejects.toMatchObject({ code: 'run-shredded' });
    expect(engine.run('run-a').entries.at(-1)?.content).toEqual({ identity: 'the owner' });
    await engine.close();
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (statSync(path).isFile()) expect(readFileSync(path).includes(wrapped)).toBe(false);
    }
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('sees any column of any key row changed, removed or added', async () => {
    for (const sql of [
      "UPDATE data_keys SET run = 'run-z'",
      "UPDATE data_keys SET wrapper = 'key-2'",
      'UPDATE data_keys SET wrapped = zeroblob(length(wrapped))',
      'DELETE FROM data_keys',
      "INSERT INTO data_keys VALUES ('run-z', 'key-1', x'00')",
    ]) {
      const folder = createFolder();
      const { verify } = await createSealedStore(folder);
      tamper(folder, sql);
      expect(await verify()).toMatchObject({ ok: false, firstBad: { run: expect.stringMatching(/^run-[az]$/) } });
    }
  });

  it('sees a blob of a sealed run removed', async () => {
    const folder = createFolder();
    const { verify } = await createSealedStore(folder);
    tamper(folder, 'DELETE FROM blobs');
    expect(await verify()).toMatchObject({ ok: false, firstBad: { run: 'run-a', seq: 0 } });
  });

  it('refuses content that was moved to another place', async () => {
    const folder = createFolder();
    const engine = await open(folder, { sealing: { current: first } });
    const handle = await engine.start(talk, 'a', { runId: 'run-a' });
    await handle.settled();
    await engine.close();
    const { RunKeys } = await import('../../src/journal/run-keys.js');
    const { openDatabase } = await import('../../src/journal/database.js');
    const database = await openDatabase({ path: join(folder, 'store.db'), readOnly: true, busyTimeoutMs: 0 });
    const keys = new RunKeys(database, { current: first });
    const key = keys.get('run-a');
    const sealed = JSON.parse(keys.sealContent(key, { runId: 'run-a', seq: 1, kind: 'timer-fired' }, '{}')).sealed;
    expect(keys.openContent(key, { runId: 'run-a', seq: 1, kind: 'timer-fired' }, sealed)).toBe('{}');
    for (const place of [{ seq: 2 }, { runId: 'run-b' }, { kind: 'run-resumed' as const }]) {
      const moved = { runId: 'run-a', seq: 1, kind: 'timer-fired' as const, ...place };
      expect(() => keys.openContent(key, moved, sealed)).toThrow(expect.objectContaining({ code: 'store-tampered' }));
    }
    const blob = keys.sealBlob(key, 'run-b', 'text');
    expect(() => keys.openBlob('run-a', blob)).toThrow(expect.objectContaining({ code: 'blob-corrupt' }));
    database.close();
  });
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2-"quoted"';
  const use = defineWorkflow({ name: 'use', version: '1', input: z.string(), output: z.unknown() }, async (ctx, step) =>
    ctx.run(step, { token: ctx.secret('forge.token') }).catch((error: { problem: JsonValue }) => error.problem),
  );
  const secretSteps: StepRegistry = {
    good: async (input, { secret: resolve }) => ({
      output: (await resolve((input as { token: JsonValue }).token)).length,
    }),
    output: async (input, { secret: resolve }) => ({
      output: { leaked: await resolve((input as { token: JsonValue }).token) },
    }),
    attributes: async (input, { secret: resolve }) => ({
      output: null,
      attributes: { leaked: `x${await resolve((input as { token: JsonValue }).token)}` },
    }),
    blob: async (input, { secret: resolve, blobs }) => ({
      output: blobs.put(Buffer.from(await resolve((input as { token: JsonValue }).token))),
    }),
    error: async (input, { secret: resolve }) => {
      throw new Error(`Refused ${await resolve((input as { token: JsonValue }).token)}.`);
    },
    other: async (_input, { secret: resolve }) => ({ output: await resolve('no handle') }),
  };

  it('reach only the step, and stay out of everything that is written', async () => {
    const folder = createFolder();
    const seen: unknown[] = [];
    const engine = await openTestEngine(folder, [use], {
      steps: secretSteps,
      witnessPath: join(folder, 'witness'),
      secrets: async (reference, { step }) => {
        seen.push([reference, step]);
        return reference === 'forge.token' ? secret : undefined;
      },
    });
    const events: string[] = [];
    engine.onEvent((event) => events.push(JSON.stringify(event)));
    const outcomes: unknown[] = [];
    for (const step of ['good', 'output', 'attributes', 'blob', 'error', 'other']) {
      const settlement = await (await engine.start(use, step)).closed();
      outcomes.push((settlement as { output?: unknown }).output);
    }
    const code = (name: string) => expect.objectContaining({ code: name });
    expect(outcomes).toEqual([
      secret.length,
      code('secret-exposed'),
      code('secret-exposed'),
      code('secret-exposed'),
      expect.objectContaining({ message: 'Error: Refused [secret].' }),
      code('secret-unknown'),
    ]);
    expect(seen[0]).toEqual(['forge.token', 'good']);
    await engine.close();
    expect(findIn(folder, secret)).toEqual([]);
    expect(events.join()).not.toContain('hunter2');
  });

  it('are refused by name when they are unknown or too short to be kept out', async () => {
    for (const secrets of [undefined, async () => undefined, async () => 'short']) {
      const engine = await openTestEngine(createFolder(), [use], { steps: secretSteps, ...(secrets && { secrets }) });
      const settlement = await (await engine.start(use, 'good')).closed();
      expect(settlement).toMatchObject({ output: { code: 'secret-unknown' } });
    }
  });
});
