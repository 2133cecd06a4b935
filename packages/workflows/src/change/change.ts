import { defineWorkflow } from '@trocar/durable';
import { plannedChangeSchema } from '@trocar/tools';
import { z } from 'zod';
import { applyGuarded, applyOutcomeSchema, failed } from '../decision/guarded-apply.js';
import { jsonValueSchema } from '../port/json-value.js';
import type { StepInput } from '../port/plane-steps.js';

/** One edit that an agent asks for: a tool that plans changes, then the approval and the writing of what it planned. */
export const change = defineWorkflow(
  {
    name: 'change',
    version: '1',
    input: z.strictObject({ tool: z.string(), input: jsonValueSchema }),
    output: applyOutcomeSchema,
  },
  async (context, { tool, input }) => {
    const step: StepInput = { input };
    const { root, snapshot, changes } = await context.run(tool, step, { output: plannedChangeSchema });
    if (changes.files.length === 0) return failed('nothing-to-change', 'The code already reads like that.');
    return applyGuarded(context, { root, snapshot, changes });
  },
);
