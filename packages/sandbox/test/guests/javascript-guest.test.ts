import { describe, expect, it } from 'vitest';
import { evaluate, runGuest } from './run-guest.js';

describe('a JavaScript guest', () => {
  it('takes equal fuel on every run, whatever it does with time and chance', async () => {
    const files = {
      'a.mjs': `console.log(Math.random(), Date.now(), crypto.randomUUID(), new Date().toString());
        setTimeout(() => console.log(performance.now()), 1500);`,
    };
    const first = await runGuest(files);
    const second = await runGuest(files);
    expect(first.trap).toBeUndefined();
    expect(second).toEqual(first);
    expect(first.fuelUnits).toBeGreaterThan(1_000_000);
    expect(first.stdout).toMatch(/1735689600000 .*Jan 01 2025 00:00:00 GMT\+0000[^\n]*\n1500\n$/);
  });

  it('calls an exported function with JSON arguments and awaits it', async () => {
    const result = await runGuest(
      { 'a.mjs': 'export const f = async (a, b) => ({ sum: a + b.x });' },
      { invoke: 'f', args: [1, { x: 41 }] },
    );
    expect(result.values).toEqual([{ sum: 42 }]);
    expect(await runGuest({ 'a.cjs': 'exports.f = (x) => x * 2;' }, { invoke: 'f', args: [4] })).toMatchObject({
      values: [8],
    });
    expect(await runGuest({ 'a.mjs': 'export const f = () => {};' }, { invoke: 'f' })).toMatchObject({
      values: [null],
    });
  });

  const traps: readonly (readonly [string, string, string, RegExp])[] = [
    ['an exception', 'throw new TypeError("no");', 'guest', /TypeError: no\n\s+at <anonymous> \(\/project\/a\.mjs:1/],
    ['a thrown value', 'throw { a: 1 };', 'guest', /Uncaught \{ a: 1 \}/],
    ['a syntax error', 'let = = 3;', 'guest', /SyntaxError/],
    ['an exception in a timer', 'setTimeout(() => { throw new Error("late"); }, 5);', 'guest', /late/],
    ['an exception in a microtask', 'queueMicrotask(() => { throw new Error("soon"); });', 'guest', /soon/],
    ['an exit code', 'process.exit(3);', 'guest', /exit code 3/],
    ['an exit code left behind', 'process.exitCode = 4;', 'guest', /exit code 4/],
    ['waiting for ever', 'await new Promise(() => {});', 'guest', /never happen/],
    ['a missing file', "import './b.mjs';", 'guest', /Cannot find module '\/project\/b\.mjs'/],
    ['a missing export', "import { nope } from 'node:path';", 'guest', /nope/],
    ['an endless loop', 'for (;;);', 'fuel', /fuel/],
    ['an endless loop of microtasks', 'const again = () => Promise.resolve().then(again); again();', 'fuel', /fuel/],
    ['an endless loop of timers', 'setInterval(() => {}, 1);', 'fuel', /fuel/],
    ['memory', 'const kept = []; for (;;) kept.push(new Uint8Array(1e6).fill(1));', 'memory', /memory/],
  ];
  for (const [what, source, kind, message] of traps) {
    it(`ends with a trap of kind ${kind} by ${what}`, async () => {
      const result = await runGuest({ 'a.mjs': source }, {}, { fuelUnits: 300_000_000, memoryBytes: 40 << 20 });
      expect(result.trap?.kind).toBe(kind);
      expect(result.trap?.message).toMatch(message);
      expect(result.values).toEqual([]);
    });
  }

  it('may end itself without harm, even inside try and finally', async () => {
    const result = await runGuest({
      'a.mjs': "console.log('before'); try { process.exit(0); } catch {} finally { console.log('after'); }",
    });
    expect(result).toMatchObject({ stdout: 'before\n' });
    expect(result.trap).toBeUndefined();
  });

  it('says at most a page about its own error', async () => {
    const { trap } = await runGuest({ 'a.mjs': "throw new Error('x'.repeat(1e6));" });
    expect(trap?.kind).toBe('guest');
    expect(trap?.message.length).toBeLessThan(10_000);
  });

  it('prints at most 1 MiB', async () => {
    const { stdout } = await runGuest({ 'a.mjs': "for (let i = 0; i < 40; i += 1) console.log('x'.repeat(50_000));" });
    expect(stdout.length).toBeLessThan(1_050_000);
    expect(stdout).toMatch(/\[output cut after 1 MiB\]\n$/);
  });

  it('cannot return what JSON cannot carry', async () => {
    const cyclic = await runGuest(
      { 'a.mjs': 'export const f = () => { const a = {}; a.a = a; return a; };' },
      { invoke: 'f' },
    );
    expect(cyclic.trap).toMatchObject({ kind: 'guest' });
    const surrogate = await runGuest({ 'a.mjs': "export const f = () => '\\ud800';" }, { invoke: 'f' });
    expect(surrogate.trap).toMatchObject({ kind: 'guest' });
  });

  it('sees no way to the host but the functions that are there for it', async () => {
    expect(
      await evaluate("return Object.getOwnPropertyNames(globalThis).filter((name) => name.includes('rocar'));"),
    ).toEqual([]);
    await expect(evaluate('', "import 'trocar:host';")).rejects.toThrow("Cannot find package 'trocar:host'");
    expect(await evaluate('return process.env.HOME ?? null;')).toBe(null);
  });

  const doors = ['trocar:host', 'trocar:test-runner', 'trocar:main', 'trocar:missing:{"code":"x","message":"y"}'];
  const ways = [
    ['an import', (name: string) => `import('${name}')`],
    ['the Function constructor', (name: string) => `new Function("return import('${name}')")()`],
    ['an async function of it', (name: string) => `(async () => {}).constructor("return import('${name}')")()`],
    ['eval', (name: string) => `eval("import('${name}')")`],
    ['indirect eval', (name: string) => `(0, eval)("import('${name}')")`],
    ['require', (name: string) => `Promise.resolve().then(() => createRequire('/project/a.js')('${name}'))`],
    [
      'require from a forged place',
      (name: string) => `Promise.resolve().then(() => createRequire('trocar:main')('${name}'))`,
    ],
  ] as const;
  for (const [what, write] of ways) {
    it(`cannot reach the inside of the library by ${what}`, async () => {
      for (const door of doors) {
        const body = `try { return Object.keys(await ${write(door.replaceAll('"', '\\x22'))}); } catch (error) { return error instanceof Error; }`;
        expect(await evaluate(body, "import { createRequire } from 'node:module';")).toBe(true);
      }
    });
  }
});

describe('its modules', () => {
  it('resolve as in Node', async () => {
    const value = await evaluate(
      `return [a, b, c, d, e, f, g, await import('./esm/late.mjs').then((m) => m.default), import.meta.filename, data.n, resolve(import.meta.dirname, 'x')];`,
      `import a from './cjs/index.js';
       import { b } from 'exported';
       import c from 'exported/sub/thing';
       import { d } from '#inner/d';
       import { e } from '@scope/pkg/e.js';
       import { f } from 'plain';
       import { named as g } from './named.cjs';
       import data from './data.json' with { type: 'json' };
       import { resolve } from 'path';`,
      {
        'package.json': '{"name":"self","imports":{"#inner/*":"./inner/*.mjs"}}',
        'cjs/index.js':
          "const { join } = require('node:path'); module.exports = join('a', require('./part'), require('./folder').x, require('./numbers').n + '', require('plain').f);",
        'cjs/part.js': "exports = module.exports = 'part';",
        'cjs/folder/index.js': "exports.x = 'folder'; exports.dir = __dirname;",
        'cjs/numbers.json': '{"n": 7}',
        'node_modules/exported/package.json':
          '{"exports":{".":{"import":"./i.mjs","require":"./r.cjs"},"./sub/*":["./lib/*.mjs"]}}',
        'node_modules/exported/i.mjs': "export const b = 'import';",
        'node_modules/exported/lib/thing.mjs': "export default 'pattern';",
        'inner/d.mjs': "export const d = 'imports';",
        'node_modules/@scope/pkg/e.js': "export const e = 'scoped';",
        'node_modules/plain/package.json': '{"main":"./lib/main"}',
        'node_modules/plain/lib/main.js': "exports.f = 'main';",
        'named.cjs': 'module.exports = { named: "named", other: 1 };',
        'esm/late.mjs': "export default 'late';",
        'data.json': '{"n": 5}',
      },
    );
    expect(value).toEqual([
      'a/part/folder/7/main',
      'import',
      'pattern',
      'imports',
      'scoped',
      'main',
      'named',
      'late',
      '/project/main.mjs',
      5,
      '/project/x',
    ]);
  });

  const missing: readonly (readonly [string, string, string])[] = [
    ["await import('nothere')", 'ERR_MODULE_NOT_FOUND', "Cannot find package 'nothere'"],
    ["await import('./nothere.mjs')", 'ERR_MODULE_NOT_FOUND', "Cannot find module '/project/nothere.mjs'"],
    ["await import('./folder')", 'ERR_MODULE_NOT_FOUND', 'directories cannot be imported'],
    ["await import('node:sqlite')", 'ERR_UNSUPPORTED', 'has no module node:sqlite'],
    ["await import('https://example.org/a.js')", 'ERR_UNSUPPORTED', 'loads no https: modules'],
    ["await import('#nothere')", 'ERR_MODULE_NOT_FOUND', "'#nothere' is not defined"],
    ["await import('closed/private.js')", 'ERR_PACKAGE_PATH_NOT_EXPORTED', "'./private.js' is not defined"],
    ["createRequire(import.meta.url)('./nothere')", 'MODULE_NOT_FOUND', 'Cannot find module'],
    ["createRequire(import.meta.url)('./folder/esm.mjs')", 'ERR_REQUIRE_ESM', 'use import()'],
  ];
  for (const [expression, code, message] of missing) {
    it(`fail with ${code}: ${expression}`, async () => {
      const value = await evaluate(
        `try { ${expression}; } catch (error) { return [error.code, error.message]; }`,
        "import { createRequire } from 'node:module';",
        {
          'folder/esm.mjs': 'export default 1;',
          'node_modules/closed/package.json': '{"exports":"./open.js"}',
          'node_modules/closed/open.js': '',
          'node_modules/closed/private.js': '',
        },
      );
      expect(value).toEqual([code, expect.stringContaining(message)]);
    });
  }

  it('may be CommonJS as a whole, in a circle too', async () => {
    const result = await runGuest({
      'a.js':
        "exports.early = 1; const b = require('./b'); console.log(b.seen, require.main === module, require('./b') === b, __filename);",
      'b.js': "exports.seen = require('./a').early;",
    });
    expect(result.stdout).toBe('1 true true /project/a.js\n');
  });

  it('show the guest its own paths in stack traces, and nothing else', async () => {
    const { trap } = await runGuest({ 'src/deep/thrower.js': "function fail() { throw new Error('here'); }\nfail();" });
    expect(trap?.message).toMatch(/\/project\/src\/deep\/thrower\.js:1/);
    expect(trap?.message).not.toMatch(/file:|\.ts:|node_modules/);
  });
});
