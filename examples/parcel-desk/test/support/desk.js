import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDb } from '../../src/store/db.js';
import { createMemoryDriver } from '../../src/store/memory-driver.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A desk with the demo data, a clock that stands still, and the statements that reached its driver. */
export async function createDesk() {
  const seed = JSON.parse(await readFile(join(root, 'data', 'seed.json'), 'utf8'));
  const memory = createMemoryDriver(seed.tables);
  const statements = [];
  const driver = {
    query(sql, params) {
      statements.push({ sql, params });
      return memory.query(sql, params);
    },
  };
  return {
    db: openDb(driver),
    settings: seed.settings,
    labelFolder: join(root, 'data', 'labels'),
    receiptFolder: join(root, 'data', 'receipts'),
    now: () => new Date('2026-03-04T10:00:00.000Z'),
    statements,
  };
}

/** A request as the app passes it to a handler. */
export function request({ params = {}, query = {}, body = {} } = {}) {
  return { method: 'GET', path: '/', headers: {}, params, query, body };
}

export const bodyOf = (reply) => JSON.parse(reply.body);
