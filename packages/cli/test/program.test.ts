import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSmallProject } from './small-project.js';
import { runTrocar } from './trocar-process.js';

let base: string;
let home: string;
let folder: string;

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'trocar-program-')));
  home = join(base, 'home');
  folder = join(base, 'shop');
  await writeSmallProject(folder);
});

afterAll(() => rm(base, { recursive: true, force: true }));

describe('the built program', () => {
  it('gives help and exit codes', async () => {
    const help = await runTrocar(['--help'], { home });
    expect(help).toMatchObject({ code: 0, notes: '' });
    expect(help.output).toContain('Usage: trocar COMMAND');
    expect((await runTrocar(['fly'], { home })).code).toBe(2);
  });

  it('does the main job from proposal to proof', async () => {
    const waiting = await runTrocar(['operate', folder, '--json'], { home });
    const { run, status } = JSON.parse(waiting.output) as { run: string; status: string };
    expect({ status, code: waiting.code, notes: waiting.notes }).toEqual({
      status: 'awaiting-approval',
      code: 0,
      notes: '',
    });
    expect((await runTrocar(['approve', run], { home })).code).toBe(0);
    expect(await readFile(join(folder, 'orders.js'), 'utf8')).toContain('WHERE name = ?');
    expect((await runTrocar(['scan', folder], { home })).code).toBe(0);
    expect((await runTrocar(['verify'], { home })).output).toContain('Verified:');
  });
});

describe('an agent and a person on one journal', () => {
  it('finish a change together: the server plans, the person approves', async () => {
    const messages = [
      {
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
      },
      { method: 'notifications/initialized' },
      {
        id: 2,
        method: 'tools/call',
        params: {
          name: 'update_symbol',
          arguments: { path: 'orders.js', symbol: 'addOrder', new_code: 'function addOrder() {}' },
        },
      },
    ];
    const input = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
    const served = await runTrocar(['mcp', folder], { home, input });
    const answers = served.output.trim().split('\n');
    const answer = JSON.parse(answers.at(-1)!) as { result: { structuredContent: { code: string; run: string } } };
    expect(answer.result.structuredContent.code).toBe('approval-required');

    const { run } = answer.result.structuredContent;
    const approved = await runTrocar(['approve', run], { home });
    expect(approved.output).toBe('Applied: orders.js\n');
    expect(await readFile(join(folder, 'orders.js'), 'utf8')).toContain('export function addOrder() {}');
    expect((await runTrocar(['verify', run], { home })).code).toBe(0);
  });
});
