import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../src/index.js';
import { createMemoryTerminal, type MemoryTerminal, type MemoryTerminalOptions } from './memory-terminal.js';
import { readTree, writeSmallProject } from './small-project.js';

let base: string;
let folder: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'trocar-cli-')));
  folder = join(base, 'shop');
  await writeSmallProject(folder);
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function run(argv: readonly string[], options: MemoryTerminalOptions = {}) {
  const terminal = createMemoryTerminal({
    workingFolder: base,
    environment: { TROCAR_HOME: join(base, 'home') },
    ...options,
  });
  return { code: await main(argv, terminal), terminal };
}

// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever JSON was printed.
const json = (terminal: MemoryTerminal): any => JSON.parse(terminal.output);

describe('trocar scan', () => {
  it('tells findings with their path, and ends with 1', async () => {
    const { code, terminal } = await run(['scan', 'shop']);
    expect(code).toBe(1);
    expect(terminal.output).toContain('CWE-89');
    expect(terminal.output).toContain('orders.js:3');
    expect(terminal.output).toContain('server.js:');
    expect(terminal.output).toContain('complete');
  });

  it('prints one JSON value and nothing else', async () => {
    const { code, terminal } = await run(['scan', 'shop', '--json']);
    expect(code).toBe(1);
    expect(json(terminal)).toMatchObject({
      findings: [{ cwe: 'CWE-89', file: 'orders.js', line: 3 }],
      coverage: { files: 4, analysed: 3 },
      complete: true,
    });
    expect(terminal.notes).toBe('');
  });

  it('writes SARIF', async () => {
    await run(['scan', 'shop', '--sarif', 'out.sarif']);
    const sarif = JSON.parse(await readFile(join(base, 'out.sarif'), 'utf8'));
    expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: expect.any(String) }] }] });
  });

  it.each([
    [['scan', 'shop', '--sarif', 'missing/out.sarif'], {}, 'out.sarif cannot be written (ENOENT)'],
    [['scan', 'shop'], { TROCAR_HOME: 'shop/package.json/home' }, 'Set TROCAR_HOME to a folder of yours'],
  ])('%j with %j is one line that says what to do', async (argv, environment, message) => {
    const { code, terminal } = await run(argv, {
      environment: { TROCAR_HOME: join(base, 'home'), ...environment },
    });
    expect(code).toBe(2);
    expect(terminal.notes).toContain(message);
  });

  it('ends with 0 on clean code and with 3 on code that it could not read', async () => {
    await rm(join(folder, 'server.js'));
    const clean = await run(['scan', 'shop']);
    expect(clean.code).toBe(0);
    expect(clean.terminal.output).toContain('Clean.');
    await writeFile(join(folder, 'broken.js'), 'function (((');
    const partial = await run(['scan', 'shop']);
    expect(partial.code).toBe(3);
    expect(partial.terminal.output).toContain('No findings in what was analysed.');
    expect(partial.terminal.output).toContain('broken.js');
  });
});

describe('trocar operate', () => {
  it('waits without a terminal, then approve applies', async () => {
    const original = await readTree(folder);
    const waiting = await run(['operate', 'shop', '--json']);
    expect(waiting.code).toBe(0);
    const { run: id, status } = json(waiting.terminal);
    expect(status).toBe('awaiting-approval');
    expect(await readTree(folder)).toEqual(original);

    const shown = await run(['runs', id]);
    expect(shown.terminal.output).toContain(`trocar approve ${id}`);
    expect(shown.terminal.output).toContain('+++ b/orders.js');

    const approved = await run(['approve', id]);
    expect(approved.code).toBe(0);
    expect(approved.terminal.output).toContain('Applied: 1 file changed.');
    expect(await readTree(folder)).not.toEqual(original);

    const again = await run(['approve', id]);
    expect(again.code).toBe(2);
    expect(again.terminal.notes).toContain('nothing to decide');
  });

  it('applies at once with --yes', async () => {
    const { code, terminal } = await run(['operate', '--yes', 'shop']);
    expect(code).toBe(0);
    expect(terminal.notes).toContain('tests in the sandbox  1 passed, 0 failed');
    expect((await run(['scan', 'shop'])).code).toBe(0);
    expect((await run(['operate', 'shop'])).terminal.output).toContain('Nothing to do');
  });

  it.each([
    ['y', 0, 'Applied: 1 file changed.'],
    ['no', 1, 'local:ada rejected the changes'],
    ['', 0, 'Waiting for approval'],
  ])('asks at a terminal; the answer %j ends with %i', async (answer, expected, text) => {
    const { code, terminal } = await run(['operate', 'shop'], { answers: [answer] });
    expect(terminal.notes).toContain('Apply these changes?');
    expect(terminal.notes).not.toContain('trocar:');
    expect(terminal.output).toContain(text);
    expect(code).toBe(expected);
  });

  it('drops what is rejected', async () => {
    const original = await readTree(folder);
    const { terminal } = await run(['operate', 'shop', '--json']);
    const rejected = await run(['reject', json(terminal).run, '--json']);
    expect(rejected.code).toBe(0);
    expect(json(rejected.terminal)).toMatchObject({ status: 'failed', fixed: [], problem: { code: 'rejected' } });
    expect(await readTree(folder)).toEqual(original);
  });

  it('ends with 3 where something could not be analysed', async () => {
    await rm(join(folder, 'server.js'));
    await writeFile(join(folder, 'broken.js'), 'function (((');
    expect((await run(['operate', 'shop'])).code).toBe(3);
    await writeSmallProject(folder);
    expect((await run(['operate', '--yes', 'shop'])).code).toBe(3);
  });

  it('leaves the decision for later when the terminal is closed at the question', async () => {
    const { code, terminal } = await run(['operate', 'shop'], { answers: [] });
    expect(code).toBe(0);
    expect(terminal.output).toContain('Waiting for approval');
  });

  it('says how to go on when it is interrupted', async () => {
    const terminal = createMemoryTerminal({ workingFolder: base, environment: { TROCAR_HOME: join(base, 'home') } });
    terminal.interrupt();
    const code = await main(['operate', 'missing'], terminal);
    expect(code).toBe(130);
    expect(terminal.notes).toContain('trocar resume');
  });
});

