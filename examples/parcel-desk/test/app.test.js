import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createApp } from '../src/app.js';
import { toRequest } from '../src/http/request.js';
import { bodyOf, createDesk } from './support/desk.js';

describe('the app', () => {
  let app;

  beforeEach(async () => {
    app = createApp(await createDesk());
  });

  it('reads the query', async () => {
    const reply = await app(toRequest('GET', '/parcels/search?recipient=Ada+Brook'));
    assert.equal(reply.status, 200);
    assert.equal(bodyOf(reply).length, 1);
  });

  it('decodes parameters of the path', async () => {
    const reply = await app(toRequest('GET', '/pickups/k7qd%204mz2'));
    assert.deepEqual(bodyOf(reply), { parcel: 1, shelf: 'A2' });
  });

  it('reads a JSON body', async () => {
    const headers = { 'content-type': 'application/json' };
    const reply = await app(toRequest('PATCH', '/settings', headers, '{"labels":{"size":"A5"}}'));
    assert.deepEqual(bodyOf(reply).labels, { size: 'A5', printer: 'counter' });
  });

  it('refuses bodies that are not JSON', () => {
    const headers = { 'content-type': 'application/json' };
    assert.throws(() => toRequest('PATCH', '/settings', headers, '{"labels"'), { status: 400 });
    assert.throws(() => toRequest('PATCH', '/settings', { 'content-type': 'text/csv' }, 'a,b'), { status: 415 });
  });

  it('answers problems in the words of the counter', async () => {
    const missing = await app(toRequest('GET', '/nowhere'));
    assert.equal(missing.status, 404);
    assert.deepEqual(bodyOf(missing), { problem: 'no such page' });
    const refused = await app(toRequest('GET', '/parcels?sort=shelf'));
    assert.equal(refused.status, 422);
  });
});
