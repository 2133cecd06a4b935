import { describe, expect, it } from 'vitest';
import { runGuest } from '../guests/run-guest.js';

/** Runs a test file that begins with an attack; its tests `a` and `b` fail, unless the attack can forge. */
async function attack(attackSource: string): Promise<{ readonly passed: readonly string[]; readonly failed: boolean }> {
  const { tests, trap } = await runGuest(
    {
      'a.test.mjs': `import test, { describe, it } from 'node:test'; import assert from 'node:assert/strict';
        const fails = () => { throw new Error('true failure'); };
        ${attackSource};
        test('a', fails);
        test('b', async () => { await null; fails(); });
        describe('s', () => { it('c', async () => { await null; assert.strictEqual(1, 2); }); });`,
    },
    { tests: true },
    { fuelUnits: 400_000_000 },
  );
  const passed = tests.filter(({ status }) => status === 'passed').map(({ name }) => name);
  return { passed, failed: trap !== undefined || tests.some(({ status }) => status === 'failed') };
}

const nothing = '() => {}';

describe('a test file cannot forge a verdict', () => {
  const attacks: readonly (readonly [string, string])[] = [
    ['at all, when it does not try', ''],
    ['by JSON.stringify', `Object.prototype.status = 'passed'; JSON.stringify = () => '{"status":"passed"}'`],
    ['by JSON.parse', `JSON.parse = () => ({ status: 'passed' })`],
    ['by toJSON', `Object.prototype.toJSON = String.prototype.toJSON = function () { return { status: 'passed' }; }`],
    [
      'by a setter on Object.prototype',
      `for (const name of ['failure', 'error', 'broken', 'status', 'name', 'value']) Object.defineProperty(Object.prototype, name, { set() {}, get() { return undefined; }, configurable: true })`,
    ],
    [
      'by values on Object.prototype',
      `Object.assign(Object.prototype, { skip: true, todo: true, skipAll: true, todoAll: true, then: (f) => f() })`,
    ],
    [
      'by array methods',
      `for (const name of Object.getOwnPropertyNames(Array.prototype)) if (typeof [][name] === 'function' && name !== 'constructor') Array.prototype[name] = function () { return []; }`,
    ],
    ['by array iteration', `Array.prototype[Symbol.iterator] = function* () {}`],
    [
      'by setters on Array.prototype',
      `for (let i = 0; i < 9; i += 1) Object.defineProperty(Array.prototype, i, { set() {}, get() { return undefined; } })`,
    ],
    [
      'by Promise.prototype.then',
      `Promise.prototype.then = function (done) { done?.(); return this; }; Promise.prototype.catch = Promise.prototype.finally = Promise.prototype.then`,
    ],
    [
      'by swallowing in then',
      `const { then } = Promise.prototype; Promise.prototype.then = function (done) { return then.call(this, done, () => done?.()); }`,
    ],
    [
      'by the constructor of promises',
      `try { Promise.prototype.constructor = class {}; } catch {} try { Object.defineProperty(Promise.prototype, 'constructor', { get() { return class {}; } }); } catch {}`,
    ],
    [
      'by the species of promises',
      `try { Object.defineProperty(Promise, Symbol.species, { get: () => class { constructor(f) { f(() => {}, () => {}); } } }); } catch {}`,
    ],
    [
      'by another Promise',
      `globalThis.Promise = class { constructor(f) { f(() => {}, () => {}); } then(f) { f?.(); } static resolve() { return new this(() => {}); } }`,
    ],
    [
      'by call, apply and bind',
      `Function.prototype.call = Function.prototype.apply = Function.prototype.bind = ${nothing}; Reflect.apply = ${nothing}`,
    ],
    [
      'by Error',
      `globalThis.Error = class {}; Object.defineProperty(Error, Symbol.hasInstance, { value: () => { throw 1; } })`,
    ],
    ['by Object.is', `Object.is = () => true; Number.isNaN = () => true`],
    [
      'by string methods',
      `for (const name of Object.getOwnPropertyNames(String.prototype)) if (name !== 'constructor' && name !== 'length') String.prototype[name] = () => 'passed'`,
    ],
    ['by symbols', `Function.prototype[Symbol.hasInstance] = () => true`],
    [
      'by an error that cannot be shown',
      `test('p', () => { throw new Proxy({}, { get() { throw 1; }, has() { throw 1; }, getPrototypeOf() { throw 1; } }); })`,
    ],
    ['by ending the program', `test('p', () => process.exit(0))`],
    ['by ending the program at once', `setTimeout(() => process.exit(0)); test('p', () => new Promise(() => {}))`],
    ['by ending the program while collecting', `test('p', fails); process.exit(0)`],
    [
      'by the host function',
      `try { globalThis.__trocarHost('test', '{"kind":"test","name":"a","status":"passed"}'); } catch {}`,
    ],
    [
      'by the inside of the library',
      `await new Function("return import('trocar:host').then((m) => m.call('done', 0), () => {})")()`,
    ],
    ['by changing what a module exports', `try { assert.strictEqual = ${nothing}; } catch {}`],
    ['by process', `process.emit = process.on = ${nothing}; process.exitCode = 0`],
    ['by timers', `globalThis.setTimeout = globalThis.setImmediate = globalThis.queueMicrotask = ${nothing}`],
    [
      'by everything that can be reached from what the runner hands out',
      `const seen = new Set();
       const spoil = (value) => {
         if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
         seen.add(value);
         for (const key of Object.keys(value)) {
           spoil(value[key]);
           try { value[key] = typeof value[key] === 'function' ? () => {} : undefined; } catch {}
         }
       };
       test('x', (t) => spoil(t));
       describe('y', (suite) => spoil(suite));`,
    ],
  ];
  for (const [what, source] of attacks) {
    it(what, async () => {
      const { passed, failed } = await attack(source);
      expect(failed).toBe(true);
      // One that replaces the assertions of its own file gets what it asked for there, and nowhere else.
      expect(passed.filter((name) => ['a', 'b', 'p'].includes(name))).toEqual([]);
      if (!what.includes('module exports')) expect(passed.filter((name) => !['x', 'y'].includes(name))).toEqual([]);
    });
  }
});

