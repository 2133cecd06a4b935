import type { JournalEntry, RunSummary } from '@trocar/durable';
import type { Port } from '@trocar/workflows';
import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { formatDiff } from '../report/diff-text.js';
import { createStyle, type Style, toVisibleLine } from '../report/style.js';
import { everyFolder, openSession } from '../session.js';

/** `trocar runs [RUN]`. */
export const runs: Command = async (parsed, terminal) => {
  const isJson = parsed.isSet('json');
  const style = createStyle(terminal.hasColor);
  await using session = await openSession(terminal, { roots: everyFolder(terminal) });
  const { engine } = session.port;
  const [run] = parsed.positionals;
  if (run !== undefined) {
    const { summary, entries } = engine.run(run);
    if (isJson) terminal.write(`${JSON.stringify({ ...summary, log: entries })}\n`);
    else terminal.write(formatRun(summary, entries, style) + (await formatProposal(session.port, summary, style)));
    return exitCode.ok;
  }
  const summaries = engine.runs();
  if (isJson) terminal.write(`${JSON.stringify({ runs: summaries })}\n`);
  else if (summaries.length === 0) terminal.write('The journal has no runs yet. Start with trocar operate DIR.\n');
  else terminal.write(`${summaries.map((summary) => formatSummary(summary, style)).join('\n')}\n`);
  return exitCode.ok;
};

/** The changes that a waiting run proposes, and what to do about them. */
async function formatProposal(port: Port, { runId, status, workflow }: RunSummary, style: Style): Promise<string> {
  if (status !== 'waiting') return '';
  const { edits } = workflow === 'operate' ? await port.reportOperate(runId) : await port.reportChange(runId);
  const diffs = edits.map(({ diff }) => formatDiff(diff, style));
  return [
    '',
    style.warning('Proposed, and waiting for a decision:'),
    ...diffs,
    '',
    `  trocar approve ${runId}    apply`,
    `  trocar reject ${runId}     drop`,
    '',
  ].join('\n');
}

function formatSummary({ runId, workflow, status, startedMs, entries }: RunSummary, style: Style): string {
  const started = new Date(startedMs).toISOString().replace('T', ' ').slice(0, 19);
  return `${style.strong(runId)}  ${started}  ${workflow.padEnd(8)}  ${colourStatus(status, style)}  ${entries} entries`;
}

function formatRun(summary: RunSummary, entries: readonly JournalEntry[], style: Style): string {
  const lines = [formatSummary(summary, style)];
  for (const { seq, atMs, kind, name = '' } of entries) {
    const after = `+${((atMs - summary.startedMs) / 1_000).toFixed(3)} s`.padStart(11);
    lines.push(`  ${String(seq).padStart(3)} ${after}  ${kind.padEnd(19)} ${toVisibleLine(name)}`.trimEnd());
  }
  if (summary.problem) lines.push(`  ${style.bad(summary.problem.code)} ${toVisibleLine(summary.problem.message)}`);
  return `${lines.join('\n')}\n`;
}

function colourStatus(status: RunSummary['status'], style: Style): string {
  const text = status.padEnd(9);
  if (status === 'completed') return style.good(text);
  return status === 'failed' ? style.bad(text) : style.warning(text);
}
