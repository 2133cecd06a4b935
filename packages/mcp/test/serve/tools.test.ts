import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrocarError } from '@trocar/core';
import { describe, expect, it, vi } from 'vitest';
import { estimateTokens } from '../../src/answer/token-estimate.js';
import { initialize, type LineClient, modern } from '../line-client.js';
import { callTool, openProduct } from '../product.js';

const sum = '// Adds.\nexport function sum(a, b) {\n  return a + b; // kept\n}\n';
const changed = 'export function sum(a, b) {\n  return b + a;\n}';

describe('the tools that are listed by default', () => {
  it('are few, typed, annotated, in a fixed order, and cost a model less than 2,000 tokens', async () => {
    const { connect } = await openProduct({});
    const client = connect();
    await initialize(client);
    const { result } = await client.request('tools/list');
    const { tools } = result as { tools: { name: string; annotations: object; outputSchema: object }[] };
    expect(tools.map(({ name }) => name)).toEqual([
      'security_scan',
      'extract_code',
      'get_file_context',
      'get_symbol_references',
      'update_symbol',
      'rename_symbol',
      'run_in_sandbox',
    ]);
    for (const { outputSchema } of tools) expect(outputSchema).toMatchObject({ type: 'object', required: ['success'] });
    expect(tools.map(({ annotations }) => annotations)).toEqual([
      { readOnlyHint: true, openWorldHint: false },
      { readOnlyHint: true, openWorldHint: false },
      { readOnlyHint: true, openWorldHint: false },
      { readOnlyHint: true, openWorldHint: false },
      { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
      { readOnlyHint: false, destructiveHint: true, openWorldHint: false },
      { readOnlyHint: true, openWorldHint: false },
    ]);
    expect(estimateTokens(JSON.stringify(tools))).toBeLessThan(2_000);
    const again = await client.request('tools/list');
    expect(JSON.stringify(again.result)).toBe(JSON.stringify(result));
  });
});

describe('a port that cannot be opened', () => {
  it('is said at the first call, and tried again at the next', async () => {
    const { connect, port } = await openProduct({ 'a.js': 'export const a = 1;\n' });
    let tries = 0;
    const client = connect({
      port: async () => {
        tries += 1;
        if (tries === 1) throw new TrocarError('store-busy', 'The journal is in use.');
        return port;
      },
    });
    await initialize(client);
    const input = { path: 'a.js', symbol: 'a' };
    expect(await callTool(client, 'extract_code', input)).toMatchObject({ success: false, code: 'store-busy' });
    expect(await callTool(client, 'extract_code', input)).toMatchObject({ success: true });
    expect(await callTool(client, 'extract_code', input)).toMatchObject({ success: true });
    expect(tries).toBe(2);
  });
});

describe('extract_code', () => {
  it('gives the text as it was written, and what belongs to it', async () => {
    const { connect } = await openProduct({ 'src/sum.js': sum });
    const client = connect();
    await initialize(client);
    expect(await callTool(client, 'extract_code', { path: 'src/sum.js', symbol: 'sum' })).toMatchObject({
      success: true,
      code: 'export function sum(a, b) {\n  return a + b; // kept\n}',
      digest: expect.stringMatching(/^sha256:/),
      from_files: ['code', 'comment', 'imports'],
      tokens: expect.any(Number),
    });
  });

  it('gives a long symbol in pages', async () => {
    const lines = Array.from({ length: 400 }, (_, line) => `  total += value * ${line};\n`).join('');
    const { connect } = await openProduct({ 'long.js': `export function long(value) {\n${lines}}\n` });
    const client = connect();
    await initialize(client);
    const input = { path: 'long.js', symbol: 'long', max_tokens: 500 };
    let page = await callTool(client, 'extract_code', input);
    expect(page).toMatchObject({ line: 1, end_line: 402, more: expect.any(Number) });
    let code = String(page.code);
    while (page.cursor !== undefined) {
      page = await callTool(client, 'extract_code', { ...input, cursor: page.cursor });
      expect(Number(page.tokens)).toBeLessThanOrEqual(500);
      code += String(page.code);
    }
    expect(code).toBe(`export function long(value) {\n${lines}}`);
  });

  it('flags characters that nobody sees, in what it was asked and in what it found', async () => {
    const { connect } = await openProduct({ 'a.js': 'export const a = 1 /* \u202Eevil */;\n' });
    const client = connect();
    await initialize(client);
    expect(await callTool(client, 'extract_code', { path: 'a.js', symbol: 'a' })).toMatchObject({
      hidden_characters: [expect.stringContaining('U+202E')],
    });
  });
});

describe('get_call_graph', () => {
  it('is listed where all tools are', async () => {
    const { connect } = await openProduct({ 'a.js': 'function one() {\n  two();\n}\nfunction two() {}\n' });
    const client = connect({ toolset: 'all' });
    await initialize(client);
    const { result } = await client.request('tools/list');
    expect((result as { tools: { name: string }[] }).tools.map(({ name }) => name)).toContain('get_call_graph');
    expect(await callTool(client, 'get_call_graph', { symbol: 'two' })).toMatchObject({
      calls: [{ caller: 'a.one', callees: ['a.two'] }],
      from_files: ['calls'],
    });
  });
});

describe('get_symbol_references', () => {
  const users = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`user-${at}.js`, "import { sum } from './sum.js';\nsum(1, 2);\n"]),
  );

  it('lists the uses in all files, in pages that fit', async () => {
    const { connect } = await openProduct({ ...users, 'sum.js': sum });
    const client = connect();
    await initialize(client);
    const input = { path: 'sum.js', symbol: 'sum' };
    const whole = await callTool(client, 'get_symbol_references', input);
    expect(whole).toMatchObject({ success: true, proven: 61, possible: 0, complete: true, coverage: { analysed: 31 } });
    let page = await callTool(client, 'get_symbol_references', { ...input, max_tokens: 500 });
    const seen = [...(page.references as unknown[])];
    while (page.cursor !== undefined) {
      page = await callTool(client, 'get_symbol_references', { ...input, max_tokens: 500, cursor: page.cursor });
      seen.push(...(page.references as unknown[]));
    }
    expect(seen).toEqual(whole.references);
  });
});

