import * as clock from 'trocar:clock';
import { untilQuiet } from 'trocar:clock';
import { call } from 'trocar:host';
import { inspect, writeError } from 'trocar:inspect';
import { createQueue, dequeue, enqueue, NativePromise, toSettled } from 'trocar:intrinsics';
import { createMockTracker } from 'trocar:mock';

function createSuite(name, parent, options) {
  return {
    __proto__: null,
    kind: 'suite',
    name,
    path: pathOf(parent, name),
    parent,
    options,
    children: createQueue(),
    hooks: {
      __proto__: null,
      before: createQueue(),
      after: createQueue(),
      beforeEach: createQueue(),
      afterEach: createQueue(),
    },
    begun: false,
    broken: undefined,
    pending: undefined,
    late: undefined,
    resolve: undefined,
    skipAll: false,
    onlyAll: false,
    todoAll: false,
  };
}

function pathOf(parent, name) {
  return parent === null || parent.path === '' ? name : `${parent.path} > ${name}`;
}

const root = createSuite('', null, { __proto__: null });
let collecting = root;
let current = null;
let running = null;
let onlyMode = false;

function parseArguments(args, extra) {
  let at = 0;
  let name;
  let given;
  let body;
  if (typeof args[at] === 'string') name = args[at++];
  if (typeof args[at] === 'object' && args[at] !== null) given = args[at++];
  if (typeof args[at] === 'function') body = args[at];
  if (name === undefined) name = typeof body?.name === 'string' && body.name !== '' ? body.name : '<anonymous>';
  const options = {
    __proto__: null,
    skip: Boolean(given?.skip),
    todo: Boolean(given?.todo),
    only: Boolean(given?.only),
    timeout: given?.timeout,
  };
  if (extra !== undefined) options[extra] = true;
  if (options.only) onlyMode = true;
  return { __proto__: null, name, options, body };
}

function register(parent, args, extra) {
  const { name, options, body } = parseArguments(args, extra);
  const test = { __proto__: null, kind: 'test', name, parent, options, body, resolve: undefined };
  const done = new NativePromise((resolve) => {
    test.resolve = resolve;
  });
  // The host counts: a test that never comes to a verdict has failed.
  call('test-expected');
  enqueue(parent.children, test);
  if (parent === root) begin();
  return done;
}

export function test(...args) {
  return register(collecting, args);
}

export function describe(...args) {
  return openSuite(args);
}

function openSuite(args, extra) {
  const { name, options, body } = parseArguments(args, extra);
  const suite = createSuite(name, collecting, options);
  const done = new NativePromise((resolve) => {
    suite.resolve = resolve;
  });
  enqueue(collecting.children, suite);
  const outer = collecting;
  collecting = suite;
  try {
    if (body !== undefined) suite.pending = collect(suite, body({ name, fullName: suite.path, signal: undefined }));
  } catch (error) {
    suite.broken = { __proto__: null, error };
  } finally {
    collecting = outer;
  }
  if (outer === root) begin();
  return done;
}

async function collect(suite, result) {
  try {
    await toSettled(result);
  } catch (error) {
    suite.broken = { __proto__: null, error };
  }
}

for (const flag of ['skip', 'todo', 'only']) {
  test[flag] = (...args) => register(collecting, args, flag);
  describe[flag] = (...args) => openSuite(args, flag);
}

export const before = (body) => addHook('before', body);
export const after = (body) => addHook('after', body);
export const beforeEach = (body) => addHook('beforeEach', body);
export const afterEach = (body) => addHook('afterEach', body);

function addHook(kind, body) {
  const target = current === null || collecting !== root ? collecting : current.suite;
  enqueue(target.hooks[kind], body);
  // A hook that comes after its suite has begun still runs, as in Node.
  if (kind === 'before' && target.begun) target.late = runLate(target.late, body);
}

async function runLate(earlier, body) {
  await earlier;
  await toSettled(body());
}

function begin() {
  running ??= runRoot();
}

async function runRoot() {
  // What the file itself leaves rejected is no test's doing.
  await untilQuiet();
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
    reportHook(root, error);
  }
}

