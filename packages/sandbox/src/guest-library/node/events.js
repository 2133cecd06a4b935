import { invalidArgument, withCode } from 'trocar:errors';
import { inspect } from 'trocar:inspect';

const capture = Symbol.for('nodejs.rejection');
const listenersKey = Symbol('listeners');

function tableOf(emitter) {
  // Made on first use, so that classes which forget to call the constructor work, as in Node.
  if (!Object.hasOwn(emitter, listenersKey)) {
    Object.defineProperty(emitter, listenersKey, { value: new Map(), enumerable: false });
  }
  return emitter[listenersKey];
}

function add(emitter, name, listener, { once = false, first = false } = {}) {
  if (typeof listener !== 'function') throw invalidArgument('listener', 'of type function', listener);
  const table = tableOf(emitter);
  if (table.has('newListener')) emitter.emit('newListener', name, listener);
  const list = [...(table.get(name) ?? [])];
  if (first) list.unshift({ listener, once });
  else list.push({ listener, once });
  table.set(name, list);
  return emitter;
}

export class EventEmitter {
  on(name, listener) {
    return add(this, name, listener);
  }
  addListener(name, listener) {
    return add(this, name, listener);
  }
  once(name, listener) {
    return add(this, name, listener, { once: true });
  }
  prependListener(name, listener) {
    return add(this, name, listener, { first: true });
  }
  prependOnceListener(name, listener) {
    return add(this, name, listener, { first: true, once: true });
  }
  off(name, listener) {
    const table = tableOf(this);
    const list = table.get(name) ?? [];
    const at = list.findLastIndex((entry) => entry.listener === listener);
    if (at >= 0) {
      if (list.length === 1) table.delete(name);
      else table.set(name, list.toSpliced(at, 1));
      if (table.has('removeListener')) this.emit('removeListener', name, listener);
    }
    return this;
  }
  removeListener(name, listener) {
    return this.off(name, listener);
  }
  removeAllListeners(name) {
    if (name === undefined) tableOf(this).clear();
    else tableOf(this).delete(name);
    return this;
  }
  emit(name, ...args) {
    const list = tableOf(this).get(name) ?? [];
    if (list.length === 0) {
      if (name !== 'error') return false;
      if (args[0] instanceof Error) throw args[0];
      const error = withCode(new Error(`Unhandled error. (${inspect(args[0])})`), 'ERR_UNHANDLED_ERROR');
      error.context = args[0];
      throw error;
    }
    for (const { listener, once } of list) {
      if (once) this.off(name, listener);
      listener.apply(this, args);
    }
    return true;
  }
  listenerCount(name, listener) {
    const list = tableOf(this).get(name) ?? [];
    return listener === undefined ? list.length : list.filter((entry) => entry.listener === listener).length;
  }
  listeners(name) {
    return (tableOf(this).get(name) ?? []).map(({ listener }) => listener);
  }
  rawListeners(name) {
    return this.listeners(name);
  }
  eventNames() {
    return [...tableOf(this).keys()];
  }
  setMaxListeners() {
    return this;
  }
  getMaxListeners() {
    return 10;
  }
}

EventEmitter.EventEmitter = EventEmitter;
EventEmitter.defaultMaxListeners = 10;
EventEmitter.captureRejectionSymbol = capture;
EventEmitter.errorMonitor = Symbol('events.errorMonitor');

/** A promise for the next event called `name`. */
export function once(emitter, name, { signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const settle = (done) => (value) => {
      emitter.off?.(name, succeed);
      emitter.off?.('error', failed);
      done(value);
    };
    const succeed = (...args) => settle(resolve)(args);
    const failed = settle(reject);
    if (typeof emitter.once === 'function') {
      emitter.once(name, succeed);
      if (name !== 'error') emitter.once('error', failed);
    } else {
      emitter.addEventListener(name, (event) => resolve([event]), { once: true });
    }
    signal?.addEventListener('abort', () => failed(signal.reason), { once: true });
    return undefined;
  });
}

/** An endless sequence of the events called `name`. */
export async function* on(emitter, name) {
  const ready = [];
  let wake = () => {};
  const listener = (...args) => {
    ready.push(args);
    wake();
  };
  emitter.on(name, listener);
  try {
    for (;;) {
      while (ready.length > 0) yield ready.shift();
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    emitter.off(name, listener);
  }
}

export const listenerCount = (emitter, name) => emitter.listenerCount(name);
export const setMaxListeners = () => {};
export const getEventListeners = (emitter, name) => emitter.listeners(name);
export const { defaultMaxListeners, errorMonitor, captureRejectionSymbol } = EventEmitter;
Object.assign(EventEmitter, { once, on, listenerCount, setMaxListeners, getEventListeners });
export default EventEmitter;
