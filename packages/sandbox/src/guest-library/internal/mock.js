const restored = Symbol('restored');

/** Function mocks as `node:test` has them. */
export function createMockTracker() {
  const mocks = [];
  const track = (mock) => {
    mocks.push(mock);
    return mock;
  };
  const tracker = {
    fn(original, implementation, options) {
      const base = typeof original === 'function' ? original : () => undefined;
      const given = typeof original === 'function' ? implementation : original;
      const settings = typeof given === 'object' && given !== null ? given : (options ?? {});
      return track(createMock(base, typeof given === 'function' ? given : base, settings));
    },
    method(target, name, implementation, options) {
      const settings = typeof implementation === 'object' && implementation !== null ? implementation : (options ?? {});
      let owner = target;
      let descriptor = Object.getOwnPropertyDescriptor(owner, name);
      while (descriptor === undefined && owner !== null) {
        owner = Object.getPrototypeOf(owner);
        descriptor = owner === null ? undefined : Object.getOwnPropertyDescriptor(owner, name);
      }
      const kind = settings.getter ? 'get' : settings.setter ? 'set' : 'value';
      const original = descriptor?.[kind];
      if (typeof original !== 'function') throw new TypeError(`The property ${String(name)} is no method`);
      const mock = createMock(original, typeof implementation === 'function' ? implementation : original, settings);
      const own = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { ...descriptor, configurable: true, [kind]: mock });
      mock.mock[restored] = () => {
        if (own === undefined) delete target[name];
        else Object.defineProperty(target, name, own);
      };
      return track(mock);
    },
    getter: (target, name, implementation, options) =>
      tracker.method(target, name, implementation, { ...options, getter: true }),
    setter: (target, name, implementation, options) =>
      tracker.method(target, name, implementation, { ...options, setter: true }),
    reset() {
      tracker.restoreAll();
      mocks.length = 0;
    },
    restoreAll() {
      for (const mock of mocks) mock.mock.restore();
    },
  };
  return tracker;
}

function createMock(original, implementation, { times = Infinity }) {
  let current = implementation;
  let left = times;
  const once = new Map();
  const calls = [];
  const mock = function (...args) {
    const record = {
      arguments: args,
      this: this,
      target: new.target,
      result: undefined,
      error: undefined,
      stack: new Error(),
    };
    const index = calls.length;
    const chosen = once.get(index) ?? (left > 0 ? current : original);
    once.delete(index);
    left -= 1;
    calls.push(record);
    try {
      record.result = new.target ? Reflect.construct(chosen, args, new.target) : chosen.apply(this, args);
      return record.result;
    } catch (error) {
      record.error = error;
      throw error;
    }
  };
  Object.defineProperty(mock, 'name', { value: original.name, configurable: true });
  Object.defineProperty(mock, 'length', { value: original.length, configurable: true });
  if (original.prototype !== undefined) mock.prototype = original.prototype;
  mock.mock = {
    calls,
    callCount: () => calls.length,
    mockImplementation(next) {
      current = next;
    },
    mockImplementationOnce(next, onCall = calls.length) {
      once.set(onCall, next);
    },
    resetCalls() {
      calls.length = 0;
    },
    restore() {
      current = original;
      this[restored]?.();
    },
  };
  return mock;
}