describe('rename_symbol', () => {
  const use = "import { sum } from './sum.js';\nsum(1, 2);\n";
  const input = { path: 'sum.js', symbol: 'sum', new_name: 'add' };

  it('changes every file that uses the symbol once that was agreed to', async () => {
    const { connect, root, port } = await openProduct({ 'sum.js': sum, 'use.js': use });
    const client = connect();
    await initialize(client);
    const answer = await callTool(client, 'rename_symbol', input);
    expect(answer).toMatchObject({ code: 'approval-required', edits: [{ file: 'sum.js' }, { file: 'use.js' }] });
    expect(await readFile(join(root, 'use.js'), 'utf8')).toBe(use);
    await port.decide(String(answer.run), 'approve', 'local:ada');
    expect(await readFile(join(root, 'use.js'), 'utf8')).toBe("import { add } from './sum.js';\nadd(1, 2);\n");
    expect(await readFile(join(root, 'sum.js'), 'utf8')).toBe(sum.replace('sum', 'add'));
  });

  it('changes nothing and names the places where a use is in doubt', async () => {
    const { connect, root } = await openProduct({ 'sum.js': sum, 'use.js': use, 'page.html': '<p>sum</p>' }, true);
    const client = connect();
    await initialize(client);
    expect(await callTool(client, 'rename_symbol', input)).toMatchObject({
      success: false,
      code: 'rename-refused',
      error: expect.stringContaining('page.html:1'),
      hint: expect.stringContaining('Nothing was changed'),
    });
    expect(await readFile(join(root, 'sum.js'), 'utf8')).toBe(sum);
  });
});

