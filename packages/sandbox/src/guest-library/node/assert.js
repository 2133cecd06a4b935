import { isDeepEqual } from 'trocar:deep-equal';
import { invalidArgument, withCode } from 'trocar:errors';
import { inspect } from 'trocar:inspect';
import { is, isNotANumber } from 'trocar:intrinsics';

export class AssertionError extends Error {
  constructor(options) {
    super(options.message ?? `${inspect(options.actual)} ${options.operator} ${inspect(options.expected)}`);
    this.code = 'ERR_ASSERTION';
    this.generatedMessage = options.message === undefined;
    this.actual = options.actual;
    this.expected = options.expected;
    this.operator = options.operator;
  }
}
Object.defineProperty(AssertionError.prototype, 'name', {
  value: 'AssertionError',
  configurable: true,
  writable: true,
});

function reject(message, fallback, details) {
  if (message instanceof Error) throw message;
  const error = new AssertionError({ ...details, message: message ?? fallback });
  error.generatedMessage = message === undefined;
  throw error;
}

const show = (value) => inspect(value, { depth: 1000, maxArrayLength: 200 });
const compared = (title, actual, expected) =>
  `${title}\n+ actual\n${indent(show(actual))}\n- expected\n${indent(show(expected))}`;
const indent = (text) => `  ${text.replaceAll('\n', '\n  ')}`;

export function ok(value, message) {
  if (!value)
    reject(message, 'The expression evaluated to a falsy value', { actual: value, expected: true, operator: '==' });
}

export function fail(message = 'Failed') {
  reject(message, 'Failed', { operator: 'fail' });
}

export function equal(actual, expected, message) {
  // biome-ignore lint/suspicious/noDoubleEquals: this is what the function is for
  if (actual == expected || (isNotANumber(actual) && isNotANumber(expected))) return;
  reject(message, `${show(actual)} == ${show(expected)}`, { actual, expected, operator: '==' });
}

export function notEqual(actual, expected, message) {
  // biome-ignore lint/suspicious/noDoubleEquals: this is what the function is for
  if (actual != expected && !(isNotANumber(actual) && isNotANumber(expected))) return;
  reject(message, `${show(actual)} != ${show(expected)}`, { actual, expected, operator: '!=' });
}

export function strictEqual(actual, expected, message) {
  if (is(actual, expected)) return;
  reject(message, compared('Expected values to be strictly equal:', actual, expected), {
    actual,
    expected,
    operator: 'strictEqual',
  });
}

export function notStrictEqual(actual, expected, message) {
  if (!is(actual, expected)) return;
  reject(message, `Expected "actual" to be strictly unequal to: ${show(expected)}`, {
    actual,
    expected,
    operator: 'notStrictEqual',
  });
}

export function deepEqual(actual, expected, message) {
  if (isDeepEqual(actual, expected, false)) return;
  reject(message, compared('Expected values to be loosely deep-equal:', actual, expected), {
    actual,
    expected,
    operator: 'deepEqual',
  });
}

export function notDeepEqual(actual, expected, message) {
  if (!isDeepEqual(actual, expected, false)) return;
  reject(message, `Expected "actual" not to be loosely deep-equal to: ${show(expected)}`, {
    actual,
    expected,
    operator: 'notDeepEqual',
  });
}

export function deepStrictEqual(actual, expected, message) {
  if (isDeepEqual(actual, expected, true)) return;
  reject(message, compared('Expected values to be strictly deep-equal:', actual, expected), {
    actual,
    expected,
    operator: 'deepStrictEqual',
  });
}

export function notDeepStrictEqual(actual, expected, message) {
  if (!isDeepEqual(actual, expected, true)) return;
  reject(message, `Expected "actual" not to be strictly deep-equal to: ${show(expected)}`, {
    actual,
    expected,
    operator: 'notDeepStrictEqual',
  });
}

export function partialDeepStrictEqual(actual, expected, message) {
  if (contains(actual, expected)) return;
  reject(message, compared('Expected values to be partially and strictly deep-equal:', actual, expected), {
    actual,
    expected,
    operator: 'partialDeepStrictEqual',
  });
}

function contains(actual, expected) {
  const plain = (value) =>
    typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!plain(actual) || !plain(expected)) return isDeepEqual(actual, expected, true);
  return Object.keys(expected).every((key) => key in actual && contains(actual[key], expected[key]));
}

export function match(text, pattern, message) {
  if (!(pattern instanceof RegExp)) throw invalidArgument('regexp', 'an instance of RegExp', pattern);
  if (typeof text === 'string' && pattern.test(text)) return;
  reject(message, `The input did not match the regular expression ${pattern}. Input:\n\n${show(text)}\n`, {
    actual: text,
    expected: pattern,
    operator: 'match',
  });
}

export function doesNotMatch(text, pattern, message) {
  if (!(pattern instanceof RegExp)) throw invalidArgument('regexp', 'an instance of RegExp', pattern);
  if (typeof text === 'string' && !pattern.test(text)) return;
  reject(message, `The input was expected to not match the regular expression ${pattern}. Input:\n\n${show(text)}\n`, {
    actual: text,
    expected: pattern,
    operator: 'doesNotMatch',
  });
}

