import { defineWorkflow } from '@trocar/durable';
import { z } from 'zod';
import { jsonValueSchema } from '../port/json-value.js';
import type { StepInput } from '../port/plane-steps.js';

/** One call of one tool: a run of one step, so that it is recorded like everything else. */
export const call = defineWorkflow(
  {
    name: 'call',
    version: '1',
    input: z.strictObject({ tool: z.string(), input: jsonValueSchema }),
    output: jsonValueSchema,
  },
  async (context, { tool, input }) => {
    const step: StepInput = { input };
    return jsonValueSchema.parse(await context.run(tool, step));
  },
);
