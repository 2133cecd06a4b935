import { setTimeout } from 'trocar:clock';
import { reportUncaught } from 'trocar:uncaught';

export class Event {
  constructor(type, options = {}) {
    this.type = String(type);
    this.bubbles = options.bubbles === true;
    this.cancelable = options.cancelable === true;
    this.composed = options.composed === true;
    this.defaultPrevented = false;
    this.target = null;
    this.currentTarget = null;
    this.stopped = false;
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true;
  }
  stopPropagation() {}
  stopImmediatePropagation() {
    this.stopped = true;
  }
}

export class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}

export class EventTarget {
  #listeners = new Map();
  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    const settings = typeof options === 'object' && options !== null ? options : {};
    if (settings.signal?.aborted) return;
    const list = this.#listeners.get(type) ?? [];
    if (list.some((entry) => entry.listener === listener)) return;
    list.push({ listener, once: settings.once === true });
    this.#listeners.set(type, list);
    settings.signal?.addEventListener('abort', () => this.removeEventListener(type, listener));
  }
  removeEventListener(type, listener) {
    const list = this.#listeners.get(type) ?? [];
    this.#listeners.set(
      type,
      list.filter((entry) => entry.listener !== listener),
    );
  }
  dispatchEvent(event) {
    event.target = this;
    event.currentTarget = this;
    for (const { listener, once } of [...(this.#listeners.get(event.type) ?? [])]) {
      if (event.stopped) break;
      if (once) this.removeEventListener(event.type, listener);
      try {
        if (typeof listener === 'function') listener.call(this, event);
        else listener.handleEvent(event);
      } catch (error) {
        reportUncaught(error);
      }
    }
    return !event.defaultPrevented;
  }
}

export class DOMException extends Error {
  #name;
  #code;
  constructor(message = '', options = 'Error') {
    super(message, typeof options === 'object' && 'cause' in options ? { cause: options.cause } : undefined);
    this.#name = typeof options === 'string' ? options : (options.name ?? 'Error');
    this.#code = { AbortError: 20, TimeoutError: 23, DataCloneError: 25, InvalidCharacterError: 5 }[this.#name] ?? 0;
  }
  get name() {
    return this.#name;
  }
  get code() {
    return this.#code;
  }
}

const secret = Symbol('abort');

export class AbortSignal extends EventTarget {
  onabort = null;
  #reason;
  #aborted = false;
  constructor(key) {
    super();
    if (key !== secret) throw new TypeError('Illegal constructor');
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }
  [secret](reason) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    const event = new Event('abort');
    if (typeof this.onabort === 'function') this.onabort(event);
    this.dispatchEvent(event);
  }
  static abort(reason) {
    const signal = new AbortSignal(secret);
    signal[secret](reason);
    return signal;
  }
  static timeout(delayMs) {
    const signal = new AbortSignal(secret);
    setTimeout(
      () => signal[secret](new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      delayMs,
    ).unref();
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(secret);
    for (const source of signals) {
      if (source.aborted) signal[secret](source.reason);
      else source.addEventListener('abort', () => signal[secret](source.reason), { once: true });
    }
    return signal;
  }
}

export class AbortController {
  signal = new AbortSignal(secret);
  abort(reason) {
    this.signal[secret](reason);
  }
}
