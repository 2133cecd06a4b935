import type { JournalEntry } from '@trocar/durable';
import type { Port } from '@trocar/workflows';
import type { Terminal } from '../terminal.js';
import { createProgress } from './progress.js';

const labels: Readonly<Record<string, string>> = {
  snapshot_tree: 'snapshot of the folder',
  scan_snapshot: 'scan',
  plan_fixes: 'plan of the fixes',
  edit_snapshot: 'edits in the overlay',
  test_snapshot: 'tests in the sandbox',
  propose_call: 'question for approval',
  apply_changes: 'changes applied',
};

/** Shows the steps of every run that a port drives, until it is disposed of. */
export function createRunProgress(port: Port, terminal: Terminal, isQuiet: boolean): Disposable {
  const progress = createProgress(terminal, isQuiet);
  const stop = port.onEvent((event) => {
    if (event.type === 'step-started') progress.begin(labelOf(event.step));
    else if (event.entry.kind === 'step-completed' || event.entry.kind === 'step-failed') {
      progress.end(labelOf(event.entry.name ?? ''), describeEntry(event.entry));
    }
  });
  return {
    [Symbol.dispose]() {
      stop();
      progress[Symbol.dispose]();
    },
  };
}

function labelOf(step: string): string {
  return labels[step] ?? step;
}

/** One short fact about what a step gave, where its output has one. */
function describeEntry({ kind, content }: JournalEntry): string {
  if (kind === 'step-failed') return 'failed';
  const output = content.output;
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return '';
  const facts = output as Readonly<Record<string, unknown>>;
  if (Array.isArray(facts.findings)) return `${facts.findings.length} findings`;
  if (typeof facts.passed === 'number') return `${facts.passed} passed, ${String(facts.failed)} failed`;
  if (typeof facts.files === 'number') return `${facts.files} files`;
  if (Array.isArray(facts.edits)) return `${facts.edits.length} files changed`;
  return Array.isArray(facts.written) ? `${facts.written.length} files written` : '';
}
