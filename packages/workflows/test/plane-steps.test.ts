import { systemClock } from '@trocar/core';
import type { StepContext } from '@trocar/durable';
import { createDefaultPolicy, createPlane, defineContract, implementTool } from '@trocar/plane';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createPlaneSteps, proposeCallStep, type RunStanding } from '../src/port/plane-steps.js';

const greet = implementTool(
  defineContract({
    name: 'greet',
    description: 'Greets.',
    input: z.object({ name: z.string() }),
    output: z.object({ text: z.string() }),
  }),
  { resources: () => [], execute: async ({ name }) => ({ output: { text: `Hello ${name}` } }) },
);
const policy = createDefaultPolicy({ identity: 'local:ada', roots: [] });
const plane = createPlane({ tools: [greet], policy, clock: systemClock });
const context = { runId: 'run-1', signal: new AbortController().signal } as StepContext;

const stepsFor = (standing: RunStanding) => createPlaneSteps(plane, () => standing);

describe('the steps of a plane', () => {
  it('call the tool in the name that the run was started in', async () => {
    const steps = stepsFor({ identity: 'local:ada', used: {} });
    expect(await steps.greet!({ input: { name: 'Ada' } }, context)).toMatchObject({
      output: { text: 'Hello Ada' },
      attributes: { tool: 'greet', identity: 'local:ada' },
    });
    expect(await steps[proposeCallStep]!({ tool: 'greet', input: { name: 'Ada' } }, context)).toMatchObject({
      output: { tool: 'greet', approval: 'none' },
      attributes: { identity: 'local:ada' },
    });
  });

  it.each([undefined, 'ada', ''])('are denied to a run whose identity is %j', async (identity) => {
    await expect(stepsFor({ identity, used: {} }).greet!({ input: { name: 'Ada' } }, context)).rejects.toMatchObject({
      code: 'denied',
    });
  });

  it('keep to what is left of the budget', async () => {
    const used = { wallMs: policy.budget.wallMs };
    await expect(
      stepsFor({ identity: 'local:ada', used }).greet!({ input: { name: 'Ada' } }, context),
    ).rejects.toMatchObject({ code: 'over-budget' });
  });

  it('take nothing but what a workflow sends', async () => {
    await expect(stepsFor({ identity: 'local:ada', used: {} }).greet!({ name: 'Ada' }, context)).rejects.toThrow();
  });
});
