import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const packageName = '@jitl/quickjs-wasmfile-release-sync';
let bytes: Uint8Array | undefined;

/** The QuickJS binary, read once per thread. Apart from the engine, which only workers have to load. */
export function readEngineBytes(): Uint8Array {
  bytes ??= readFileSync(createRequire(import.meta.url).resolve(`${packageName}/wasm`));
  return bytes;
}
