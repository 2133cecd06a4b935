import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as receipts from '../src/handlers/receipts.js';
import { createDesk, request } from './support/desk.js';

test('a receipt is downloaded', async () => {
  const desk = await createDesk();
  const reply = await receipts.download(request({ params: { name: '2026-0301.txt' } }), desk);
  assert.ok(reply.body.includes('signed by I. Calder'));
});

test('receipts come from their folder only', async () => {
  const desk = await createDesk();
  for (const name of ['../seed.json', '../labels/PD-1001.txt', '/etc/hostname', '.', '']) {
    await assert.rejects(receipts.download(request({ params: { name } }), desk), { status: 404 });
  }
});
