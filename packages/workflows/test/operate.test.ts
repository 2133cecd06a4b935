import { cp, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDefaultPolicy } from '@trocar/plane';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OperateResult, openPort, operateResultSchema, type Port, verifyRecord } from '../src/index.js';
import { openWorkplace, type Workplace } from './workplace.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

const vulnerable = {
  'package.json': '{ "name": "shop", "type": "module" }\n',
  'server.js': `import { createServer } from 'node:http';
import { findOrders } from './orders.js';

export function createShop(db) {
  return createServer(async (req, res) => {
    const url = new URL(req.url, 'http://localhost');
    res.end(JSON.stringify(await findOrders(db, url.searchParams.get('name'))));
  });
}
`,
  'orders.js': `export function findOrders(db, name) {
  return db.query("SELECT * FROM orders WHERE name = '" + name + "'");
}

export function addOrder(db, name) {
  return db.query('INSERT INTO orders (name) VALUES (?)', [name]);
}
`,
};

const passingTest = `import assert from 'node:assert/strict';
import test from 'node:test';
import { findOrders } from './orders.js';

test('asks the database', () => {
  const asked = [];
  findOrders({ query: (sql) => asked.push(sql) }, 'ada');
  assert.match(asked[0], /FROM orders WHERE name = /);
});
`;

let place: Workplace;

beforeEach(async () => {
  place = await openWorkplace();
});

afterEach(() => place[Symbol.asyncDispose]());

async function operateOn(port: Port, root: string, decision?: 'approve' | 'reject'): Promise<OperateResult> {
  const { run, settled } = await port.operate(root, 'local:ada');
  await settled();
  if (decision !== undefined) await port.decide(run, decision, 'local:ada');
  return operateResultSchema.parse(await port.reportOperate(run));
}

describe('operate', () => {
  it('fixes a vulnerability across files once somebody approves, and records each step', async () => {
    await place.write({ ...vulnerable, 'orders.test.js': passingTest });
    await using port = await place.open();
    const waiting = await operateOn(port, place.root);
    expect(waiting).toMatchObject({
      status: 'awaiting-approval',
      findings: [{ cwe: 'CWE-89', file: 'orders.js', line: 2 }],
      remaining: [],
      edits: [{ file: 'orders.js', findings: [waiting.findings[0]?.id] }],
      tests: { before: { passed: 1, failed: 0, tier: 'wasm' }, after: { passed: 1, failed: 0 }, verdict: 'yes' },
      complete: true,
      record: { verified: true },
    });
    expect(waiting.findings[0]!.witness[0]).toMatchObject({ file: 'server.js' });
    expect(await readFile(join(place.root, 'orders.js'), 'utf8')).toBe(vulnerable['orders.js']);

    await port.decide(waiting.run, 'approve', 'local:ada');
    const applied = await port.reportOperate(waiting.run);
    expect(applied).toMatchObject({ status: 'applied', fixed: waiting.findings, remaining: [] });
    const text = await readFile(join(place.root, 'orders.js'), 'utf8');
    expect(text).not.toContain('+ name +');
    expect(text.split('\n')[0]).toBe(vulnerable['orders.js'].split('\n')[0]);
    expect(await verifyRecord(place.home)).toMatchObject({ ok: true, entries: applied.record.entries });

    const names = port.engine
      .run(waiting.run)
      .entries.filter(({ kind }) => kind === 'step-completed')
      .map(({ name }) => name);
    expect(names.sort()).toEqual(
      [
        'snapshot_tree',
        'scan_snapshot',
        'plan_fixes',
        'edit_snapshot',
        'scan_snapshot',
        'test_snapshot',
        'test_snapshot',
        'propose_call',
        'apply_changes',
      ].sort(),
    );
  });

  it('takes an approval that was given beforehand, and records who gave it', async () => {
    await place.write(vulnerable);
    await using port = await place.open();
    const { run, settled } = await port.operate(place.root, 'local:ada', 'local:ada');
    expect(await settled()).toMatchObject({ status: 'completed' });
    expect(await port.reportOperate(run)).toMatchObject({ status: 'applied' });
    const { entries } = port.engine.run(run);
    expect(entries[0]!.content.input).toMatchObject({ approvedBy: 'local:ada' });
    expect(entries.find(({ name }) => name === 'apply_changes')!.content.attributes).toMatchObject({
      approval: { by: 'local:ada' },
    });
  });

  it('does not take an approval from somebody who may not give it', async () => {
    await place.write(vulnerable);
    await using port = await place.open();
    const { run, settled } = await port.operate(place.root, 'local:ada', 'agent:ada');
    await settled();
    expect(await port.reportOperate(run)).toMatchObject({ status: 'failed', fixed: [], problem: { code: 'denied' } });
  });

  it('uses the same fuel for the same tests', async () => {
    await place.write({ ...vulnerable, 'orders.test.js': passingTest });
    await using port = await place.open();
    const first = await operateOn(port, place.root, 'reject');
    const second = await operateOn(port, place.root, 'reject');
    expect(first).toMatchObject({ status: 'failed', problem: { code: 'rejected' } });
    expect(first.tests.before.fuelUnits).toBeGreaterThan(0);
    expect(second.tests).toEqual(first.tests);
  });

  it('says unknown where there are no tests, and nothing is pretended', async () => {
    await place.write(vulnerable);
    await using port = await place.open();
    expect(await operateOn(port, place.root)).toMatchObject({
      status: 'awaiting-approval',
      tests: { before: { passed: 0 }, verdict: 'unknown' },
    });
  });

  it('drops a fix that breaks a test', async () => {
    await place.write({
      ...vulnerable,
      'orders.test.js': passingTest.replace('/FROM orders WHERE name = /', "/name = 'ada'/"),
    });
    await using port = await place.open();
    expect(await operateOn(port, place.root)).toMatchObject({
      status: 'failed',
      problem: { code: 'tests-fail' },
      tests: { verdict: 'no' },
    });
    expect(await readFile(join(place.root, 'orders.js'), 'utf8')).toBe(vulnerable['orders.js']);
  });

  it('has nothing to do on clean code that was all analysed', async () => {
    await place.write({ 'a.js': 'export const a = 1;\n', 'README.md': '# A\n' });
    await using port = await place.open();
    expect(await operateOn(port, place.root)).toMatchObject({ status: 'nothing-to-do', complete: true, findings: [] });
  });

  it('does not call odd input clean', async () => {
    await place.write({ 'ok.js': 'export const a = 1;\n', 'broken.js': 'function (((\n' });
    await writeFile(join(place.root, 'binary.js'), Uint8Array.of(0, 255, 0, 1));
    await writeFile(join(place.root, 'latin.js'), Uint8Array.of(0x2f, 0x2f, 0xe4, 0x0a));
    await symlink('.', join(place.root, 'loop'));
    await writeFile(join(place.root, 'huge.js'), '');
    await truncate(join(place.root, 'huge.js'), 200 * 1024 * 1024);
    await using port = await place.open();
    const result = await operateOn(port, place.root);
    expect(result).toMatchObject({ status: 'incomplete', complete: false, findings: [] });
    const skipped = result.coverage.skipped.map(({ file }) => file);
    expect(skipped).toEqual(expect.arrayContaining(['binary.js', 'broken.js', 'huge.js', 'latin.js', 'loop']));
    for (const { reason } of result.coverage.skipped) expect(reason).not.toBe('');
  });

  it('does not call an empty folder clean', async () => {
    await using port = await place.open();
    expect(await operateOn(port, place.root)).toMatchObject({ status: 'incomplete', complete: false });
  });

  it('never copies secrets into the journal', async () => {
    const canary = `canary-${'x'.repeat(20)}`;
    await place.write({ 'a.js': 'export const a = 1;\n', '.env': `KEY=${canary}\n`, 'deploy/key.pem': `${canary}\n` });
    {
      await using port = await place.open();
      await operateOn(port, place.root);
    }
    for (const name of await readdir(place.home)) {
      expect(await readFile(join(place.home, name), 'latin1').catch(() => ''), name).not.toContain(canary);
    }
  });
});

