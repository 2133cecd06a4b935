import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSeededRandom } from '@trocar/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineWorkflow, type JournalVerdict, verifyJournal } from '../../src/index.js';
import { signCheckpoint } from '../../src/journal/checkpoint.js';
import { chainStart, Frontier, hashEntry } from '../../src/journal/merkle.js';
import { openSigningKey } from '../../src/journal/signing-key.js';
import { createFolder, openTestEngine, query, tamper } from '../scratch.js';

const sum = defineWorkflow(
  { name: 'sum', version: '1', input: z.object({ numbers: z.array(z.number()) }), output: z.number() },
  async (ctx, { numbers }) => {
    const doubled = await Promise.all(numbers.map((number) => ctx.run('double', number, { output: z.number() })));
    await ctx.run('echo', 'x'.repeat(20_000));
    const { ok } = await ctx.signal('approval', { schema: z.object({ ok: z.boolean() }) });
    return doubled.reduce((total, number) => total + number, ok ? ctx.now() * 0 : 0);
  },
);

interface Store {
  readonly folder: string;
  readonly publicKey: string;
  readonly witnessPath: string;
  readonly entries: readonly { position: number; run: string; seq: number; body: string }[];
  verify(options?: { witness?: boolean; run?: string }): Promise<JournalVerdict>;
}

/** Two runs, interleaved, in groups of one and of several entries, with a large payload and a blob. */
async function createStore(): Promise<Store> {
  const folder = createFolder();
  const witnessPath = join(folder, 'elsewhere', 'witness');
  const engine = await openTestEngine(folder, [sum], { witnessPath });
  engine.blobs.put('a blob that no entry names');
  const [first, second] = await Promise.all([
    engine.start(sum, { numbers: [1, 2, 3] }, { runId: 'run-a', identity: 'someone' }),
    engine.start(sum, { numbers: [4] }, { runId: 'run-b' }),
  ]);
  await Promise.all([first.settled(), second.settled()]);
  await engine.signal('run-a', 'approval', { ok: true }, { identity: 'somebody else' });
  expect(await first.closed()).toMatchObject({ status: 'completed' });
  const { publicKey } = engine;
  await engine.close();
  return describeStore(folder, publicKey, witnessPath);
}

function describeStore(folder: string, publicKey: string, witnessPath: string): Store {
  const entries = query(folder, 'SELECT * FROM entries ORDER BY position') as unknown as Store['entries'];
  const path = join(folder, 'store.db');
  return {
    folder,
    publicKey,
    witnessPath,
    entries,
    verify: ({ witness = false, run } = {}) =>
      verifyJournal({ path, publicKey, ...(witness && { witnessPath }), ...(run !== undefined && { run }) }),
  };
}

const pristine = await createStore();
const kept = createKeptCopy(pristine);

/** The scratch folder goes after the first test; the matrix needs its store for all of them. */
function createKeptCopy(store: Store): Readonly<Record<string, Buffer>> {
  const names = ['store.db', 'journal-key.pem', 'journal-key.pub', 'elsewhere/witness'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(store.folder, name))]));
}

function restore(): Store {
  const folder = createFolder();
  const elsewhere = createFolder();
  for (const [name, bytes] of Object.entries(kept)) {
    writeFileSync(join(name.startsWith('elsewhere') ? elsewhere : folder, name.replace('elsewhere/', '')), bytes, {
      mode: 0o600,
    });
  }
  return describeStore(folder, pristine.publicKey, join(elsewhere, 'witness'));
}

