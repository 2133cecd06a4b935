/** Counts tokens with a real tokenizer, which is installed into a temporary folder, once. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TOKENIZER = 'gpt-tokenizer@4.0.0';

/** Opens the o200k_base tokenizer: a function from a text to its number of tokens. */
export async function openTokenizer() {
  const folder = join(tmpdir(), 'trocar-mcp-tokenizer');
  const entry = join(folder, 'node_modules/gpt-tokenizer/esm/encoding/o200k_base.js');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', TOKENIZER], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const { encode } = await import(pathToFileURL(entry).href);
  return (text) => encode(text).length;
}
