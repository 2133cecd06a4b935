import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './src/app.js';
import { problemReply } from './src/http/reply.js';
import { readRequest } from './src/http/request.js';
import { openDb } from './src/store/db.js';
import { createMemoryDriver } from './src/store/memory-driver.js';

const here = dirname(fileURLToPath(import.meta.url));

/** Starts the desk on a port. The shops pass a driver for their own database, the demo keeps its tables in memory. */
export async function startDesk({ port = 8080, driver } = {}) {
  const seed = JSON.parse(await readFile(join(here, 'data', 'seed.json'), 'utf8'));
  const desk = {
    db: openDb(driver ?? createMemoryDriver(seed.tables)),
    settings: seed.settings,
    labelFolder: join(here, 'data', 'labels'),
    receiptFolder: join(here, 'data', 'receipts'),
    now: () => new Date(),
  };
  const app = createApp(desk);

  const server = createServer(async (req, res) => {
    const reply = await readRequest(req).then(app, problemReply);
    res.writeHead(reply.status, reply.headers);
    res.end(reply.body);
  });
  await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await startDesk({ port: Number(process.env.PORT ?? 8080) });
  console.log(`parcel desk on http://127.0.0.1:${server.address().port}`);
}