/** Recomputes everything that can be computed without the key, from `from` on. */
function rewrite(store: Store, from: number, change: (body: string) => string, resign: boolean): void {
  const signer = openSigningKey(store.folder, false);
  const heads = new Map<string, Buffer>();
  const frontier = Frontier.empty();
  const rows = query(store.folder, 'SELECT * FROM entries ORDER BY position');
  const sizes = query(store.folder, 'SELECT size FROM heads ORDER BY size').map(({ size }) => Number(size));
  const statements: string[] = [];
  let lines: { run: string; seq: number; hash: Buffer }[] = [];
  for (const [at, row] of rows.entries()) {
    const run = String(row.run);
    const body = at === from ? change(String(row.body)) : String(row.body);
    const hash = hashEntry(heads.get(run) ?? chainStart, body);
    heads.set(run, hash);
    frontier.append(hash);
    lines.push({ run, seq: Number(row.seq), hash });
    if (at === from)
      statements.push(`UPDATE entries SET body = '${body.replaceAll("'", "''")}' WHERE position = ${at}`);
    if (!sizes.includes(at + 1)) continue;
    if (resign && at >= from) {
      const note = signCheckpoint({ size: at + 1, root: frontier.root(), lines }, signer);
      const edge = frontier.toBytes().toString('hex');
      statements.push(`UPDATE heads SET note = '${note}', frontier = x'${edge}' WHERE size = ${at + 1}`);
    }
    lines = [];
  }
  for (const [run, head] of heads)
    statements.push(`UPDATE runs SET head = x'${head.toString('hex')}' WHERE run = '${run}'`);
  tamper(store.folder, ...statements);
}

function expectFirstBad(verdict: JournalVerdict, index: number): void {
  const entry = pristine.entries[index];
  expect(verdict).toMatchObject({ ok: false, firstBad: { run: entry?.run, seq: entry?.seq, index } });
}

const positions = pristine.entries.map(({ position }) => position);

