import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as settings from '../src/handlers/settings.js';
import { bodyOf, createDesk, request } from './support/desk.js';

test('a change keeps what it does not name', async () => {
  const desk = await createDesk();
  const changed = bodyOf(await settings.update(request({ body: { opening: { to: '20:00' } } }), desk));
  assert.deepEqual(changed.opening, { from: '09:00', to: '20:00' });
  assert.equal(changed.shop, 'Corner shop, Mill Lane');
  assert.deepEqual(bodyOf(await settings.show(request(), desk)), changed);
});

test('new groups are added and lists are replaced', async () => {
  const desk = await createDesk();
  const body = { sms: { sender: 'DESK' }, holidays: ['05-01'] };
  const changed = bodyOf(await settings.update(request({ body }), desk));
  assert.deepEqual(changed.sms, { sender: 'DESK' });
  assert.deepEqual(changed.holidays, ['05-01']);
});

test('settings are an object', async () => {
  const desk = await createDesk();
  await assert.rejects(settings.update(request({ body: [] }), desk), { status: 422 });
});

test('a shift changes the settings for itself only', async () => {
  const desk = await createDesk();
  const shift = '{"opening":{"from":"07:30"},"__proto__":{"printer":"back"}}';
  const effective = bodyOf(await settings.effective(request({ query: { shift } }), desk));
  assert.deepEqual(effective.opening, { from: '07:30', to: '18:00' });
  assert.equal(desk.settings.opening.from, '09:00');
  assert.equal({}.printer, undefined);
  await assert.rejects(settings.effective(request({ query: { shift: '{' } }), desk), { status: 400 });
});
