import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../src/store/db.js';
import { createMemoryDriver } from '../src/store/memory-driver.js';

const open = () => openDb(createMemoryDriver({ shelves: [{ id: 1, name: 'A2', note: null }] }));

test('values take the places of the question marks', async () => {
  const db = open();
  const id = await db.insert('INSERT INTO shelves (name, note) VALUES (?, ?)', ["B'1", 'low']);
  assert.equal(id, 2);
  assert.deepEqual(await db.first('SELECT name FROM shelves WHERE note = ?', ['low']), { name: "B'1" });
  await db.query('UPDATE shelves SET note = ? WHERE name = ?', ['high', "B'1"]);
  assert.deepEqual(await db.query('SELECT note FROM shelves WHERE id = 2'), [{ note: 'high' }]);
  assert.deepEqual(await db.query("SELECT id FROM shelves WHERE name LIKE '%' || ? || '%'", ["'"]), [{ id: 2 }]);
});

test('a statement has as many values as question marks', async () => {
  const db = open();
  await assert.rejects(db.query('SELECT id FROM shelves WHERE name = ?'));
  await assert.rejects(db.query('SELECT id FROM shelves', ['A2']));
});

test('what is not a known statement is refused', async () => {
  const db = open();
  for (const sql of ['DROP TABLE shelves', 'SELECT id FROM nowhere', 'SELECT id FROM shelves WHERE name = "A2"', '']) {
    await assert.rejects(db.query(sql), /SQL/);
  }
});
