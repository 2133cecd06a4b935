import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import * as labels from '../src/handlers/labels.js';
import { jobName } from '../src/printing/spooler.js';
import { labelFile } from '../src/services/label-service.js';
import { createDesk, request } from './support/desk.js';

test('a label is downloaded as text', async () => {
  const desk = await createDesk();
  const reply = await labels.download(request({ params: { name: 'PD-1001' } }), desk);
  assert.equal(reply.status, 200);
  assert.equal(reply.headers['content-type'], 'text/plain; charset=utf-8');
  assert.ok(reply.body.startsWith('PD-1001\nAda Brook\n'));
});

test('a label that was never printed is not there', async () => {
  const desk = await createDesk();
  await assert.rejects(labels.download(request({ params: { name: 'PD-9999' } }), desk), { status: 404 });
});

test('only labels of known parcels are printed', async () => {
  const desk = await createDesk();
  const asked = request({ params: { name: 'PD-9999' }, body: { printer: 'counter' } });
  await assert.rejects(labels.print(asked, desk), { status: 404 });
});

test('one to ten copies are printed', async () => {
  const desk = await createDesk();
  for (const copies of [0, 11, 1.5, 'two']) {
    const asked = request({ params: { name: 'PD-1001' }, body: { copies } });
    await assert.rejects(labels.print(asked, desk), { status: 422 });
  }
});

test('the file of a label lies in the folder of labels', async () => {
  const desk = await createDesk();
  assert.equal(await labelFile(desk.db, desk.labelFolder, 'PD-1002'), join(desk.labelFolder, 'PD-1002.txt'));
});

test('the job is read from what the spooler says', () => {
  assert.equal(jobName('request id is counter-17 (1 file(s))\n'), 'counter-17');
  assert.equal(jobName(''), 'unknown');
});
