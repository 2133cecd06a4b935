// What verdicts depend on, as it was before the first line of a program: whatever a program does to its globals and
// prototypes afterwards, the test runner and the way to the host do not notice.
const NativePromise = Promise;
const { apply } = Reflect;
const { prototype } = Promise;
const { then } = prototype;
const { defineProperty } = Object;

export const { parse, stringify } = JSON;
export const { getPrototypeOf, is } = Object;
export const { isNaN: isNotANumber } = Number;
export const { isArray } = Array;
export { apply, NativePromise };

// `await` and `then` ask a promise for its constructor; with the answer fixed, both use the engine's own machinery.
// Objects that inherit from it may still be given another.
Object.defineProperty(Promise.prototype, 'constructor', {
  get: () => NativePromise,
  set(value) {
    if (this === prototype) return;
    defineProperty(this, 'constructor', {
      __proto__: null,
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  },
  configurable: false,
});
Object.defineProperty(Promise, Symbol.species, { configurable: false });

/** A promise that is settled as `value` is, with nothing as its value; safe to await. */
export function toSettled(value) {
  return new NativePromise((resolve, reject) => {
    const done = () => resolve();
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return done();
    try {
      apply(then, value, [done, reject]);
    } catch {
      // Not a promise of the engine: a thenable, or nothing to wait for.
      const other = value.then;
      if (typeof other === 'function') apply(other, value, [done, reject]);
      else done();
    }
    return undefined;
  });
}

/** An empty queue. Arrays would ask `Array.prototype`. */
export function createQueue() {
  return { __proto__: null, first: undefined, last: undefined };
}

/** Appends to a queue. */
export function enqueue(queue, value) {
  const item = { __proto__: null, value, next: undefined };
  if (queue.last === undefined) queue.first = item;
  else queue.last.next = item;
  queue.last = item;
}

/** Takes the first value of a queue, or undefined. */
export function dequeue(queue) {
  const item = queue.first;
  if (item === undefined) return undefined;
  queue.first = item.next;
  if (item.next === undefined) queue.last = undefined;
  return item.value;
}
