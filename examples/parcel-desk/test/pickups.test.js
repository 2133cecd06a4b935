import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as pickups from '../src/handlers/pickups.js';
import { bodyOf, createDesk, request } from './support/desk.js';

test('a code leads to the parcel and its shelf', async () => {
  const desk = await createDesk();
  const found = bodyOf(await pickups.lookUp(request({ params: { code: 'K7QD4MZ2' } }), desk));
  assert.deepEqual(found, { parcel: 1, shelf: 'A2' });
});

test('a code may be typed in groups and in small letters', async () => {
  const desk = await createDesk();
  const found = bodyOf(await pickups.lookUp(request({ params: { code: 'b3xn 9tta' } }), desk));
  assert.equal(found.parcel, 2);
});

test('an unknown code is refused', async () => {
  const desk = await createDesk();
  await assert.rejects(pickups.lookUp(request({ params: { code: 'NOSUCHCODE' } }), desk), { status: 404 });
});

test('a parcel is handed out once', async () => {
  const desk = await createDesk();
  const asked = request({ params: { code: 'K7QD4MZ2' }, body: { signedBy: "B. O'Neil" } });
  assert.deepEqual(bodyOf(await pickups.collect(asked, desk)), {
    parcel: 1,
    signedBy: "B. O'Neil",
    collectedAt: '2026-03-04T10:00:00.000Z',
  });
  await assert.rejects(pickups.collect(asked, desk), { status: 409 });
});

test('shelves are counted', async () => {
  const desk = await createDesk();
  assert.deepEqual(bodyOf(await pickups.shelves(request(), desk)), { A2: 2 });
});

test('doors that do not exist stay shut', async () => {
  await assert.rejects(pickups.openLocker(request({ params: { door: '49' } })), { status: 404 });
  await assert.rejects(pickups.openLocker(request({ params: { door: 'x' } })), { status: 404 });
});
