// Run time of JavaScript programs in QuickJS, metered and as it comes from its package, interleaved.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { meterModule } from '../../packages/sandbox/dist/wasm/meter.js';

const require = createRequire(new URL('../../packages/sandbox/package.json', import.meta.url));
const { newQuickJSWASMModuleFromVariant, newVariant } = await import(
  pathToFileURL(require.resolve('quickjs-emscripten-core')).href
);
const { default: loaded } = await import(pathToFileURL(require.resolve('@jitl/quickjs-wasmfile-release-sync')).href);
const variant = loaded.default ?? loaded;
const bytes = new Uint8Array(readFileSync(require.resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));

const programs = {
  fib: 'const f = (n) => (n < 2 ? n : f(n - 1) + f(n - 2)); f(23);',
  strings:
    "let s = ''; for (let i = 0; i < 40000; i += 1) s += String.fromCharCode(97 + (i % 26)); s.split('e').join('-').length;",
  objects:
    'const o = {}; for (let i = 0; i < 30000; i += 1) o["k" + (i % 500)] = { i, next: o["k" + ((i * 7) % 500)]?.i }; Object.keys(o).length;',
  arrays:
    'const a = Array.from({ length: 20000 }, (_, i) => (i * 7919) % 10007); a.sort((x, y) => x - y).filter((x) => x % 3).map((x) => x * 2).reduce((x, y) => x + y, 0);',
  json: 'let t = 0; for (let i = 0; i < 40; i += 1) t += JSON.stringify(JSON.parse(JSON.stringify(Array.from({ length: 100 }, (_, n) => ({ n, s: "x" + n, l: [n, n + 1] }))))).length; t;',
  regex:
    "let n = 0; for (let i = 0; i < 3000; i += 1) n += 'alpha-123 beta-456 gamma'.replace(/([a-z]+)-(\\d+)/g, '$2:$1').length; n;",
};

const geomean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

async function open(compiled, metered) {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 2048 });
  const instantiateWasm = (imports, succeed) => {
    const instance = new WebAssembly.Instance(compiled, imports);
    if (metered) {
      instance.exports['trocar:fuel'].value = 2n ** 60n;
      instance.exports['trocar:stack'].value = 1_000_000;
    }
    succeed(instance);
    return instance.exports;
  };
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { emscriptenModule: { instantiateWasm, wasmMemory: memory } }),
  );
  const context = quickjs.newContext();
  return (source) => {
    const started = performance.now();
    const value = context.dump(context.unwrapResult(context.evalCode(`{${source}}`)));
    return { ms: performance.now() - started, value };
  };
}

/** Measures `rounds` interleaved rounds; ratios are of minima. */
export async function measureQuickJs(rounds) {
  const result = meterModule(bytes, { memoryPages: 2048, tableElements: 1_000_000 });
  if (!result.ok) throw new Error(result.refusal.message);
  const plain = await open(new WebAssembly.Module(bytes), false);
  const metered = await open(new WebAssembly.Module(result.module.bytes), true);
  const rows = Object.entries(programs).map(([name, source]) => {
    const best = { plain: Number.POSITIVE_INFINITY, metered: Number.POSITIVE_INFINITY };
    for (let round = 0; round < rounds; round += 1) {
      const a = plain(source);
      const b = metered(source);
      if (a.value !== b.value) throw new Error(`${name}: results differ`);
      best.plain = Math.min(best.plain, a.ms);
      best.metered = Math.min(best.metered, b.ms);
    }
    return { name, best };
  });
  return { rows, meteredToPlain: geomean(rows.map(({ best }) => best.metered / best.plain)) };
}