describe('verifyJournal', () => {
  it('accepts what the engine wrote, with and without the witness, and per run', async () => {
    const store = restore();
    expect(store.entries.length).toBeGreaterThan(12);
    expect(await store.verify()).toEqual({ ok: true, entries: store.entries.length });
    expect(await store.verify({ witness: true })).toEqual({ ok: true, entries: store.entries.length });
    const ofRun = store.entries.filter(({ run }) => run === 'run-b').length;
    expect(await store.verify({ run: 'run-b' })).toEqual({ ok: true, entries: ofRun });
    expect(await store.verify({ run: 'run-c' })).toMatchObject({ ok: false, firstBad: { run: 'run-c', index: null } });
  });

  it('has nothing against a journal without an entry, whose witness was never written', async () => {
    const folder = createFolder();
    const witnessPath = join(folder, 'witness');
    const engine = await openTestEngine(folder, [sum], { witnessPath });
    const { publicKey } = engine;
    await engine.close();
    expect(await verifyJournal({ path: join(folder, 'store.db'), publicKey, witnessPath })).toEqual({
      ok: true,
      entries: 0,
    });
  });

  it('sees another value in every column of every entry, and names the entry', async () => {
    for (const index of positions) {
      for (const change of [
        'body = body || 0',
        'body = replace(body, \'"kind"\', \'"Kind"\')',
        'body = substr(body, 1, length(body) - 1)',
        "body = cast(replace(body, ':', x'ff') AS text)",
        "run = run || 'x'",
        'seq = seq + 100',
      ]) {
        const store = restore();
        tamper(store.folder, `UPDATE entries SET ${change} WHERE position = ${index}`);
        expectFirstBad(await store.verify(), index);
      }
      const store = restore();
      tamper(store.folder, `UPDATE entries SET position = position + 1000 WHERE position = ${index}`);
      expectFirstBad(await store.verify(), index);
    }
  });

  it('sees any flipped byte of any body', async () => {
    const all = restore();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, where, flip) => {
        const index = which % positions.length;
        const bytes = Buffer.from(pristine.entries[index]?.body ?? '', 'utf8');
        const at = where % bytes.length;
        const original = bytes.toString('hex');
        bytes[at] = (bytes[at] as number) ^ flip;
        const set = (hex: string) => `UPDATE entries SET body = cast(x'${hex}' AS text) WHERE position = ${index}`;
        tamper(all.folder, set(bytes.toString('hex')));
        expectFirstBad(await all.verify(), index);
        tamper(all.folder, set(original));
      }),
      { numRuns: 60 },
    );
    expect(await all.verify()).toMatchObject({ ok: true });
  });

  it('sees every deleted entry, and every run of deleted entries', async () => {
    for (const index of positions) {
      const one = restore();
      tamper(one.folder, `DELETE FROM entries WHERE position = ${index}`);
      expectFirstBad(await one.verify(), index);
      const closedUp = restore();
      tamper(
        closedUp.folder,
        `DELETE FROM entries WHERE position = ${index}`,
        `UPDATE entries SET position = -position WHERE position > ${index}`,
        'UPDATE entries SET position = -position - 1 WHERE position < 0',
      );
      expectFirstBad(await closedUp.verify(), index);
    }
  });

  it('sees every two neighbours swapped', async () => {
    for (const index of positions.slice(1)) {
      const store = restore();
      tamper(
        store.folder,
        `UPDATE entries SET position = -1 WHERE position = ${index}`,
        `UPDATE entries SET position = ${index} WHERE position = ${index - 1}`,
        `UPDATE entries SET position = ${index - 1} WHERE position = -1`,
      );
      expectFirstBad(await store.verify(), index - 1);
    }
  });

  it('sees a cut tail by the index, and by the witness when the index was made to fit', async () => {
    for (const index of positions.slice(1)) {
      const store = restore();
      tamper(store.folder, `DELETE FROM entries WHERE position >= ${index}`, `DELETE FROM heads WHERE size > ${index}`);
      expect(await store.verify()).toMatchObject({ ok: false });
    }
    for (const size of query(restore().folder, 'SELECT size FROM heads')
      .map((row) => Number(row.size))
      .slice(0, -1)) {
      const store = restore();
      tamper(store.folder, `DELETE FROM entries WHERE position >= ${size}`, `DELETE FROM heads WHERE size > ${size}`);
      await fitIndex(store);
      expect(await store.verify()).toEqual({ ok: true, entries: size });
      expectFirstBad(await store.verify({ witness: true }), size);
    }
  });

  it('sees a rewrite from any entry on with every hash recomputed', async () => {
    for (const index of positions) {
      const store = restore();
      rewrite(store, index, (body) => body.replace('"at":1', '"at":2'), false);
      expectFirstBad(await store.verify(), index);
    }
  });

  it("sees a rewrite by the key's own holder against the witness", async () => {
    for (const index of positions) {
      const store = restore();
      rewrite(store, index, (body) => body.replace('"content":{', '"content":{"a":1,'), true);
      expectFirstBad(await store.verify({ witness: true }), index);
    }
  });

  it('sees any column of any checkpoint changed, checkpoints exchanged, left out, or made up', async () => {
    const heads = query(restore().folder, 'SELECT size FROM heads ORDER BY size').map(({ size }) => Number(size));
    for (const [at, size] of heads.entries()) {
      const start = heads[at - 1] ?? 0;
      const other = heads[(at + 1) % heads.length];
      for (const sql of [
        `UPDATE heads SET note = replace(note, '${size}', '${size + 1}') WHERE size = ${size}`,
        `UPDATE heads SET note = note || ' ' WHERE size = ${size}`,
        `UPDATE heads SET note = (SELECT note FROM heads WHERE size = ${other}) WHERE size = ${size}`,
        `UPDATE heads SET frontier = zeroblob(length(frontier)) WHERE size = ${size}`,
        `UPDATE heads SET size = size + 1000 WHERE size = ${size}`,
      ]) {
        const store = restore();
        tamper(store.folder, sql);
        expect((await store.verify()) as unknown).toMatchObject({ ok: false, firstBad: { index: start } });
      }
      const store = restore();
      tamper(store.folder, `DELETE FROM heads WHERE size = ${size}`);
      expect((await store.verify()) as unknown).toMatchObject({ ok: false, firstBad: { index: start } });
    }
  });

  it('sees any column of the index changed, a run removed, and a run made up', async () => {
    const own = (run: string) => pristine.entries.filter((entry) => entry.run === run).at(-1);
    for (const run of ['run-a', 'run-b']) {
      for (const change of [
        "workflow = workflow || 'x'",
        "status = 'failed'",
        'started = started + 1',
        'head = zeroblob(32)',
        "record = replace(record, 'early', 'Early')",
        "record = 'null'",
        "record = '{'",
      ]) {
        const store = restore();
        tamper(store.folder, `UPDATE runs SET ${change} WHERE run = '${run}'`);
        expectFirstBad(await store.verify(), own(run)?.position ?? -1);
      }
      const renamed = restore();
      tamper(renamed.folder, `UPDATE runs SET run = 'run-z' WHERE run = '${run}'`);
      expectFirstBad(await renamed.verify(), own(run)?.position ?? -1);
      const removed = restore();
      tamper(removed.folder, `DELETE FROM runs WHERE run = '${run}'`);
      expectFirstBad(await removed.verify({ run }), own(run)?.position ?? -1);
    }
    const added = restore();
    tamper(added.folder, "INSERT INTO runs SELECT 'run-z', workflow, status, started, head, record FROM runs LIMIT 1");
    expect(await added.verify()).toMatchObject({ ok: false, firstBad: { run: 'run-z' } });
  });

  it('sees any column of any blob changed, and a blob that an entry names removed', async () => {
    const digests = query(restore().folder, 'SELECT digest FROM blobs').map(({ digest }) => String(digest));
    expect(digests.length).toBe(2);
    const large = pristine.entries.findIndex(({ body }) => body.includes('outputBlob'));
    for (const digest of digests) {
      for (const sql of [
        `UPDATE blobs SET bytes = zeroblob(length(bytes)) WHERE digest = '${digest}'`,
        `UPDATE blobs SET digest = 'sha256:${'0'.repeat(64)}' WHERE digest = '${digest}'`,
      ]) {
        const store = restore();
        tamper(store.folder, sql);
        expect(await store.verify()).toMatchObject({ ok: false });
      }
    }
    const store = restore();
    tamper(store.folder, 'DELETE FROM blobs');
    expectFirstBad(await store.verify(), large);
  });

  it('sees added entries, tables and triggers, and another schema version', async () => {
    for (const sql of [
      "INSERT INTO entries VALUES (9999, 'run-b', 99, '{}')",
      "INSERT INTO entries VALUES (-1, 'run-b', 99, '{}')",
      'CREATE TABLE more (x)',
      'CREATE TRIGGER t AFTER INSERT ON entries BEGIN SELECT 1; END',
      'DROP INDEX entries_by_run',
      'PRAGMA user_version = 7',
      'DROP TABLE blobs',
      'DROP TABLE entries; CREATE TABLE entries (position INTEGER PRIMARY KEY, run, seq, body)',
    ]) {
      const store = restore();
      tamper(store.folder, sql);
      expect(await store.verify(), sql).toMatchObject({ ok: false, firstBad: { index: expect.any(Number) } });
    }
  });

  it('gives a verdict on files that are no journal at all', async () => {
    const folder = createFolder();
    const path = join(folder, 'store.db');
    const { publicKey } = pristine;
    expect(await verifyJournal({ path, publicKey })).toMatchObject({ ok: false, entries: 0, firstBad: { index: 0 } });
    for (const bytes of ['', 'garbage', 'SQLite format 3\0', Buffer.alloc(70_000, 0xff)]) {
      writeFileSync(path, bytes);
      expect(await verifyJournal({ path, publicKey })).toMatchObject({ ok: false, firstBad: { index: 0 } });
    }
    rmSync(path);
    mkdirSync(path);
    expect(await verifyJournal({ path, publicKey })).toMatchObject({ ok: false, firstBad: { index: 0 } });
  });

  it('never throws or accepts when any stretch of the raw file is overwritten', async () => {
    const bytes = kept['store.db'] as Buffer;
    const random = createSeededRandom('raw damage');
    let detected = 0;
    for (let round = 0; round < 40; round += 1) {
      const store = restore();
      const at = Buffer.from(random.bytes(4)).readUInt32BE() % bytes.length;
      const damaged = Buffer.from(bytes);
      Buffer.from(random.bytes(64)).copy(damaged, at);
      writeFileSync(join(store.folder, 'store.db'), damaged);
      const verdict = await store.verify();
      if (!verdict.ok) detected += 1;
      else expect(await isSameContent(store)).toBe(true);
    }
    expect(detected).toBeGreaterThan(10);
  });

  it('refuses another key, and a malformed one by name', async () => {
    const store = restore();
    const path = join(store.folder, 'store.db');
    const other = openSigningKey(createFolder(), true);
    const { toVerifierKey } = await import('../../src/journal/signed-note.js');
    expect(await verifyJournal({ path, publicKey: toVerifierKey(other) })).toMatchObject({
      ok: false,
      firstBad: { index: 0 },
    });
    for (const publicKey of [
      '',
      'x+00000000+AAAA',
      pristine.publicKey.replace('trocar', 'other'),
      `${pristine.publicKey}A`,
    ]) {
      await expect(verifyJournal({ path, publicKey })).rejects.toMatchObject({ code: 'key-invalid' });
    }
  });

  it('wants every line of the witness to be a checkpoint of this key, and the file to be there', async () => {
    const store = restore();
    copyFileSync(store.witnessPath, `${store.witnessPath}.copy`);
    appendFileSync(store.witnessPath, '"half a li');
    expect(await store.verify({ witness: true })).toMatchObject({ ok: true });
    for (const line of ['', '"text"', '7', '"trocar\\n1\\nAAAA\\n\\n— x AAAA\\n"']) {
      copyFileSync(`${store.witnessPath}.copy`, store.witnessPath);
      appendFileSync(store.witnessPath, `${line}\n`);
      expect(await store.verify({ witness: true })).toMatchObject({ ok: false });
    }
    rmSync(store.witnessPath);
    expect(await store.verify({ witness: true })).toMatchObject({ ok: false, firstBad: { index: 0 } });
  });
});

