// The Llama 3 vocabulary from the npm package llama3-tokenizer-js (MIT): give the folder where it is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromByteUnicode } from '@trocar/decoding';

const textTokens = 128_000;
const allTokens = 128_256;

/** Bytes of every token; null for the special ones. */
export function readTokens(modules) {
  const path = join(modules, 'llama3-tokenizer-js/src/data-converted.js');
  const base64 = /llama_vocab_base64 = "([^"]+)"/.exec(readFileSync(path, 'utf8'))[1];
  const list = Buffer.from(base64, 'base64').toString('utf8').split('\n').slice(0, textTokens);
  const tokens = list.map((token) => fromByteUnicode(token) ?? null);
  while (tokens.length < allTokens) tokens.push(null);
  return tokens;
}

/** Ids that end a text. */
export const endTokens = [128_001, 128_009];

/** The package's tokenizer, so that instances are cut as the model's training text was. */
export async function loadTokenizer(modules) {
  const url = pathToFileURL(join(modules, 'llama3-tokenizer-js/bundle/llama3-tokenizer-with-baked-data.js'));
  return (await import(url.href)).default;
}