describe('security_scan', () => {
  const vulnerable = (index: number) => `import { createServer } from 'node:http';
import { exec } from 'node:child_process';

createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  exec('convert ' + url.searchParams.get('name${index}'), () => response.end());
}).listen(80${index});
`;
  const files = Object.fromEntries([0, 1, 2, 3, 4, 5].map((index) => [`server-${index}.js`, vulnerable(index)]));

  it('says what it found and what it looked at, in pages that fit', async () => {
    const { connect } = await openProduct(files);
    const client = connect();
    await initialize(client);
    const whole = await callTool(client, 'security_scan', {});
    expect(whole).toMatchObject({ success: true, complete: true, coverage: { files: 6, analysed: 6, skipped: [] } });
    const findings = whole.findings as { cwe: string; file: string }[];
    expect(findings).toHaveLength(6);
    expect(findings[0]).toMatchObject({ cwe: 'CWE-78', file: 'server-0.js', witness: expect.any(Array) });

    const seen: unknown[] = [];
    let page = await callTool(client, 'security_scan', { max_tokens: 400 });
    expect(page).toMatchObject({ complete: true, coverage: { analysed: 6 } });
    for (;;) {
      seen.push(...(page.findings as unknown[]));
      if (page.cursor === undefined) break;
      expect(page.more).toBe(6 - seen.length);
      page = await callTool(client, 'security_scan', { max_tokens: 400, cursor: page.cursor });
    }
    expect(seen).toEqual(findings);
  });

  it('can be read as a resource', async () => {
    const { connect } = await openProduct(files);
    const client = connect();
    await initialize(client);
    const { result } = await client.request('resources/read', { uri: 'trocar://analysis/server-1.js' });
    const [content] = (result as { contents: { text: string }[] }).contents;
    expect(JSON.parse(content?.text ?? '')).toMatchObject({ findings: [{ cwe: 'CWE-78' }], complete: true });
  });

  it('does not call clean what could not be analysed', async () => {
    const { connect } = await openProduct({ 'broken.js': 'const a = ;' });
    const client = connect();
    await initialize(client);
    expect(await callTool(client, 'security_scan', {})).toMatchObject({
      success: true,
      complete: false,
      findings: [],
      coverage: { skipped: expect.arrayContaining([expect.objectContaining({ file: 'broken.js' })]) },
    });
  });
});

describe('bad input is answered with what to do next', () => {
  const big = 50 * 1024 * 1024;
  const cases: [name: string, tool: string, input: object, code: string][] = [
    ['no arguments', 'extract_code', {}, 'invalid-input'],
    ['mistyped arguments', 'extract_code', { path: 7, symbol: {} }, 'invalid-input'],
    ['an unknown argument', 'extract_code', { path: 'a.js', symbol: 'a', deep: true }, 'invalid-input'],
    ['a bound that is no number', 'security_scan', { max_tokens: 'many' }, 'invalid-input'],
    ['a cursor of nobody', 'security_scan', { cursor: 'rest-x' }, 'cursor-unknown'],
    ['a NUL byte', 'extract_code', { path: 'a\0.js', symbol: 'a' }, 'path-missing'],
    ['a file that is not there', 'extract_code', { path: 'b.js', symbol: 'a' }, 'path-missing'],
    ['a folder for a file', 'extract_code', { path: 'src', symbol: 'a' }, 'not-a-file'],
    ['an absolute path outside', 'extract_code', { path: '/etc/passwd', symbol: 'a' }, 'denied'],
    ['a way out', 'extract_code', { path: '../secret.js', symbol: 'a' }, 'denied'],
    ['a link to the outside', 'extract_code', { path: 'link.js', symbol: 'a' }, 'denied'],
    [
      'a link to the outside, to be changed',
      'update_symbol',
      { path: 'link.js', symbol: 'a', new_code: 'a' },
      'denied',
    ],
    ['a link to itself', 'extract_code', { path: 'loop.js', symbol: 'a' }, 'path-unreadable'],
    ['a pipe', 'extract_code', { path: 'pipe.js', symbol: 'a' }, 'not-a-file'],
    ['a binary file', 'extract_code', { path: 'binary.js', symbol: 'a' }, 'file-not-code'],
    ['another language', 'extract_code', { path: 'a.rb', symbol: 'a' }, 'file-not-code'],
    ['50 MB', 'extract_code', { path: 'big.js', symbol: 'a' }, 'file-too-large'],
    ['a symbol that is not there', 'extract_code', { path: 'a.js', symbol: 'z' }, 'symbol-missing'],
    [
      'new code that does not parse',
      'update_symbol',
      { path: 'a.js', symbol: 'a', new_code: 'const a = (;' },
      'edit-refused',
    ],
    ['what cannot be a guest', 'run_in_sandbox', { path: 'a.rb' }, 'guest-unsupported'],
  ];

  it('in every case, by one server that lives on', async () => {
    const { connect, root } = await openProduct({
      'a.js': 'export const a = 1;\n',
      'a.rb': 'a = 1\n',
      'binary.js': Buffer.from([0, 1, 2, 0xff, 0xfe, 0, 0, 7]),
      'big.js': Buffer.alloc(big, 0x20),
    });
    await mkdir(join(root, 'src'));
    await writeFile(join(root, '../secret.js'), 'export const a = "secret";\n');
    await symlink(join(root, '../secret.js'), join(root, 'link.js'));
    await symlink('loop.js', join(root, 'loop.js'));
    execFileSync('mkfifo', [join(root, 'pipe.js')]);
    const client = connect();
    await initialize(client);
    for (const [name, tool, input, code] of cases) {
      const answer = await callTool(client, tool, input);
      expect
        .soft(answer, name)
        .toMatchObject({ success: false, code, error: expect.any(String), hint: expect.any(String) });
      expect.soft(JSON.stringify(answer), name).not.toContain('"secret"');
    }
    expect(await callTool(client, 'extract_code', { path: 'a.js', symbol: 'a' })).toMatchObject({ success: true });
  });
});

