import { digestJson } from '@trocar/core';
import { digestTool } from '@trocar/plane';
import { describe, expect, it } from 'vitest';
import { createReadUris } from '../../src/product/read-uris.js';
import { parseResourceUri } from '../../src/product/resource-uri.js';
import { initialize, type LineClient } from '../line-client.js';
import { callTool, openProduct } from '../product.js';

const files = { 'src/sum.js': 'export function sum(a, b) {\n  return a + b;\n}\n' };

async function read(client: LineClient, uri: string): Promise<Record<string, unknown>> {
  const { result, error } = await client.request('resources/read', { uri });
  if (error) return { code: error.code };
  const [content] = (result as { contents: { text: string }[] }).contents;
  return JSON.parse(content?.text ?? '');
}

describe('resources', () => {
  it('publish the digests of the definitions that were listed', async () => {
    const { connect, port } = await openProduct(files);
    const client = connect();
    await initialize(client);
    const { result } = await client.request('tools/list');
    const { tools } = result as { tools: { name: string }[] };
    const published = await read(client, 'trocar://tools');
    expect(published.tools).toEqual(
      tools.map((definition) => ({
        name: definition.name,
        listed: digestJson(definition),
        approved: digestTool(port.plane.tools.find(({ name }) => name === definition.name)!),
      })),
    );
  });

  it('are listed, with templates for symbols and analyses', async () => {
    const { connect } = await openProduct(files);
    const client = connect();
    await initialize(client);
    expect((await client.request('resources/list')).result).toMatchObject({
      resources: [{ uri: 'trocar://tools' }, { uri: 'trocar://analysis/' }],
    });
    expect((await client.request('resources/templates/list')).result).toMatchObject({
      resourceTemplates: [{ name: 'analysis' }, { name: 'symbol' }],
    });
  });

  it('give a symbol under the same policy as a call', async () => {
    const { connect } = await openProduct(files);
    const client = connect();
    await initialize(client);
    expect(await read(client, 'trocar://symbol/src/sum.js?name=sum')).toMatchObject({ symbol: 'sum' });
    expect(await read(client, 'trocar://symbol/src/sum.js?name=nothing')).toEqual({ code: -32_602 });
    expect(await read(client, 'trocar://symbol/src/gone.js?name=sum')).toEqual({ code: -32_602 });
    expect(await read(client, 'trocar://symbol/%2Fetc%2Fpasswd?name=root')).toEqual({ code: -32_602 });
    expect(await read(client, 'file:///etc/passwd')).toEqual({ code: -32_602 });
  });

  it('that were read and subscribed to are announced when Trocar changes them', async () => {
    const { connect } = await openProduct(files, true);
    const client = connect();
    await initialize(client);
    const uri = 'trocar://symbol/src/sum.js?name=sum';
    await read(client, uri);
    await client.request('resources/subscribe', { uri });
    const new_code = 'export function sum(a, b) {\n  return b + a;\n}';
    await callTool(client, 'update_symbol', { path: 'src/sum.js', symbol: 'sum', new_code });
    const { params } = await client.next(({ method }) => method === 'notifications/resources/updated');
    expect(params).toMatchObject({ uri });
  });
});

describe('the address of a resource', () => {
  it.each([
    ['trocar://tools', { kind: 'tools' }],
    ['trocar://tools/x', undefined],
    ['trocar://analysis/', { kind: 'analysis', path: '.' }],
    ['trocar://analysis/src/a%20b.js', { kind: 'analysis', path: 'src/a b.js' }],
    ['trocar://symbol/a.js?name=A.b', { kind: 'symbol', path: 'a.js', symbol: 'A.b' }],
    ['trocar://symbol/a.js', undefined],
    ['trocar://symbol/?name=a', undefined],
    ['trocar://analysis/%zz', undefined],
    ['trocar://other/a', undefined],
    ['https://tools', undefined],
    ['no address', undefined],
    [`trocar://analysis/${'a'.repeat(9_000)}`, undefined],
  ])('%s', (uri, place) => {
    expect(parseResourceUri(uri)).toEqual(place);
  });
});

describe('the resources that were read', () => {
  it('are touched by files at or below their path, and the oldest are forgotten', () => {
    const uris = createReadUris();
    uris.add('all', '.');
    uris.add('folder', './src/');
    uris.add('file', 'src/a.js');
    uris.add('other', 'src/a.jsx');
    expect(uris.touchedBy(['src/a.js'])).toEqual(['all', 'folder', 'file']);
    expect(uris.touchedBy(['lib/a.js'])).toEqual(['all']);
    for (let count = 0; count < 1_000; count += 1) uris.add(`new-${count}`, `f${count}.js`);
    expect(uris.touchedBy(['src/a.js'])).toEqual([]);
  });
});

describe('prompts', () => {
  it('write a job out, with what was given quoted', async () => {
    const { connect } = await openProduct({});
    const client = connect();
    await initialize(client);
    const { result } = await client.request('prompts/list');
    const { prompts } = result as { prompts: { name: string; arguments: { name: string }[] }[] };
    expect(prompts.map(({ name }) => name)).toEqual(['fix_vulnerabilities', 'explain_symbol', 'change_symbol']);
    for (const { name, arguments: known } of prompts) {
      const given = Object.fromEntries(known.map((argument) => [argument.name, `the ${argument.name}`]));
      const written = await client.request('prompts/get', { name, arguments: given });
      for (const value of Object.values(given)) expect(JSON.stringify(written.result)).toContain(value);
      expect(JSON.stringify(written.result)).not.toContain('\\n');
    }
    const everything = await client.request('prompts/get', { name: 'fix_vulnerabilities' });
    expect(JSON.stringify(everything.result)).toContain('path \\".\\"');
  });
});
