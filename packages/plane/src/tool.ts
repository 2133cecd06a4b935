import { type Digest, digestJson, type JsonObject } from '@trocar/core';
import { z } from 'zod';
import type { Identity } from './identity.js';
import type { Budget, Usage } from './usage.js';

/** What a call touches, as the policy sees it: a canonical absolute path and what is done with it. */
export interface Resource {
  readonly path: string;
  readonly access: Access;
}

/** `read` looks at a folder of the user, `write` changes it. */
export type Access = 'read' | 'write';

/** What a tool is given besides its input. */
export interface ToolContext {
  readonly identity: Identity;
  readonly runId: string;
  /** What the policy has judged: the tool works on these places, whatever a path in its input means by now. */
  readonly resources: readonly Resource[];
  /** What is left of the run's budget: the limits that the tool has to pass on to whatever it executes. */
  readonly remaining: Budget;
  readonly signal: AbortSignal;
}

/** What a tool returns: its output, and what producing it has cost. */
export interface ToolOutcome<Output> {
  readonly output: Output;
  /** Without `wallMs`, which the plane measures itself. */
  readonly used?: Omit<Usage, 'wallMs'>;
  /** Further facts for the receipt, for example the sandbox's own receipts. */
  readonly evidence?: JsonObject;
}

/** What clients are told about a tool; it needs no engine, so callers can import it alone. */
export interface ToolContract<Input = unknown, Output = unknown> {
  readonly name: string;
  /** Tells a model when to use the tool and what it gets. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
}

/** One operation that can be asked for. The methods are bivariant, so `Tool` without arguments holds every kind. */
export interface Tool<Input = unknown, Output = unknown> extends ToolContract<Input, Output> {
  /** The folders that a call with this input touches; empty for a pure computation. */
  resources(input: Input): Promise<readonly Resource[]> | readonly Resource[];
  /** The least that the call needs; when that is not left, it is not started. */
  needs?(input: Input): Usage;
  execute(input: Input, context: ToolContext): Promise<ToolOutcome<Output>>;
}

/** Infers a contract's types from its schemas at the place where it is written. */
export function defineContract<Input, Output>(contract: ToolContract<Input, Output>): ToolContract<Input, Output> {
  return contract;
}

/** Adds the execution to a contract. */
export function implementTool<Input, Output>(
  contract: ToolContract<Input, Output>,
  execution: Omit<Tool<Input, Output>, keyof ToolContract>,
): Tool<Input, Output> {
  return { ...contract, ...execution };
}

/** The public face of a tool as JSON: what clients list, and what approvals and receipts are bound to. */
export function describeTool(tool: ToolContract): {
  name: string;
  description: string;
  input: JsonObject;
  output: JsonObject;
} {
  return {
    name: tool.name,
    description: tool.description,
    input: toJsonSchema(tool.input, 'input'),
    output: toJsonSchema(tool.output, 'output'),
  };
}

/** The digest of a tool's public face; it changes whenever what clients are told changes. */
export function digestTool(tool: ToolContract): Digest {
  return digestJson(describeTool(tool));
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  return JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io }))) as JsonObject;
}
