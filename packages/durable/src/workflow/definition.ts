import type { ZodType, z } from 'zod';
import { DurableError } from '../errors.js';
import type { WorkflowContext } from './context.js';

/** What identifies a workflow and what goes in and out of it. */
export interface WorkflowOptions<Input extends ZodType, Output extends ZodType> {
  readonly name: string;
  /** A run stays with the version it was started with: change it when the order of operations changes. */
  readonly version: string;
  readonly input: Input;
  readonly output: Output;
}

/** A durable workflow: a deterministic function of its input and of what its context gives it. */
export interface WorkflowDefinition<Input extends ZodType = ZodType, Output extends ZodType = ZodType>
  extends WorkflowOptions<Input, Output> {
  body(context: WorkflowContext, input: z.output<Input>): Promise<z.input<Output>>;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/**
 * Defines a workflow.
 *
 * @throws {DurableError} `name-invalid` when name or version is not 1 to 100 letters, digits, `.`, `_` or `-`.
 */
export function defineWorkflow<Input extends ZodType, Output extends ZodType>(
  options: WorkflowOptions<Input, Output>,
  body: (context: WorkflowContext, input: z.output<Input>) => Promise<z.input<Output>>,
): WorkflowDefinition<Input, Output> {
  assertName('workflow', options.name);
  assertName('version', options.version);
  return { ...options, body };
}

/** Throws `name-invalid` unless `name` is 1 to 100 letters, digits, `.`, `_` or `-`, the first a letter or digit. */
export function assertName(kind: string, name: string): void {
  if (typeof name === 'string' && namePattern.test(name)) return;
  throw new DurableError(
    'name-invalid',
    `The ${kind} name is not 1 to 100 letters, digits, dots, underscores or hyphens, starting with a letter or digit.`,
  );
}

/** How a workflow and its version are named together, in entries and registries. */
export function toWorkflowKey({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}