async function runChildren(suite) {
  for (;;) {
    const child = dequeue(suite.children);
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
  if (suite.broken !== undefined) {
    report(suite, 'failed', suite.broken);
    failAll(suite, suite.broken);
    return;
  }
  const { options, parent } = suite;
  suite.skipAll = options.skip || parent.skipAll;
  suite.onlyAll = options.only || parent.onlyAll;
  suite.todoAll = options.todo || parent.todoAll;
  try {
    if (!suite.skipAll) await runHooks(suite, 'before');
  } catch (error) {
    failAll(suite, { __proto__: null, error });
    return;
  }
  suite.begun = true;
  await runChildren(suite);
  try {
    if (!suite.skipAll) await runHooks(suite, 'after');
  } catch (error) {
    reportHook(suite, error);
  }
}

function failAll(suite, failure) {
  for (let child = dequeue(suite.children); child !== undefined; child = dequeue(suite.children)) {
    if (child.kind === 'suite') failAll(child, failure);
    else report(child, 'failed', failure);
    child.resolve();
  }
}

async function runHooks(suite, kind, context) {
  for (let item = suite.hooks[kind].first; item !== undefined; item = item.next) {
    await callBody(item.value, context ?? { name: suite.name });
  }
}

/** From the outermost suite to the innermost. */
async function runBeforeEach(suite, context) {
  if (suite === null) return;
  await runBeforeEach(suite.parent, context);
  await runHooks(suite, 'beforeEach', context);
}

async function callBody(body, context) {
  // A body with two parameters is done when it calls the second.
  // Nothing is returned: a promise that another is resolved with would be asked for its `then`.
  if (body.length < 2) {
    await toSettled(body(context));
    return;
  }
  await new NativePromise((resolve, reject) => {
    body(context, (error) => (error ? reject(error) : resolve()));
  });
}

async function runTest(test) {
  const { options, parent, body } = test;
  if (options.skip || parent.skipAll) return report(test, 'skipped');
  if (onlyMode && !options.only && !hasOnly(parent)) return report(test, 'skipped');
  if (body === undefined) return report(test, options.todo ? 'skipped' : 'passed');
  const outer = current;
  const suite = createSuite(test.name, parent, { __proto__: null });
  const state = {
    __proto__: null,
    test,
    suite,
    failure: undefined,
    skip: false,
    todo: options.todo || parent.todoAll,
    planned: undefined,
    assertions: 0,
    subtests: undefined,
    failedSubtests: 0,
    mock: undefined,
    assert: undefined,
  };
  const context = createContext(state);
  current = state;
  try {
    await runBeforeEach(parent, context);
    await withDeadline(callBody(body, context), options.timeout);
    await runHooks(suite, 'before');
    await runChildren(suite);
    await state.subtests;
    if (state.planned !== undefined && state.planned !== state.assertions) {
      throw new Error(`plan expected ${state.planned} assertions but received ${state.assertions}`);
    }
    if (state.failedSubtests > 0)
      throw new Error(`${state.failedSubtests} subtest${state.failedSubtests === 1 ? '' : 's'} failed`);
  } catch (error) {
    state.failure ??= { __proto__: null, error };
  }
  try {
    await runHooks(suite, 'after', context);
    for (let at = parent; at !== null; at = at.parent) await runHooks(at, 'afterEach', context);
    await suite.late;
  } catch (error) {
    state.failure ??= { __proto__: null, error };
  }
  // What the test has left rejected and unhandled is still its own.
  await untilQuiet();
  try {
    state.mock?.reset();
  } catch (error) {
    state.failure ??= { __proto__: null, error };
  }
  current = outer;
  if (state.failure !== undefined && !state.todo) {
    if (outer !== null && parent === outer.suite) outer.failedSubtests += 1;
    return report(test, 'failed', state.failure);
  }
  return report(test, state.skip || state.todo ? 'skipped' : 'passed');
}

function hasOnly(suite) {
  for (let at = suite; at !== null; at = at.parent) if (at.options.only) return true;
  return false;
}

function withDeadline(result, timeoutMs) {
  if (timeoutMs === undefined || timeoutMs === Infinity) return result;
  return new NativePromise((resolve, reject) => {
    const timer = clock.setTimeout(() => reject(new Error(`test timed out after ${timeoutMs}ms`)), timeoutMs);
    timer.unref();
    settleBefore(result, timer, resolve, reject);
  });
}

async function settleBefore(result, timer, resolve, reject) {
  try {
    await result;
    resolve();
  } catch (error) {
    reject(error);
  }
  clock.clearTimeout(timer);
}

async function runSubtests(earlier, suite) {
  await earlier;
  await runChildren(suite);
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
      const done = register(suite, args);
      state.subtests = runSubtests(state.subtests, suite);
      return done;
    },
    before: (body) => enqueue(suite.hooks.before, body),
    after: (body) => enqueue(suite.hooks.after, body),
    beforeEach: (body) => enqueue(suite.hooks.beforeEach, body),
    afterEach: (body) => enqueue(suite.hooks.afterEach, body),
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
  current.failure ??= { __proto__: null, error };
  return true;
}

function reportHook(parent, error) {
  report({ __proto__: null, kind: 'hook', name: '<after hook>', parent }, 'failed', { __proto__: null, error });
}

function report({ kind, name, parent }, status, failure) {
  const message = failure === undefined ? undefined : describeError(failure.error);
  call('test', { __proto__: null, kind, name: pathOf(parent, name), status, message });
}

function describeError(error) {
  try {
    const text = error instanceof Error ? writeError(error) : inspect(error);
    return `${text.slice(0, 8000)}`;
  } catch {
    return 'An error that cannot be shown';
  }
}
