import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createDefaultPolicy } from '@trocar/plane';
import { openPort, type Port } from '@trocar/workflows';
import { onTestFinished } from 'vitest';
import type { ServeOptions } from '../src/serve/serve-options.js';
import { serveStdio } from '../src/serve/serve-stdio.js';
import { createLineClient, type LineClient } from './line-client.js';

/** Trocar on a small project: the real port, journal and tools. */
export interface Product {
  readonly root: string;
  readonly port: Port;
  readonly options: ServeOptions;
  /** A new client of a new server in this process. */
  connect(more?: Partial<ServeOptions>): LineClient;
}

/** Writes a project, opens a port on it, and takes both away when the test is over. */
export async function openProduct(files: Record<string, string | Buffer>, allowWrites = false): Promise<Product> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'trocar-mcp-')));
  const root = join(folder, 'project');
  await mkdir(root);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const identity = 'agent:test';
  const policy = createDefaultPolicy({ identity, roots: [root], allowWrites });
  const port = await openPort({ home: join(folder, 'home'), policy, workingFolder: root });
  const clients: LineClient[] = [];
  onTestFinished(async () => {
    for (const client of clients) {
      client.end();
      await client.closed;
    }
    await port[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  const serverInfo = { name: 'trocar', version: '0.0.0-test' };
  const options: ServeOptions = { port: async () => port, root, identity, approver: 'local:ada', serverInfo };
  return {
    root,
    port,
    options,
    connect(more = {}) {
      const toServer = new PassThrough();
      const fromServer = new PassThrough();
      const closed = serveStdio({ ...options, ...more, input: toServer, output: fromServer });
      const client = createLineClient(toServer, fromServer, closed);
      clients.push(client);
      return client;
    },
  };
}

/** The structured content of an answer to `tools/call`. */
export async function callTool(client: LineClient, name: string, input: object): Promise<Record<string, unknown>> {
  const { result, error } = await client.request('tools/call', { name, arguments: input });
  if (error !== undefined) throw new Error(error.message);
  const { structuredContent, content } = result as {
    structuredContent: Record<string, unknown>;
    content: { text: string }[];
  };
  if (JSON.stringify(structuredContent) !== content[0]?.text) throw new Error('The text says something else.');
  return structuredContent;
}