describe('a change that an agent asked for', () => {
  const message = (id: number, method: string, params: object) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;

  async function proposeChange(): Promise<string> {
    const [input, protocol] = [new PassThrough(), new PassThrough()];
    const ended = run(['mcp', 'shop'], { input, protocol });
    input.write(
      message(1, 'initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 't', version: '1' },
      }),
    );
    input.end(
      message(2, 'tools/call', {
        name: 'update_symbol',
        arguments: { path: 'orders.js', symbol: 'addOrder', new_code: 'function addOrder() {}' },
      }),
    );
    await ended;
    const { runs } = json((await run(['runs', '--json'])).terminal);
    return runs.find(({ status }: { status: string }) => status === 'waiting').runId;
  }

  it('is shown, and applied by a person', async () => {
    const id = await proposeChange();
    expect((await run(['runs', id])).terminal.output).toContain('+export function addOrder() {}');
    const approved = await run(['approve', id, '--json']);
    expect(approved.code).toBe(0);
    expect(json(approved.terminal)).toMatchObject({ run: id, status: 'applied', edits: [{ file: 'orders.js' }] });
  });

  it('is dropped by a person', async () => {
    const rejected = await run(['reject', await proposeChange()]);
    expect(rejected.code).toBe(0);
    expect(rejected.terminal.output).toBe('Rejected: nothing was changed.\n');
  });
});

describe('trocar sandbox run', () => {
  it('runs a guest, and says what it cost', async () => {
    await writeFile(
      join(base, 'guest.js'),
      'console.log("hi");\nconsole.error("oh");\nexport const sum = (a, b) => Number(a) + Number(b);',
    );
    const { code, terminal } = await run(['sandbox', 'run', 'guest.js', '--invoke', 'sum', '--', '-2', '5']);
    expect(terminal.notes).toBe('oh\n');
    expect(code).toBe(0);
    expect(terminal.output).toMatch(/^hi\nresult 3\n[\d,]+ units of fuel, /);
  });

  it('stops one that does not end', async () => {
    await writeFile(join(base, 'spin.js'), 'for (;;) {}');
    const argv = ['sandbox', 'run', 'spin.js', '--fuel', '100_000_000', '--memory-mib', '64', '--wall-ms', '20000'];
    const { code, terminal } = await run([...argv, '--json']);
    expect(code).toBe(1);
    expect(json(terminal)).toMatchObject({ ok: false, trap: { kind: 'fuel' } });
    const told = await run(argv);
    expect(told.terminal.output).toContain('stopped: fuel');
  });

  it.each([
    [['sandbox', 'run', 'shop'], 'is not a file'],
    [['scan', 'guest.txt'], 'is not a folder'],
    [['scan', ''], 'The name is empty'],
    [['mcp', 'shop', '--http', '70000'], 'a port up to 65535'],
  ])('%j is wrong usage', async (argv, message) => {
    await writeFile(join(base, 'guest.txt'), 'x');
    const { code, terminal } = await run(argv);
    expect(code).toBe(2);
    expect(terminal.notes).toContain(message);
  });
});

