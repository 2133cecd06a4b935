import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createDefaultPolicy } from '@trocar/plane';
import { describe, expect, it } from 'vitest';
import { createTools } from '../src/index.js';
import { openBench } from './bench.js';

describe('a path that was turned elsewhere after the policy had judged it', () => {
  it.each(['extract_code', 'update_symbol', 'security_scan', 'get_file_context'])('is refused by %s', async (name) => {
    await using bench = await openBench({
      'a.js': 'export function one() {}\n',
      '../outside/a.js': 'export function one() { return "secret"; }\n',
    });
    await symlink(join(bench.base, 'outside'), join(bench.root, 'link'));
    const tool = createTools(bench.engines).find((candidate) => candidate.name === name)!;
    const input = tool.input.parse(
      name === 'security_scan'
        ? { path: 'link' }
        : {
            path: 'link/a.js',
            ...(name !== 'get_file_context' && { symbol: 'one' }),
            ...(name === 'update_symbol' && { new_code: 'function one() {}' }),
          },
    );
    const context = {
      identity: 'local:ada' as const,
      runId: 'run-1',
      // What the policy saw before the link was turned.
      resources: [{ path: join(bench.root, 'link'), access: 'read' as const }],
      remaining: createDefaultPolicy({ identity: 'local:ada', roots: [] }).budget,
      signal: new AbortController().signal,
    };
    await expect(tool.execute(input, context)).rejects.toMatchObject({ code: 'path-unreadable' });
  });
});