export function ifError(value) {
  if (value === null || value === undefined) return;
  reject(`ifError got unwanted exception: ${value?.message ?? show(value)}`, '', {
    actual: value,
    expected: null,
    operator: 'ifError',
  });
}

function checkThrown(error, expected, message, operator) {
  if (expected === undefined) return;
  if (expected instanceof RegExp) {
    if (expected.test(String(error))) return;
    reject(message, `The input did not match the regular expression ${expected}. Input:\n\n${show(String(error))}\n`, {
      actual: error,
      expected,
      operator,
    });
  }
  if (typeof expected === 'object' && expected !== null) {
    const keys = Object.keys(expected);
    if (expected instanceof Error) keys.push('name', 'message');
    if (keys.length === 0)
      throw withCode(new TypeError('The argument "error" may not be an empty object.'), 'ERR_INVALID_ARG_VALUE');
    for (const key of keys) {
      const wanted = expected[key];
      const found = error?.[key];
      if (wanted instanceof RegExp && typeof found === 'string' && wanted.test(found)) continue;
      if (error !== null && typeof error === 'object' && key in error && isDeepEqual(found, wanted, true)) continue;
      reject(message, compared(`The error's ${key} is not as expected:`, found, wanted), {
        actual: error,
        expected,
        operator,
      });
    }
    return;
  }
  if (expected.prototype !== undefined && error instanceof expected) return;
  if (expected.prototype instanceof Error || expected === Error) {
    reject(
      message,
      `The error is expected to be an instance of "${expected.name}". Received "${error?.constructor?.name ?? show(error)}"\n\nError message:\n\n${error?.message}`,
      { actual: error, expected, operator },
    );
  }
  const verdict = expected.call({}, error);
  if (verdict !== true) {
    reject(
      message,
      `The ${expected.name ? `"${expected.name}"` : ''} validation function is expected to return "true". Received ${show(verdict)}\n\nCaught error:\n\n${show(error)}`,
      { actual: error, expected, operator },
    );
  }
}

function splitArguments(expected, message) {
  return typeof expected === 'string' ? { message: expected } : { expected, message };
}

export function throws(body, ...rest) {
  if (typeof body !== 'function') throw invalidArgument('fn', 'of type function', body);
  const { expected, message } = splitArguments(...rest);
  let thrown;
  try {
    body();
  } catch (error) {
    thrown = { error };
  }
  if (thrown === undefined) {
    reject(message, `Missing expected exception${expected?.name ? ` (${expected.name})` : ''}.`, {
      actual: undefined,
      expected,
      operator: 'throws',
    });
  }
  checkThrown(thrown.error, expected, message, 'throws');
}

export function doesNotThrow(body, ...rest) {
  if (typeof body !== 'function') throw invalidArgument('fn', 'of type function', body);
  const { message } = splitArguments(...rest);
  try {
    body();
  } catch (error) {
    reject(message ?? `Got unwanted exception.\nActual message: "${error?.message}"`, '', {
      actual: error,
      operator: 'doesNotThrow',
    });
  }
}

async function settle(body) {
  const promise = typeof body === 'function' ? body() : body;
  if (typeof promise?.then !== 'function') {
    if (typeof body === 'function')
      throw withCode(
        new TypeError('Expected instance of Promise to be returned from the "promiseFn" function.'),
        'ERR_INVALID_RETURN_VALUE',
      );
    throw invalidArgument('promiseFn', 'of type function or an instance of Promise', body);
  }
  try {
    await promise;
    return undefined;
  } catch (error) {
    return { error };
  }
}

export async function rejects(body, ...rest) {
  const { expected, message } = splitArguments(...rest);
  const thrown = await settle(body);
  if (thrown === undefined) {
    reject(message, `Missing expected rejection${expected?.name ? ` (${expected.name})` : ''}.`, {
      actual: undefined,
      expected,
      operator: 'rejects',
    });
  }
  checkThrown(thrown.error, expected, message, 'rejects');
}

export async function doesNotReject(body, ...rest) {
  const { message } = splitArguments(...rest);
  const thrown = await settle(body);
  if (thrown === undefined) return;
  reject(message ?? `Got unwanted rejection.\nActual message: "${thrown.error?.message}"`, '', {
    actual: thrown.error,
    operator: 'doesNotReject',
  });
}

function assert(value, message) {
  ok(value, message);
}

const shared = {
  AssertionError,
  deepStrictEqual,
  doesNotMatch,
  doesNotReject,
  doesNotThrow,
  fail,
  ifError,
  match,
  notDeepStrictEqual,
  notStrictEqual,
  ok,
  partialDeepStrictEqual,
  rejects,
  strictEqual,
  throws,
};

export const strict = Object.assign((value, message) => ok(value, message), shared, {
  equal: strictEqual,
  notEqual: notStrictEqual,
  deepEqual: deepStrictEqual,
  notDeepEqual: notDeepStrictEqual,
});
strict.strict = strict;
Object.assign(assert, shared, { equal, notEqual, deepEqual, notDeepEqual, strict });

export default assert;
