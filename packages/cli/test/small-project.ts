import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "small-shop", "type": "module" }\n',
  'server.js': `import { createServer } from 'node:http';
import { findOrders } from './orders.js';

export function createShop(db) {
  return createServer(async (req, res) => {
    const url = new URL(req.url, 'http://localhost');
    res.end(JSON.stringify(await findOrders(db, url.searchParams.get('name'))));
  });
}
`,
  'orders.js': `/** Orders of one customer. */
export function findOrders(db, name) {
  return db.query("SELECT * FROM orders WHERE name = '" + name + "'");
}

export function addOrder(db, name) {
  return db.query('INSERT INTO orders (name) VALUES (?)', [name]);
}
`,
  'orders.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { findOrders } from './orders.js';

test('asks the database', () => {
  const asked = [];
  findOrders({ query: (sql) => asked.push(sql) }, 'ada');
  assert.match(asked[0], /FROM orders WHERE name = /);
});
`,
};

/** Writes a project with one SQL injection across two files and one test. */
export async function writeSmallProject(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Every file of a folder with its content: equal for equal trees. */
export async function readTree(folder: string): Promise<Record<string, string>> {
  const tree: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) tree[path.slice(folder.length + 1)] = await readFile(path, 'utf8');
  }
  return Object.fromEntries(Object.entries(tree).sort());
}
