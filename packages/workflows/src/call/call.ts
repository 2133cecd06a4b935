import { defineWorkflow } from '@trocar/durable';
import { z } from 'zod';
import type { StepInput } from '../port/plane-steps.js';

/** One call of one tool: a run of one step, so that it is recorded like everything else. */
export const call = defineWorkflow(
  { name: 'call', version: '1', input: z.strictObject({ tool: z.string(), input: z.json() }), output: z.json() },
  async (context, { tool, input }) => {
    const step: StepInput = { input };
    return z.json().parse(await context.run(tool, step));
  },
);
