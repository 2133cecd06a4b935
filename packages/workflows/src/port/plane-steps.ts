import type { JsonObject, JsonValue } from '@trocar/core';
import type { StepContext, StepFunction, StepRegistry } from '@trocar/durable';
import { type Identity, isIdentity, type Plane, PlaneError, type Usage } from '@trocar/plane';
import { digestSchema } from '@trocar/tools';
import { z } from 'zod';
import { jsonValueSchema } from './json-value.js';

/** The input of a step that calls a tool. */
export type StepInput = z.infer<typeof stepInputSchema>;

const stepInputSchema = z.strictObject({
  input: jsonValueSchema,
  approval: z.strictObject({ call: digestSchema, by: z.string() }).optional(),
});

/** The step that asks the plane whether a call would need an approval, and what this would be bound to. */
export const proposeCallStep = 'propose_call';

/** What {@link proposeCallStep} takes. */
const proposeCallInputSchema = z.strictObject({ tool: z.string(), input: jsonValueSchema });

/** What {@link proposeCallStep} gives. */
export const proposalSchema = z.object({
  tool: z.string(),
  call: digestSchema,
  approval: z.enum(['none', 'required']),
});

/** What the journal knows of a run before its next step. */
export interface RunStanding {
  readonly identity: string | undefined;
  readonly used: Usage;
}

/**
 * Fills a step registry with the tools of a plane: every step of a workflow passes the gate, and what the plane attests
 * is recorded in the step's own entry.
 */
export function createPlaneSteps(plane: Plane, standingOf: (runId: string) => RunStanding): StepRegistry {
  const steps: Record<string, StepFunction> = {
    [proposeCallStep]: async (value, { runId }) => {
      const { tool, input } = proposeCallInputSchema.parse(value);
      const identity = callerOf(standingOf(runId));
      const proposal = await plane.propose(tool, input, identity);
      return { output: { tool, ...proposal }, attributes: { identity } };
    },
  };
  for (const { name } of plane.tools) {
    steps[name] = async (value: JsonValue, { runId, signal }: StepContext) => {
      const { input, approval } = stepInputSchema.parse(value);
      const standing = standingOf(runId);
      const identity = callerOf(standing);
      const { output, record } = await plane.call(name, input, {
        identity,
        runId,
        used: standing.used,
        signal,
        ...(approval && { approval }),
      });
      return { output: output as JsonValue, attributes: record as unknown as JsonObject };
    };
  }
  return steps;
}

function callerOf({ identity }: RunStanding): Identity {
  if (isIdentity(identity)) return identity;
  throw new PlaneError(
    'denied',
    'The run was started without an identity of a known form, so nothing is granted to it.',
  );
}
