import * as clock from 'trocar:clock';
import { call } from 'trocar:host';
import { inspect, writeError } from 'trocar:inspect';
import { createMockTracker } from 'trocar:mock';

class Suite {
  constructor(name, parent, options) {
    this.name = name;
    this.parent = parent;
    this.options = options;
    this.children = [];
    this.hooks = { before: [], after: [], beforeEach: [], afterEach: [] };
    this.begun = false;
  }
  get path() {
    return this.parent === null ? '' : this.parent.path === '' ? this.name : `${this.parent.path} > ${this.name}`;
  }
}

const root = new Suite('', null, {});
let collecting = root;
let current = null;
let running = null;
let onlyMode = false;

function parse(args) {
  const values = [...args];
  const name = typeof values[0] === 'string' ? values.shift() : undefined;
  const options = typeof values[0] === 'object' && values[0] !== null ? values.shift() : {};
  const body = typeof values[0] === 'function' ? values.shift() : undefined;
  return { name: name ?? (body?.name || '<anonymous>'), options, body };
}

function register(parent, args, extra) {
  const { name, options, body } = parse(args);
  const test = { kind: 'test', name, parent, options: { ...options, ...extra }, body };
  if (test.options.only) onlyMode = true;
  const done = new Promise((resolve) => {
    test.resolve = resolve;
  });
  parent.children.push(test);
  if (parent === root) begin();
  return done;
}

export function test(...args) {
  return register(collecting, args, {});
}

export function describe(...args) {
  return openSuite(args, {});
}

function openSuite(args, extra) {
  const { name, options, body } = parse(args);
  const suite = new Suite(name, collecting, { ...options, ...extra });
  if (suite.options.only) onlyMode = true;
  suite.kind = 'suite';
  const done = new Promise((resolve) => {
    suite.resolve = resolve;
  });
  collecting.children.push(suite);
  const outer = collecting;
  collecting = suite;
  try {
    const result = body?.(suite);
    if (typeof result?.then === 'function') {
      suite.pending = Promise.resolve(result).catch((error) => {
        suite.broken = { error };
      });
    }
  } catch (error) {
    suite.broken = { error };
  } finally {
    collecting = outer;
  }
  if (outer === root) begin();
  return done;
}

for (const api of [
  [test, register],
  [describe, openSuite],
]) {
  const [target] = api;
  for (const flag of ['skip', 'todo', 'only']) {
    target[flag] = (...args) =>
      target === test ? register(collecting, args, { [flag]: true }) : openSuite(args, { [flag]: true });
  }
}

export const before = (body, options) => addHook('before', body, options);
export const after = (body, options) => addHook('after', body, options);
export const beforeEach = (body, options) => addHook('beforeEach', body, options);
export const afterEach = (body, options) => addHook('afterEach', body, options);

function addHook(kind, body, options) {
  const target = current === null || collecting !== root ? collecting : current.suite;
  target.hooks[kind].push({ body, options });
  // A hook that comes after its suite has begun still runs, as in Node.
  if (kind === 'before' && target.begun) target.late = (target.late ?? Promise.resolve()).then(() => body());
}

function begin() {
  running ??= Promise.resolve().then(runRoot);
}

async function runRoot() {
  await runHooks(root, 'before');
  root.begun = true;
  await runChildren(root);
}

/** Runs what was registered and waits for all of it, also for what is registered meanwhile. */
export async function run() {
  begin();
  await running;
  await runChildren(root);
  try {
    await runHooks(root, 'after');
  } catch (error) {
    report({ name: '<after hook>', parent: root }, 'failed', error);
  }
}

async function runChildren(suite) {
  for (;;) {
    const child = suite.children.shift();
    if (child === undefined) return;
    try {
      if (child.kind === 'suite') await runSuite(child);
      else await runTest(child);
    } finally {
      child.resolve();
    }
  }
}

async function runSuite(suite) {
  await suite.pending;
  if (suite.broken !== undefined) return report(suite, 'failed', suite.broken.error);
  const skipped = suite.options.skip || suite.parent.skipAll;
  if (skipped) suite.skipAll = true;
  suite.onlyAll = suite.options.only || suite.parent.onlyAll;
  suite.todoAll = suite.options.todo || suite.parent.todoAll;
  try {
    if (!skipped) await runHooks(suite, 'before');
  } catch (error) {
    return failAll(suite, error);
  }
  suite.begun = true;
  await runChildren(suite);
  try {
    if (!skipped) await runHooks(suite, 'after');
  } catch (error) {
    report({ name: '<after hook>', parent: suite }, 'failed', error);
  }
  return undefined;
}

function failAll(suite, error) {
  for (const child of suite.children.splice(0)) {
    if (child.kind === 'suite') failAll(child, error);
    else report(child, 'failed', error);
    child.resolve();
  }
}

async function runHooks(suite, kind, context) {
  for (const { body } of suite.hooks[kind]) await callBody(body, context ?? { name: suite.name });
}

