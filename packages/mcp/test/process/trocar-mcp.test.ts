import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLineClient, initialize, type LineClient } from '../line-client.js';
import { callTool } from '../product.js';

// The program as it is built: `npm test` builds before it tests.
const program = fileURLToPath(new URL('../../../cli/bin/trocar.mjs', import.meta.url));
const source = 'export const one = () => 1;\n';

interface Running {
  readonly client: LineClient;
  readonly child: ChildProcessWithoutNullStreams;
  readonly root: string;
  readonly exit: Promise<number | null>;
  readonly complaints: () => string;
}

async function start(): Promise<Running> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'trocar-mcp-process-')));
  const root = join(folder, 'project');
  await mkdir(root);
  await writeFile(join(root, 'one.js'), source);
  const env = { ...process.env, TROCAR_HOME: join(folder, 'home') };
  const child = spawn(process.execPath, [program, 'mcp', root], { env });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  let complaints = '';
  child.stderr.on('data', (chunk) => {
    complaints += chunk;
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true });
  });
  const client = createLineClient(
    child.stdin,
    child.stdout,
    exit.then(() => {}),
  );
  return { client, child, root, exit, complaints: () => complaints };
}

describe('the process', () => {
  it('serves, writes nothing but messages, and ends cleanly when its client goes away', async () => {
    const { client, root, exit, complaints } = await start();
    const { result } = await initialize(client);
    expect(result).toMatchObject({ serverInfo: { name: 'trocar', version: expect.stringMatching(/^\d+\.\d+\.\d+/) } });
    expect(await callTool(client, 'extract_code', { path: 'one.js', symbol: 'one' })).toMatchObject({ success: true });
    client.raw('no message\n');
    expect((await client.next(({ id }) => id === null)).error?.code).toBe(-32_700);
    client.end();
    expect(await exit).toBe(0);
    expect(complaints()).toBe('');
    expect(await readdir(root)).toEqual(['one.js']);
  });

  it('ends cleanly when its client goes away before it has said anything', async () => {
    const { client, exit, complaints } = await start();
    client.end();
    expect(await exit).toBe(0);
    expect(complaints()).toBe('');
  });

  it('ends when nobody reads its answers any more', async () => {
    const { client, child, exit } = await start();
    await initialize(client);
    child.stdout.destroy();
    for (let count = 0; count < 20 && child.exitCode === null; count += 1) {
      client.notify('notifications/initialized');
      child.stdin.on('error', () => {});
      child.stdin.write(`{"jsonrpc":"2.0","id":"${count}","method":"tools/list"}\n`);
    }
    expect(await exit).toBe(0);
  });

  it('leaves nothing half-written when it is killed in the middle of changes', async () => {
    const { client, child, root, exit } = await start();
    await initialize(client);
    const changes = Array.from({ length: 5 }, (_, count) => {
      const new_code = `export const one = () => ${count};`;
      return callTool(client, 'update_symbol', { path: 'one.js', symbol: 'one', new_code });
    });
    await Promise.race(changes);
    child.kill('SIGKILL');
    await exit;
    expect(await readdir(root)).toEqual(['one.js']);
    expect(await readFile(join(root, 'one.js'), 'utf8')).toBe(source);
  });
});