/** Makes the index say what the remaining entries say, as an attacker with the source code would. */
async function fitIndex(store: Store): Promise<void> {
  const { decodeEntry } = await import('../../src/journal/entry.js');
  const { foldEntry } = await import('../../src/journal/run-summary.js');
  const { toCanonicalJson } = await import('@trocar/core');
  const records = new Map<string, { record: ReturnType<typeof foldEntry>; head: Buffer }>();
  for (const { run, body } of query(store.folder, 'SELECT run, body FROM entries ORDER BY position')) {
    const entry = decodeEntry(String(body));
    const known = records.get(String(run));
    if (entry === undefined) throw new Error('The entry is malformed.');
    records.set(String(run), {
      record: foldEntry(known?.record, entry),
      head: hashEntry(known?.head ?? chainStart, String(body)),
    });
  }
  const statements = ['DELETE FROM runs'];
  for (const [run, { record, head }] of records) {
    const values = `'${run}', '${record?.workflow}', '${record?.status}', ${record?.startedMs}, x'${head.toString('hex')}'`;
    statements.push(`INSERT INTO runs VALUES (${values}, '${toCanonicalJson(record)}')`);
  }
  tamper(store.folder, ...statements);
}

/** Whether everything that a reader of the tables sees is as it was: the damage hit unused bytes. */
async function isSameContent(store: Store): Promise<boolean> {
  const tables = ['entries', 'heads', 'runs', 'blobs'];
  const read = (folder: string) => tables.map((table) => query(folder, `SELECT * FROM ${table}`));
  return JSON.stringify(read(store.folder)) === JSON.stringify(read(restore().folder));
}
