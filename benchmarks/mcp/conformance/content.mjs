/** One red pixel, and a sound without samples: the smallest files that are what they say. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==';
export const WAV = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=';

/** A result of one text. */
export const say = (text) => ({ content: [{ type: 'text', text }] });

/** Waits, or stops waiting when the signal says so. */
export const pause = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** A catalog entry. */
export const tool = (name, call, { properties = {}, required, schema, task } = {}) => ({
  name,
  definition: {
    name,
    description: `Fixture of the conformance suite: ${name.replaceAll('_', ' ')}.`,
    inputSchema: schema ?? { type: 'object', properties, ...(required && { required }) },
  },
  ...(task && { task }),
  call,
});