describe.each(['parcel-desk', 'parcel-desk-py'])('the bundled example %s', (example) => {
  it('is found and fixed exactly as expected', async () => {
    const base = await mkdtemp(join(tmpdir(), 'trocar-example-'));
    try {
      const copy = join(base, example);
      await cp(join(repository, 'examples', example), copy, { recursive: true });
      const policy = createDefaultPolicy({ identity: 'local:ada', roots: [copy] });
      await using port = await openPort({ home: join(base, 'home'), policy, workingFolder: copy });
      const result = await operateOn(port, copy, 'approve');
      const expected = JSON.parse(
        await readFile(join(repository, `fixtures/expectations/${example}.json`), 'utf8'),
      ) as {
        findings: { cwe: string; sink: { file: string; line: number; endLine: number } }[];
        safe: { file: string; line: number }[];
      };
      expect(result).toMatchObject({ status: 'applied', remaining: [], refused: [], complete: true });
      expect(result.findings).toHaveLength(expected.findings.length);
      for (const { cwe, sink } of expected.findings) {
        const found = result.findings.filter(
          (finding) =>
            finding.cwe === cwe &&
            finding.file === sink.file &&
            finding.line >= sink.line &&
            finding.line <= sink.endLine,
        );
        expect(found, `${cwe} in ${sink.file}:${sink.line}`).toHaveLength(1);
        expect(new Set(found[0]!.witness.map(({ file }) => file)).size).toBeGreaterThan(1);
      }
      for (const { file, line } of expected.safe) {
        expect(result.findings.filter((finding) => finding.file === file && finding.line === line)).toEqual([]);
      }
      expect(result.tests.verdict).toBe(example === 'parcel-desk' ? 'yes' : 'unknown');
    } finally {
      await rm(base, { recursive: true, force: true });
    }
  });
});
