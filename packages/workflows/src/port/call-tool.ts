import type { JsonValue } from '@trocar/core';
import type { WorkflowContext } from '@trocar/durable';
import type { Approval, ToolContract } from '@trocar/plane';
import type { StepInput } from './plane-steps.js';

/** Calls a tool from a workflow: one step, one journal entry. Fails with a `StepFailedError`. */
export async function callTool<Input, Output>(
  context: WorkflowContext,
  tool: ToolContract<Input, Output>,
  input: Input,
  approval?: Approval,
): Promise<Output> {
  const step: StepInput = { input: input as JsonValue, ...(approval && { approval: { ...approval } }) };
  return context.run(tool.name, step, { output: tool.output });
}
