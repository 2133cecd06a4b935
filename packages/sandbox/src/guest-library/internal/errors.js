import { call } from 'trocar:host';

/** Gives `error` a code the way Node does. */
export function withCode(error, code) {
  error.code = code;
  Object.defineProperty(error, 'name', {
    value: `${error.name}`,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return error;
}

/** A TypeError about an argument. */
export function invalidArgument(name, expected, actual) {
  const kind = actual === null ? 'null' : actual === undefined ? 'undefined' : `type ${typeof actual}`;
  return withCode(
    new TypeError(`The "${name}" argument must be ${expected}. Received ${kind}`),
    'ERR_INVALID_ARG_TYPE',
  );
}

/** What a guest gets that calls something for which it has no grant. The host remembers the attempt. */
export function createDeniedError(what) {
  call('denied', what);
  return withCode(new Error(`${what} is denied: the sandbox grants no such capability`), 'ERR_ACCESS_DENIED');
}
