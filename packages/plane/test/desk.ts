import { createManualClock } from '@trocar/core';
import { z } from 'zod';
import {
  type CallContext,
  createPlane,
  defineContract,
  implementTool,
  type Plane,
  type Policy,
  parsePolicy,
  type Tool,
} from '../src/index.js';

/** A tool that reads one file name and a tool that writes one: enough to try every rule of the plane on. */
export function createDesk(policy: Policy): {
  plane: Plane;
  calls: string[];
  clock: ReturnType<typeof createManualClock>;
} {
  const clock = createManualClock(1_700_000_000_000);
  const calls: string[] = [];
  const look: Tool = implementTool(
    defineContract({
      name: 'look',
      description: 'Looks at a file.',
      input: z.strictObject({ path: z.string(), broken: z.boolean().default(false) }),
      output: z.object({ seen: z.string() }),
    }),
    {
      resources: ({ path }) => [{ path, access: 'read' as const }],
      execute: async ({ path, broken }) => {
        calls.push(`look ${path}`);
        clock.advance(3);
        return { output: broken ? ({ seen: 7 } as unknown as { seen: string }) : { seen: path } };
      },
    },
  );
  const write: Tool = implementTool(
    defineContract({
      name: 'write',
      description: 'Writes a file.',
      input: z.strictObject({ path: z.string() }),
      output: z.object({ written: z.string() }),
    }),
    {
      resources: ({ path }) => [{ path, access: 'write' as const }],
      execute: async ({ path }) => {
        calls.push(`write ${path}`);
        return { output: { written: path }, used: { fuelUnits: 5 }, evidence: { bytes: 1 } };
      },
    },
  );
  const compute: Tool = implementTool(
    defineContract({
      name: 'compute',
      description: 'Computes without touching anything.',
      input: z.strictObject({ fuelUnits: z.number() }),
      output: z.object({ left: z.number() }),
    }),
    {
      resources: () => [],
      needs: ({ fuelUnits }) => ({ fuelUnits }),
      execute: async ({ fuelUnits }, { remaining }) => {
        calls.push('compute');
        return { output: { left: remaining.fuelUnits }, used: { fuelUnits, peakMemoryBytes: 9 } };
      },
    },
  );
  return { plane: createPlane({ tools: [write, look, compute], policy, clock }), calls, clock };
}

export function createContext(overrides: Partial<CallContext> = {}): CallContext {
  return {
    identity: 'local:ada',
    runId: 'run-1',
    used: {},
    signal: new AbortController().signal,
    ...overrides,
  };
}

export function createPolicy(grants: readonly object[], rest: object = {}): Policy {
  return parsePolicy({ version: 1, grants, approvers: ['local:*'], ...rest });
}