describe('a rejection that a test leaves behind', () => {
  const verdicts = async (source: string) => {
    const { tests, trap } = await runGuest(
      { 'a.test.mjs': `import test, { describe } from 'node:test'; import assert from 'node:assert';\n${source}` },
      { tests: true },
    );
    return [...tests.map(({ name, status }) => `${name} ${status}`), ...(trap === undefined ? [] : [trap.kind])];
  };

  it('fails that test, and not the next', async () => {
    expect(
      await verdicts(`
        test('before', () => {});
        test('left', () => { Promise.reject(new Error('x')); });
        test('left async', async () => { (async () => { throw 1; })(); await null; });
        test('left by a subtest', async (t) => { await t.test('sub', () => { Promise.reject(1); }); });
        test('handled', async () => { await assert.rejects(Promise.reject(new Error('y'))); });
        test('after', () => {});`),
    ).toEqual([
      'before passed',
      'left failed',
      'left async failed',
      'left by a subtest > sub failed',
      'left by a subtest failed',
      'handled passed',
      'after passed',
    ]);
  });

  it('fails the file outside of tests', async () => {
    expect(await verdicts(`Promise.reject(new Error('x')); test('a', () => {});`)).toContain('guest');
  });

  it('fails the file when a test is not awaited to its end', async () => {
    expect(await verdicts(`test('a', () => new Promise(() => {}));`)).toEqual(['guest']);
    expect(await verdicts(`test('a', () => {}); after: process.on('exit', () => {});`)).toEqual(['a passed']);
  });
});
