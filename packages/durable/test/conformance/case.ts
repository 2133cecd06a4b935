import type { JsonValue } from '@trocar/core';
import { z } from 'zod';
import {
  defineWorkflow,
  type EntryKind,
  type RunHandle,
  type Settlement,
  type StepRegistry,
  type WorkflowContext,
  type WorkflowDefinition,
} from '../../src/index.js';

/** What a conformance case needs of an engine, whatever it runs on. */
export interface ConformanceEngine {
  start(workflow: WorkflowDefinition, input: JsonValue, runId?: string): Promise<RunHandle>;
  signal(runId: string, name: string, payload: JsonValue): Promise<void>;
  cancel(runId: string, reason?: string): Promise<void>;
  /** Ends the worker without warning and starts another; gives the run's new handle. */
  restart(runId: string): Promise<RunHandle>;
  /** As {@link restart}, with these workflows in place of the old ones. */
  redeploy(runId: string, workflows: readonly WorkflowDefinition[]): Promise<RunHandle>;
  /** The kinds of the run's entries in their order. */
  kinds(runId: string): readonly EntryKind[];
}

/** One behaviour that every engine must show. */
export interface ConformanceCase {
  readonly name: string;
  readonly workflows: readonly WorkflowDefinition[];
  /** Made anew for each engine; `log` collects what ran. */
  steps(log: string[]): StepRegistry;
  run(engine: ConformanceEngine, log: readonly string[]): Promise<void>;
}

/** A workflow whose input and output may be anything. */
export function flow(
  body: (ctx: WorkflowContext, input: JsonValue) => Promise<unknown>,
  { name = 'flow', version = '1' }: { name?: string; version?: string } = {},
): WorkflowDefinition {
  return defineWorkflow({ name, version, input: z.unknown(), output: z.unknown() }, (ctx, input) =>
    body(ctx, input as JsonValue),
  );
}

/** Steps that log their name and input: `echo` at once, `slow` after as many milliseconds as its input says. */
export function loggingSteps(log: string[]): StepRegistry {
  return {
    async echo(input) {
      log.push(`echo ${JSON.stringify(input)}`);
      return { output: input };
    },
    async slow(input, { signal }) {
      log.push(`slow ${input}`);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(resolve, Number(input));
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason);
        });
      });
      return { output: input };
    },
    async fail(input) {
      log.push(`fail ${input}`);
      throw new Error(String(input));
    },
  };
}

/** A case with one workflow that runs to its end with the expected settlement. */
export function settles(
  name: string,
  body: (ctx: WorkflowContext, input: JsonValue) => Promise<unknown>,
  expected: Settlement | ((settlement: Settlement) => void),
  input: JsonValue = null,
): ConformanceCase {
  const workflow = flow(body);
  return {
    name,
    workflows: [workflow],
    steps: loggingSteps,
    async run(engine) {
      const handle = await engine.start(workflow, input);
      const settlement = await handle.closed();
      if (typeof expected === 'function') expected(settlement);
      else assertEqual(settlement, expected);
    },
  };
}

/** A case that drives its workflow by hand. */
export function drives(
  name: string,
  body: (ctx: WorkflowContext, input: JsonValue) => Promise<unknown>,
  run: (engine: ConformanceEngine, workflow: WorkflowDefinition, log: readonly string[]) => Promise<void>,
  steps: (log: string[]) => StepRegistry = loggingSteps,
): ConformanceCase {
  const workflow = flow(body);
  return { name, workflows: [workflow], steps, run: (engine, log) => run(engine, workflow, log) };
}

/** Throws unless both are the same JSON. */
export function assertEqual(found: unknown, expected: unknown): void {
  const [left, right] = [found, expected].map((value) => JSON.stringify(sortKeys(value)));
  if (left !== right) throw new Error(`Expected ${right}, found ${left}.`);
}

/** Throws unless `found` has the members of `expected`. */
export function assertMatches(found: unknown, expected: Readonly<Record<string, unknown>>): void {
  const record = found as Readonly<Record<string, unknown>>;
  assertEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, record[key]])), expected);
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]));
}
