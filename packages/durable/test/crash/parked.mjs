import { z } from 'zod';

/** Waits for a number and returns it. */
export const parked = {
  name: 'parked',
  version: '1',
  input: z.null(),
  output: z.number(),
  body: (ctx) => ctx.signal('go', { schema: z.number() }),
};
