import type { JournalEntry } from '@trocar/durable';
import type { ToolContract } from '@trocar/plane';

/** The outputs of every finished call of a tool in a run, in the order of the calls in the workflow. */
export function outputsOf<Output>(
  entries: readonly JournalEntry[],
  tool: Pick<ToolContract<unknown, Output>, 'name' | 'output'>,
): Output[] {
  return entries
    .filter(({ kind, name }) => kind === 'step-completed' && name === tool.name)
    .sort((left, right) => (left.index ?? 0) - (right.index ?? 0))
    .map(({ content }) => tool.output.parse(content.output));
}
