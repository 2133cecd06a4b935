import { expect, it } from 'vitest';
import { serveHttp } from '../../src/serve/serve-http.js';
import { modern } from '../line-client.js';
import { openProduct } from '../product.js';

it('serves the same tools over HTTP, to who has the token', async () => {
  const { options, port } = await openProduct({ 'a.js': 'export const a = 1;\n' });
  const token = 'a-token-of-some-length';
  await using endpoint = await serveHttp({ ...options, port, httpPort: 0, token });
  const params = modern({ name: 'extract_code', arguments: { path: 'a.js', symbol: 'a' } });
  const post = (authorization: string) =>
    fetch(endpoint.url, {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'extract_code',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
  expect((await post('Bearer another-token-altogether')).status).toBe(401);
  expect(await (await post(`Bearer ${token}`)).json()).toMatchObject({
    result: { structuredContent: { success: true, symbol: 'a' } },
  });
});
