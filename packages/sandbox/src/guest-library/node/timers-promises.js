import * as clock from 'trocar:clock';

function wait(start, stop, value, { signal } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const handle = start(() => resolve(value));
    signal?.addEventListener('abort', () => {
      stop(handle);
      reject(signal.reason);
    });
    return undefined;
  });
}

export const setTimeout = (delayMs, value, options) =>
  wait((done) => clock.setTimeout(done, delayMs), clock.clearTimeout, value, options);
export const setImmediate = (value, options) =>
  wait((done) => clock.setImmediate(done), clock.clearImmediate, value, options);

export async function* setInterval(delayMs, value) {
  for (;;) {
    await setTimeout(delayMs);
    yield value;
  }
}

export const scheduler = {
  wait: (delayMs, options) => setTimeout(delayMs, undefined, options),
  yield: () => setImmediate(),
};
export default { scheduler, setImmediate, setInterval, setTimeout };