function callBody(body, context) {
  // A body with two parameters is done when it calls the second.
  if (body.length < 2) return body(context);
  return new Promise((resolve, reject) => {
    body(context, (error) => (error ? reject(error) : resolve()));
  });
}

async function runTest(test) {
  const { options, parent, body } = test;
  if (options.skip || parent.skipAll) return report(test, 'skipped');
  if (onlyMode && !options.only && !hasOnly(parent)) return report(test, 'skipped');
  if (body === undefined) return report(test, options.todo ? 'skipped' : 'passed');
  const outer = current;
  const suite = new Suite(test.name, parent, {});
  const state = {
    test,
    suite,
    failure: undefined,
    skip: false,
    todo: options.todo || parent.todoAll,
    planned: undefined,
    assertions: 0,
    subtests: [],
  };
  state.context = createContext(state);
  current = state;
  const chain = [];
  for (let at = parent; at !== null; at = at.parent) chain.unshift(at);
  try {
    try {
      for (const at of chain) for (const { body: hook } of at.hooks.beforeEach) await callBody(hook, state.context);
      await withDeadline(callBody(body, state.context), options.timeout);
      await runHooks(suite, 'before');
      await runChildren(suite);
      await Promise.all(state.subtests);
      if (state.planned !== undefined && state.planned !== state.assertions) {
        throw new Error(`plan expected ${state.planned} assertions but received ${state.assertions}`);
      }
      if (state.failedSubtests > 0)
        throw new Error(`${state.failedSubtests} subtest${state.failedSubtests === 1 ? '' : 's'} failed`);
    } catch (error) {
      state.failure ??= { error };
    }
    try {
      await runHooks(suite, 'after', state.context);
      for (const at of chain.toReversed())
        for (const { body: hook } of at.hooks.afterEach) await callBody(hook, state.context);
    } catch (error) {
      state.failure ??= { error };
    }
  } finally {
    state.mock?.reset();
    current = outer;
  }
  if (state.failure !== undefined && !state.todo) {
    if (outer !== null && parent === outer.suite) outer.failedSubtests = (outer.failedSubtests ?? 0) + 1;
    return report(test, 'failed', state.failure.error);
  }
  return report(test, state.skip || state.todo ? 'skipped' : 'passed');
}

function hasOnly(suite) {
  for (let at = suite; at !== null; at = at.parent) if (at.options.only) return true;
  return false;
}

function withDeadline(result, timeoutMs) {
  if (timeoutMs === undefined || timeoutMs === Infinity || typeof result?.then !== 'function') return result;
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Error(`test timed out after ${timeoutMs}ms`)), timeoutMs);
    timer.unref();
    Promise.resolve(result)
      .then(resolve, reject)
      .finally(() => clock.clearTimeout(timer));
  });
}

function createContext(state) {
  const { suite } = state;
  const context = {
    name: state.test.name,
    fullName: suite.path,
    signal: undefined,
    diagnostic: (message) => call('write', [2, `${message}\n`]),
    skip: () => {
      state.skip = true;
    },
    todo: () => {
      state.todo = true;
    },
    plan: (count) => {
      state.planned = count;
    },
    runOnly() {},
    test: (...args) => {
      const done = register(suite, args, {}).then(() => undefined);
      state.queue = (state.queue ?? Promise.resolve()).then(() => runChildren(suite));
      state.subtests.push(state.queue);
      return done;
    },
    before: (body) => suite.hooks.before.push({ body }),
    after: (body) => suite.hooks.after.push({ body }),
    beforeEach: (body) => suite.hooks.beforeEach.push({ body }),
    afterEach: (body) => suite.hooks.afterEach.push({ body }),
    get mock() {
      state.mock ??= createMockTracker();
      return state.mock;
    },
    get assert() {
      state.assert ??= countAssertions(state);
      return state.assert;
    },
  };
  context.it = context.test;
  return context;
}

let assertModule;

/** Gives the runner the functions behind `t.assert`; `node:assert` needs this module's neighbours first. */
export function useAssert(module) {
  assertModule = module;
}

function countAssertions(state) {
  const counted = {};
  for (const [name, value] of Object.entries(assertModule)) {
    if (typeof value !== 'function' || name === 'AssertionError') continue;
    counted[name] = (...args) => {
      state.assertions += 1;
      return value(...args);
    };
  }
  return counted;
}

/** Blames an error that nobody caught on the test that is running; false when none is. */
export function failCurrent(error) {
  if (current === null) return false;
  current.failure ??= { error };
  return true;
}

function report(test, status, error) {
  const path = test.parent.path === '' ? test.name : `${test.parent.path} > ${test.name}`;
  const message = error === undefined ? undefined : error instanceof Error ? writeError(error) : inspect(error);
  call('test', { name: path, status, message: message?.slice(0, 8000) });
}