describe('the journal', () => {
  it('is empty at first, then lists and shows runs', async () => {
    const empty = await run(['runs']);
    expect(empty.terminal.output).toContain('no runs yet');
    await run(['scan', 'shop']);
    const listed = await run(['runs']);
    expect(listed.terminal.output).toMatch(
      /^run-\w+ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}call +completed +3 entries\n$/,
    );
    const { runs } = json((await run(['runs', '--json'])).terminal);
    const shown = await run(['runs', runs[0].runId]);
    expect(shown.terminal.output).toContain('step-completed      security_scan');
    const full = json((await run(['runs', runs[0].runId, '--json'])).terminal);
    expect(full.log[1].content.attributes).toMatchObject({ tool: 'security_scan', identity: 'local:ada' });
    expect((await run(['runs', 'run-unknown'])).code).toBe(1);
  });

  it('shows why a run failed', async () => {
    await writeFile(join(base, 'big.js'), 'x');
    expect((await run(['sandbox', 'run', 'big.js', '--memory-mib', '1'])).code).toBe(2);
    const { runs } = json((await run(['runs', '--json'])).terminal);
    expect((await run(['runs', runs[0].runId])).terminal.output).toContain('bad-request');
  });

  it('verifies, and names what was tampered with', async () => {
    await run(['scan', 'shop']);
    const good = await run(['verify']);
    expect(good.code).toBe(0);
    expect(good.terminal.output).toContain('Verified: 3 entries');
    expect(json((await run(['verify', '--json'])).terminal)).toEqual({ ok: true, entries: 3, firstBad: null });

    const path = join(base, 'home', 'checkpoints.log');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await writeFile(path, [lines[0]!.replace(/[A-Za-z0-9+/]{20}/, 'A'.repeat(20)), ...lines.slice(1)].join('\n'));
    const bad = await run(['verify']);
    expect(bad.code).toBe(1);
    expect(bad.terminal.output).toContain('Tampered: first bad:');
    expect(json((await run(['verify', '--json'])).terminal)).toMatchObject({
      ok: false,
      firstBad: { reason: expect.any(String) },
    });
  });

  it('resumes what was interrupted', async () => {
    expect((await run(['resume'])).terminal.output).toContain('No run was interrupted.');
    const { terminal } = await run(['operate', 'shop', '--json']);
    const { run: id } = json(terminal);
    expect((await run(['resume'])).terminal.output).toContain(`${id}  waiting`);
    expect(json((await run(['resume', '--json'])).terminal)).toEqual({ runs: [{ run: id, status: 'waiting' }] });
    expect((await run(['resume', id])).terminal.output).toContain('Waiting for approval');
  });
});

describe('the policy of the operator', () => {
  it('replaces the built-in one', async () => {
    await run(['runs']);
    const path = join(base, 'home', 'policy.json');
    await writeFile(path, JSON.stringify({ version: 1, grants: [], approvers: [] }));
    const denied = await run(['scan', 'shop', '--json']);
    expect(denied.code).toBe(1);
    expect(json(denied.terminal)).toMatchObject({ ok: false, error: { code: 'denied' } });
    await writeFile(path, '{');
    expect((await run(['scan', 'shop'])).terminal.notes).toContain('is not JSON');
  });
});

describe('trocar doctor', () => {
  it('shows every wall standing', async () => {
    const { code, terminal } = await run(['doctor']);
    expect(code).toBe(0);
    expect(terminal.output).toMatch(/(\d+) of \1 attacks held off\.\n$/);
    expect(json((await run(['doctor', '--json'])).terminal)).toMatchObject({ ok: true });
  });
});

describe('trocar mcp', () => {
  it('answers a client on standard input and output, and ends with it', async () => {
    const [input, protocol] = [new PassThrough(), new PassThrough()];
    const ended = run(['mcp', 'shop'], { input, protocol });
    const message = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: message })}\n`);
    const [answer] = await new Promise<Buffer[]>((resolve) => {
      protocol.once('data', (data: Buffer) => resolve([data]));
    });
    expect(JSON.parse(String(answer))).toMatchObject({ id: 1, result: { serverInfo: { name: 'trocar' } } });
    input.end();
    expect((await ended).code).toBe(0);
  });

  it('takes known toolsets only, and a token for HTTP', async () => {
    expect((await run(['mcp', 'shop', '--toolset', 'some'])).code).toBe(2);
    const { code, terminal } = await run(['mcp', 'shop', '--http', '0']);
    expect(code).toBe(2);
    expect(terminal.notes).toContain('TROCAR_MCP_TOKEN');
  });

  it('serves HTTP until it is interrupted', async () => {
    const environment = { TROCAR_HOME: join(base, 'home'), TROCAR_MCP_TOKEN: 'a-token-of-some-length' };
    const terminal = createMemoryTerminal({ workingFolder: base, environment });
    const ended = main(['mcp', 'shop', '--http', '0'], terminal);
    await expect.poll(() => terminal.notes, { timeout: 10_000 }).toContain('Serving http://127.0.0.1:');
    const url = /http:\S+/.exec(terminal.notes)![0];
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
    terminal.interrupt();
    expect(await ended).toBe(0);
  });
});
