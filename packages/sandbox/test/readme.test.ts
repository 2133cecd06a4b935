import { readFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, it } from 'vitest';
import * as sandbox from '../src/index.js';

it('shows an example whose output is real', async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, source = '', output = ''] = /```js\n([\s\S]*?)```\s+```text\n([\s\S]*?)```/.exec(readme) ?? [];
  const body = source.replace(/import \{ (.*) \} from '@trocar\/sandbox';/, 'const { $1 } = sandbox;');
  const printed: string[] = [];
  const print = { log: (...args: unknown[]) => printed.push(`${format(...args)}\n`) };
  const run = new Function(
    'sandbox',
    'console',
    `return (async () => {${body.replaceAll('const sandbox =', 'const box =').replaceAll('await sandbox.', 'await box.')}})();`,
  ) as (api: typeof sandbox, console: typeof print) => Promise<void>;
  await run(sandbox, print);
  expect(printed.join('')).toBe(output);
});
