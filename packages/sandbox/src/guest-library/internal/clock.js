import { invalidArgument } from 'trocar:errors';
import { call } from 'trocar:host';
import { NativePromise } from 'trocar:intrinsics';

// Virtual time: it moves only when the guest has nothing to do but wait.
const startMs = Date.now();
let elapsedMs = 0;
let sequence = 0;
const timers = [];
const immediates = [];
const byId = new Map();

/** Virtual milliseconds since the start. */
export function elapsed() {
  return elapsedMs;
}

/** Virtual milliseconds since 1970. */
export function now() {
  return startMs + elapsedMs;
}

class Timer {
  constructor(callback, delayMs, args, repeats) {
    sequence += 1;
    this.id = sequence;
    this.callback = callback;
    this.args = args;
    this.delayMs = delayMs >= 1 && delayMs <= 2147483647 ? Math.trunc(delayMs) : 1;
    this.repeats = repeats;
    this.dueMs = elapsedMs + this.delayMs;
    this.active = true;
    this.referenced = true;
  }
  ref() {
    this.referenced = true;
    return this;
  }
  unref() {
    this.referenced = false;
    return this;
  }
  hasRef() {
    return this.referenced;
  }
  refresh() {
    if (this.active) {
      remove(this);
      schedule(this);
    }
    return this;
  }
  close() {
    clearTimeout(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}

function schedule(timer) {
  timer.dueMs = elapsedMs + timer.delayMs;
  let at = timers.length;
  while (at > 0 && timers[at - 1].dueMs > timer.dueMs) at -= 1;
  timers.splice(at, 0, timer);
  byId.set(timer.id, timer);
}

function remove(timer) {
  const at = timers.indexOf(timer);
  if (at >= 0) timers.splice(at, 1);
  byId.delete(timer.id);
}

function add(callback, delayMs, args, repeats) {
  if (typeof callback !== 'function') throw invalidArgument('callback', 'of type function', callback);
  const timer = new Timer(callback, Number(delayMs), args, repeats);
  schedule(timer);
  return timer;
}

export function setTimeout(callback, delayMs, ...args) {
  return add(callback, delayMs, args, false);
}

export function setInterval(callback, delayMs, ...args) {
  return add(callback, delayMs, args, true);
}

export function setImmediate(callback, ...args) {
  if (typeof callback !== 'function') throw invalidArgument('callback', 'of type function', callback);
  const immediate = new Timer(callback, 1, args, false);
  immediates.push(immediate);
  return immediate;
}

export function clearTimeout(handle) {
  const timer = handle instanceof Timer ? handle : byId.get(Number(handle));
  if (timer === undefined) return;
  timer.active = false;
  remove(timer);
}

export const clearInterval = clearTimeout;

export function clearImmediate(immediate) {
  const at = immediates.indexOf(immediate);
  if (at >= 0) immediates.splice(at, 1);
}

// A chain of functions that wait for the end of this turn; no array, since programs may change what arrays do.
let waiting;

/** Resolves when all jobs of this turn have run and its unhandled rejections have been reported. */
export function untilQuiet() {
  return new NativePromise((resolve) => {
    waiting = { __proto__: null, resolve, next: waiting };
  });
}

/** Runs what is due next, one callback at a time. Returns false when nothing is left that keeps a program alive. */
export function turn() {
  if (waiting !== undefined) {
    const { resolve } = waiting;
    waiting = waiting.next;
    resolve();
    return true;
  }
  const immediate = immediates.shift();
  if (immediate !== undefined) {
    immediate.callback(...immediate.args);
    return true;
  }
  if (!timers.some((timer) => timer.referenced)) return false;
  const timer = timers.shift();
  if (timer.dueMs > elapsedMs) {
    elapsedMs = timer.dueMs;
    call('clock', elapsedMs);
  }
  if (timer.repeats) schedule(timer);
  else byId.delete(timer.id);
  timer.callback(...timer.args);
  return true;
}
