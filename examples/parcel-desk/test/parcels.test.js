import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as parcels from '../src/handlers/parcels.js';
import { bodyOf, createDesk, request } from './support/desk.js';

test('the list holds what waits, the longest first', async () => {
  const desk = await createDesk();
  const rows = bodyOf(await parcels.list(request(), desk));
  assert.deepEqual(
    rows.map((row) => row.id),
    [1, 2],
  );
});

test('the list is sorted by what was asked for', async () => {
  const desk = await createDesk();
  const rows = bodyOf(await parcels.list(request({ query: { sort: 'weight', order: 'desc', limit: '1' } }), desk));
  assert.deepEqual(
    rows.map((row) => row.weight_grams),
    [1200],
  );
});

test('the list is sorted by known columns only', async () => {
  const desk = await createDesk();
  await assert.rejects(parcels.list(request({ query: { sort: 'shelf' } }), desk), { status: 422 });
  assert.equal(desk.statements.length, 0);
});

test('a search finds parts of names in any case, the newest first', async () => {
  const desk = await createDesk();
  const rows = bodyOf(await parcels.search(request({ query: { recipient: ' brook ' } }), desk));
  assert.deepEqual(
    rows.map((row) => [row.id, row.recipient, row.waiting]),
    [
      [2, 'Tom Brookes', true],
      [1, 'Ada Brook', true],
    ],
  );
});

test('a search tells what was collected', async () => {
  const desk = await createDesk();
  const rows = bodyOf(await parcels.search(request({ query: { recipient: 'Calder' } }), desk));
  assert.equal(rows[0].waiting, false);
});

test('a search needs two letters', async () => {
  const desk = await createDesk();
  await assert.rejects(parcels.search(request({ query: { recipient: 'a' } }), desk), { status: 422 });
});

test('a parcel is shown by its number', async () => {
  const desk = await createDesk();
  assert.equal(bodyOf(await parcels.show(request({ params: { id: '2' } }), desk)).recipient, 'Tom Brookes');
  await assert.rejects(parcels.show(request({ params: { id: '99' } }), desk), { status: 404 });
  await assert.rejects(parcels.show(request({ params: { id: '1 OR 1 = 1' } }), desk), { status: 404 });
});

test('a parcel is checked in and found again', async () => {
  const desk = await createDesk();
  const body = { recipient: "Shea O'Hara", carrier: 'swift', weightGrams: 640 };
  const reply = await parcels.checkIn(request({ body }), desk);
  assert.equal(reply.status, 201);
  assert.equal(bodyOf(reply).arrived_at, '2026-03-04T10:00:00.000Z');
  const found = bodyOf(await parcels.search(request({ query: { recipient: 'Hara' } }), desk));
  assert.equal(found[0].recipient, "Shea O'Hara");
});

test('a parcel of a stranger carrier is refused', async () => {
  const desk = await createDesk();
  const body = { recipient: 'Ada Brook', carrier: "swift' OR '1' = '1", weightGrams: 640 };
  await assert.rejects(parcels.checkIn(request({ body }), desk), { status: 422 });
});
