import { EventEmitter } from 'node:events';
import { createDeniedError } from 'trocar:errors';

/** A function that can be imported and passed on, but not called. */
export function createDenied(name) {
  const denied = () => {
    throw createDeniedError(name);
  };
  Object.defineProperty(denied, 'name', { value: name.slice(name.lastIndexOf('.') + 1) });
  return denied;
}

/** A server that can be made and wired up, but neither listens nor connects. */
export function createDeniedServer(name) {
  return (...args) => {
    const server = new EventEmitter();
    const listener = args.find((argument) => typeof argument === 'function');
    if (listener !== undefined) server.on('request', listener);
    server.listening = false;
    server.listen = createDenied(`${name}.listen`);
    server.address = () => null;
    server.setTimeout = () => server;
    server.ref = () => server;
    server.unref = () => server;
    server.close = (callback) => {
      if (callback !== undefined) globalThis.setImmediate(callback);
      return server;
    };
    return server;
  };
}
