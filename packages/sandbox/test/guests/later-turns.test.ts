import { describe, expect, it } from 'vitest';
import { runGuest } from './run-guest.js';

const limits = { fuelUnits: 120_000_000 };

describe('what happens in a turn after the entry module', () => {
  const stops: readonly (readonly [string, string, string, RegExp])[] = [
    ['an endless loop in a timer', 'setTimeout(() => { for (;;) {} }, 1);', 'fuel', /fuel/],
    ['an interval without end', 'setInterval(() => {}, 0);', 'fuel', /fuel/],
    ['immediates without end', 'setImmediate(function f() { setImmediate(f); });', 'fuel', /fuel/],
    ['an endless loop at exit', "process.on('exit', () => { for (;;) {} });", 'fuel', /fuel/],
    ['a stack that overflows', 'setTimeout(() => { const f = () => f() + 1; f(); }, 1);', 'depth', /stack/],
    ['an exception at exit', "process.on('exit', () => { throw new Error('at exit'); });", 'guest', /at exit/],
    ['an exit code set at exit', "process.on('exit', () => { process.exitCode = 3; });", 'guest', /exit code 3/],
    ['an exit at exit', "process.on('exit', () => process.exit(5));", 'guest', /exit code 5/],
  ];
  for (const [what, source, kind, message] of stops) {
    for (const tests of [false, true]) {
      it(`stops a ${tests ? 'test file' : 'program'}: ${what}`, async () => {
        const { trap } = await runGuest({ 'a.mjs': source }, { tests }, limits);
        expect(trap).toMatchObject({ kind, message: expect.stringMatching(message) as string });
      });
    }
  }
});

describe('a rejection that nobody handles', () => {
  const failures: readonly (readonly [string, string, RegExp])[] = [
    ['made by Promise.reject', "Promise.reject(new Error('lost'));", /Error: lost/],
    ['of an async function', 'async function f() { throw 1; } f();', /Uncaught 1/],
    ['of an async arrow in a timer', "setTimeout(async () => { throw new Error('timer'); }, 5);", /timer/],
    ['of an executor that throws', "new Promise(() => { throw new TypeError('made'); });", /made/],
    ['derived by then', "Promise.resolve().then(() => { throw new Error('then'); });", /then/],
    ['derived by finally', "Promise.reject(new Error('first')).finally(() => {});", /first/],
    ['of Promise.all', "Promise.all([Promise.reject(new Error('all'))]);", /all/],
    ['of an import', "import('./nothing.mjs');", /Cannot find module/],
    ['handled one turn too late', 'const p = Promise.reject(7); setTimeout(() => p.catch(() => {}), 1);', /Uncaught 7/],
    ['beside one that is handled', 'Promise.reject(1).catch(() => {}); Promise.reject(2);', /Uncaught 2/],
    ['with nothing', 'Promise.reject();', /Uncaught undefined/],
    [
      'with what cannot be shown',
      'Promise.reject(new Proxy({}, { get() { throw 1; }, ownKeys() { throw 1; } }));',
      /./,
    ],
    ['by a class of its own', "class Own extends Promise {} Own.reject(new Error('own'));", /own/],
    [
      'in a program that has changed Promise',
      "Promise.prototype.then = () => {}; globalThis.Promise = class {}; (async () => { throw new Error('seen'); })();",
      /seen/,
    ],
    [
      'in a class of its own that swallows',
      "const r = Promise.reject.bind(Promise); delete globalThis.Promise; r(new Error('still seen'));",
      /still seen/,
    ],
  ];
  for (const [what, source, message] of failures) {
    it(`fails the program: ${what}`, async () => {
      const { trap } = await runGuest({ 'a.mjs': source });
      expect(trap).toMatchObject({ kind: 'guest', message: expect.stringMatching(message) as string });
    });
  }

  it('fails the program even if there are more than the host remembers', async () => {
    const source = 'const all = []; for (let i = 0; i < 100_001; i += 1) all.push(Promise.reject(i)); ';
    const { trap } = await runGuest(
      { 'a.mjs': `${source} for (const p of all) p.catch(() => {});` },
      {},
      { fuelUnits: 8e9 },
    );
    expect(trap).toMatchObject({ kind: 'guest', message: 'Uncaught undefined' });
  });

  const fine: readonly (readonly [string, string])[] = [
    ['handled at once', 'Promise.reject(1).catch(() => {});'],
    ['handled within the turn', 'const p = Promise.reject(1); await null; await p.catch(() => {});'],
    ['awaited', 'try { await Promise.reject(1); } catch {}'],
    ['handled among many', 'await Promise.allSettled(Array.from({ length: 500 }, (_, i) => Promise.reject(i)));'],
    ['raced', 'await Promise.race([Promise.resolve(1), Promise.reject(2)]);'],
    ['of an import that is caught', "await import('./nothing.mjs').catch(() => {});"],
    ['with a listener', "process.on('unhandledRejection', (error) => console.log(error)); Promise.reject(4);"],
  ];
  for (const [what, source] of fine) {
    it(`is none when it is ${what}`, async () => {
      expect((await runGuest({ 'a.mjs': source })).trap).toBeUndefined();
    });
  }
});

describe('a JavaScript guest with too little fuel to start', () => {
  for (const fuelUnits of [1, 10, 1_000, 100_000, 5_000_000, 30_000_000]) {
    it(`has used up its fuel: ${fuelUnits}`, async () => {
      const result = await runGuest({ 'a.mjs': '' }, {}, { fuelUnits });
      expect(result).toMatchObject({ trap: { kind: 'fuel' }, fuelUnits });
    });
  }
});

describe('the kind of a file without a declared type', () => {
  const kinds: readonly (readonly [string, string, string])[] = [
    ['export behind other code', 'console.log(typeof module); export const a = 1;', 'undefined'],
    ['import behind other code', "let a = 1; import 'node:path'; console.log(typeof module);", 'undefined'],
    ['await outside of functions', 'await null; console.log(typeof module);', 'undefined'],
    ['import.meta', 'console.log(typeof module, typeof import.meta.url);', 'undefined string'],
    ['a shebang', '#!/usr/bin/env node\nexport {}; console.log(typeof module);', 'undefined'],
    ['the word import in a string', "console.log(typeof module, 'import x from y');", 'object import x from y'],
    ['module syntax in a template', 'const text = `\nexport default 1;\n`; console.log(typeof module);', 'object'],
    ['import() in CommonJS', "import('node:path').then(() => console.log(typeof module));", 'object'],
    ['await as a name', 'var await = 1; console.log(typeof module, await);', 'object 1'],
    ['none of it', 'console.log(typeof module);', 'object'],
  ];
  for (const [what, source, printed] of kinds) {
    it(`is told by its syntax: ${what}`, async () => {
      const { stdout, trap } = await runGuest({ 'a.js': source });
      expect(trap).toBeUndefined();
      expect(stdout).toBe(`${printed}\n`);
    });
  }
});