describe('a hundred calls at once', () => {
  it('are all answered, each with its own result', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`f${index}.js`, `export const v${index} = ${index};\n`]),
    );
    const { connect } = await openProduct(files);
    const client = connect();
    await initialize(client);
    const answers = await Promise.all(
      Object.keys(files).map((path, index) => callTool(client, 'extract_code', { path, symbol: `v${index}` })),
    );
    expect(answers.map(({ symbol }) => symbol)).toEqual(answers.map((_, index) => `v${index}`));
  });
});

describe('update_symbol', () => {
  const input = { path: 'sum.js', symbol: 'sum', new_code: changed };
  const applied = sum.replace('  return a + b; // kept', '  return b + a;');
  const textOf = (root: string) => readFile(join(root, 'sum.js'), 'utf8');

  it('changes nothing before somebody approves, and says how', async () => {
    const { connect, root, port } = await openProduct({ 'sum.js': sum });
    const client = connect();
    await initialize(client);
    const answer = await callTool(client, 'update_symbol', input);
    expect(answer).toMatchObject({ success: false, code: 'approval-required', status: 'awaiting-approval' });
    expect(answer.hint).toContain(`trocar approve ${String(answer.run)}`);
    expect(answer.edits).toMatchObject([{ file: 'sum.js', diff: expect.stringContaining('+  return b + a;') }]);
    expect(await textOf(root)).toBe(sum);
    const run = String(answer.run);
    await port.decide(run, 'approve', 'local:ada');
    expect(await textOf(root)).toBe(applied);
  });

  it('applies at once where the operator has agreed beforehand', async () => {
    const { connect, root } = await openProduct({ 'sum.js': sum }, true);
    const client = connect();
    await initialize(client);
    expect(await callTool(client, 'update_symbol', input)).toMatchObject({ success: true, status: 'applied' });
    expect(await textOf(root)).toBe(applied);
  });

  it('proposes nothing for a call that was cancelled', async () => {
    const { connect, port, root } = await openProduct({ 'sum.js': sum });
    const client = connect();
    await initialize(client);
    await callTool(client, 'extract_code', { path: 'sum.js', symbol: 'sum' });
    void client.request('tools/call', { name: 'update_symbol', arguments: input });
    client.notify('notifications/cancelled', { requestId: client.lastId });
    await vi.waitFor(() => expect(port.engine.runs({ workflow: 'change' })).toMatchObject([{ status: 'cancelled' }]));
    expect(await textOf(root)).toBe(sum);
  });

  it('refuses what is built on a text that is no more', async () => {
    const { connect, root } = await openProduct({ 'sum.js': sum }, true);
    const client = connect();
    await initialize(client);
    const { digest } = await callTool(client, 'extract_code', { path: 'sum.js', symbol: 'sum' });
    await writeFile(join(root, 'sum.js'), `${sum}// more\n`);
    const answer = await callTool(client, 'update_symbol', { ...input, expected_digest: digest });
    expect(answer).toMatchObject({ success: false, code: 'file-changed' });
    expect(await textOf(root)).toBe(`${sum}// more\n`);
  });

  const ask = async (client: LineClient, more: object = {}) => {
    await initialize(client, { elicitation: {} });
    const call = callTool(client, 'update_symbol', { ...input, ...more });
    const asked = await client.next(({ method }) => method === 'elicitation/create');
    return { call, asked };
  };

  it('asks the user of a client that can, with the diff, and applies what they agree to', async () => {
    const { connect, root, port } = await openProduct({ 'sum.js': sum });
    const client = connect();
    const { call, asked } = await ask(client);
    expect(asked.params).toMatchObject({ message: expect.stringContaining('+  return b + a;') });
    expect(await textOf(root)).toBe(sum);
    client.respond(asked.id, { action: 'accept', content: { apply: true } });
    const answer = await call;
    expect(answer).toMatchObject({ success: true, status: 'applied', edits: [{ file: 'sum.js' }] });
    expect(await textOf(root)).toBe(applied);
    const { entries } = port.engine.run(String(answer.run));
    expect(JSON.stringify(entries)).toContain('local:ada');
  });

  it.each([
    ['declines', { action: 'decline' }, 'rejected'],
    ['leaves the box empty', { action: 'accept', content: { apply: false } }, 'rejected'],
    ['answers something else', { action: 'accept', content: { other: 1 } }, 'rejected'],
    ['closes the question', { action: 'cancel' }, 'approval-required'],
  ])('changes nothing when the user %s', async (_, response, code) => {
    const { connect, root } = await openProduct({ 'sum.js': sum });
    const client = connect();
    const { call, asked } = await ask(client);
    client.respond(asked.id, response);
    expect(await call).toMatchObject({ success: false, code });
    expect(await textOf(root)).toBe(sum);
  });

  it('writes nothing over a file that changed while the user was asked', async () => {
    const { connect, root } = await openProduct({ 'sum.js': sum });
    const client = connect();
    const { call, asked } = await ask(client);
    await writeFile(join(root, 'sum.js'), `${sum}// theirs\n`);
    client.respond(asked.id, { action: 'accept', content: { apply: true } });
    expect(await call).toMatchObject({ success: false, code: 'file-changed' });
    expect(await textOf(root)).toBe(`${sum}// theirs\n`);
  });

  it('warns the user of characters that cannot be seen', async () => {
    const { connect } = await openProduct({ 'sum.js': sum });
    const client = connect();
    const { call, asked } = await ask(client, { new_code: changed.replace('b + a', 'b + a /*\u202E*/') });
    expect(asked.params).toMatchObject({ message: expect.stringContaining('cannot be seen') });
    client.respond(asked.id, { action: 'cancel' });
    await call;
  });

  it('does not ask where the operator wants no asking', async () => {
    const { options, connect } = await openProduct({ 'sum.js': sum });
    const { approver: _, ...others } = options;
    const client = connect({ ...others, approver: undefined } as never);
    await initialize(client, { elicitation: {} });
    const answer = await callTool(client, 'update_symbol', { ...input, new_code: `${changed}// \u202E` });
    expect(answer).toMatchObject({ code: 'approval-required', hidden_characters: ['new_code'] });
  });

  it('decides about what was shown only: an answer cannot be carried over to another call', async () => {
    const { connect, root } = await openProduct({ 'sum.js': sum });
    const client = connect();
    const able = { elicitation: {} };
    const first = await client.request('tools/call', modern({ name: 'update_symbol', arguments: input }, able));
    const { requestState } = first.result as { requestState: string };
    const inputResponses = { approval: { action: 'accept', content: { apply: true } } };
    const other = { ...input, new_code: 'export function sum() {\n  return "other";\n}' };
    const second = await client.request(
      'tools/call',
      modern({ name: 'update_symbol', arguments: other, requestState, inputResponses }, able),
    );
    expect(second.result).toMatchObject({ resultType: 'input_required' });
    expect(await textOf(root)).toBe(sum);
    const third = await client.request(
      'tools/call',
      modern({ name: 'update_symbol', arguments: input, requestState, inputResponses }, able),
    );
    expect(third.result).toMatchObject({ structuredContent: { status: 'applied' } });
    expect(await textOf(root)).toBe(applied);
  });
});
