import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { digestBytes } from '@trocar/core';
import { Language, Parser } from 'web-tree-sitter';
import { CodeError } from '../errors.js';

interface GrammarRecord {
  readonly package: string;
  readonly sha256: string;
}

let runtime: Promise<void> | undefined;

function startRuntime(): Promise<void> {
  const wasm = createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm');
  runtime ??= Parser.init({ locateFile: () => wasm });
  return runtime;
}

/** Loads a vendored grammar after comparing it with its recorded digest. Throws `grammar-mismatch`. */
export async function loadGrammar(file: string): Promise<Language> {
  const folder = new URL('../../grammars/', import.meta.url);
  const [bytes, manifest] = await Promise.all([
    readFile(new URL(file, folder)),
    readFile(new URL('grammars.json', folder), 'utf8'),
    startRuntime(),
  ]);
  assertGrammar(file, bytes, JSON.parse(manifest) as Record<string, GrammarRecord>);
  return Language.load(bytes);
}

/** Throws `grammar-mismatch` unless the bytes are those recorded in the manifest. */
function assertGrammar(file: string, bytes: Uint8Array, manifest: Readonly<Record<string, GrammarRecord>>): void {
  const expected = manifest[file]?.sha256;
  const actual = digestBytes(bytes).replace(/^sha256:/, '');
  if (expected === actual) return;
  throw new CodeError('grammar-mismatch', `The grammar ${file} is not the recorded one; reinstall @trocar/code.`, {
    data: { file, actual },
  });
}
