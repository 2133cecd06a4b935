import { Buffer } from 'node:buffer';
import { webcrypto } from 'node:crypto';
import * as clock from 'trocar:clock';
import { console } from 'trocar:console';
import { atob, btoa, TextDecoder, TextEncoder } from 'trocar:encoding';
import { createDeniedError } from 'trocar:errors';
import { process } from 'trocar:process';
import { structuredClone } from 'trocar:structured-clone';
import { reportUncaught } from 'trocar:uncaught';
import { URL, URLSearchParams } from 'trocar:url';
import { AbortController, AbortSignal, CustomEvent, DOMException, Event, EventTarget } from 'trocar:web-events';

const resolved = Promise.resolve();

function queueMicrotask(callback) {
  if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
  resolved.then(callback).catch(reportUncaught);
}

const globals = {
  global: globalThis,
  console,
  process,
  Buffer,
  queueMicrotask,
  structuredClone,
  TextEncoder,
  TextDecoder,
  URL,
  URLSearchParams,
  Event,
  EventTarget,
  CustomEvent,
  DOMException,
  AbortController,
  AbortSignal,
  atob,
  btoa,
  crypto: webcrypto,
  performance: { now: clock.elapsed, timeOrigin: clock.now(), mark() {}, measure() {}, toJSON: () => ({}) },
  setTimeout: clock.setTimeout,
  setInterval: clock.setInterval,
  setImmediate: clock.setImmediate,
  clearTimeout: clock.clearTimeout,
  clearInterval: clock.clearInterval,
  clearImmediate: clock.clearImmediate,
  fetch() {
    return Promise.reject(createDeniedError('fetch'));
  },
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
}

// Node's engine has this; code that makes its own error classes calls it without asking.
Error.captureStackTrace ??= (target) => {
  const stack = new Error().stack;
  Object.defineProperty(target, 'stack', {
    value: `${target.name}: ${target.message}\n${stack}`,
    writable: true,
    configurable: true,
  });
};
Error.stackTraceLimit ??= 10;
