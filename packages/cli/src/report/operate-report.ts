import type { TestReport } from '@trocar/tools';
import type { OperateResult } from '@trocar/workflows';
import { formatDiff } from './diff-text.js';
import { formatCoverage, formatFinding } from './finding-text.js';
import { type Style, toVisibleLine } from './style.js';

/**
 * The report that ends `trocar operate`: what was found, changed, proven and recorded, and what to do next.
 *
 * @param program how the reader can start Trocar.
 */
export function formatOperateReport(result: OperateResult, style: Style, program = 'trocar'): string {
  const sections = [
    formatFindings(result, style),
    formatEdits(result, style),
    formatRefused(result),
    formatTests(result, style),
    formatCoverage(result.coverage, result.complete, style),
    formatOutcome(result, style, program),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function formatFindings({ status, findings, fixed, remaining }: OperateResult, style: Style): string {
  const gone = status === 'awaiting-approval' ? 'fixed once approved' : 'fixed';
  const head = `Findings: ${findings.length}, ${gone} ${fixed.length}, remaining ${remaining.length}`;
  return [style.strong(head), ...findings.map((finding, index) => formatFinding(finding, index + 1, style))].join('\n');
}

function formatEdits({ edits }: OperateResult, style: Style): string {
  if (edits.length === 0) return '';
  const added = edits.reduce((sum, edit) => sum + edit.added, 0);
  const removed = edits.reduce((sum, edit) => sum + edit.removed, 0);
  const head = `Changes: ${edits.length} ${edits.length === 1 ? 'file' : 'files'}, +${added} -${removed} lines`;
  return [style.strong(head), ...edits.map(({ diff }) => formatDiff(diff, style))].join('\n');
}

function formatRefused({ refused, findings }: OperateResult): string {
  if (refused.length === 0) return '';
  const lines = refused.map(({ finding, reason }) => {
    const place = findings.find(({ id }) => id === finding);
    return `  ${place ? `${toVisibleLine(place.file)}:${place.line}` : finding}: ${toVisibleLine(reason)}`;
  });
  return ['Not fixed:', ...lines].join('\n');
}

function formatTests({ tests, edits }: OperateResult, style: Style): string {
  const lines = [style.strong('Tests in the sandbox'), `  before  ${formatTestReport(tests.before)}`];
  if (edits.length > 0) {
    const meaning = {
      yes: style.good('yes, what passed before passes now'),
      no: style.bad('no, tests that passed before do not pass now'),
      unknown: style.warning('unknown'),
    };
    lines.push(`  after   ${formatTestReport(tests.after)}`, `  behaviour kept: ${meaning[tests.verdict]}`);
  }
  for (const { file, name, message } of tests.after.failures.slice(0, 5)) {
    lines.push(`  failed  ${toVisibleLine(`${file} ${name}: ${message.split('\n')[0]}`)}`);
  }
  return lines.join('\n');
}

function formatTestReport({ tier, passed, failed, skipped, fuelUnits, reason }: TestReport): string {
  if (tier === 'none') return `not executed: ${toVisibleLine(reason ?? 'there are no tests')}`;
  const others = skipped > 0 ? `, ${skipped} skipped` : '';
  const fuel = fuelUnits.toLocaleString('en-US');
  return `${passed} passed, ${failed} failed${others}, ${fuel} units of fuel${reason ? ` (${toVisibleLine(reason)})` : ''}`;
}

function formatOutcome(result: OperateResult, style: Style, program: string): string {
  const { run, record, status } = result;
  const checked = record.verified ? style.good('verified') : style.bad('NOT verified');
  const lines = [
    `${formatStatus(result, style)}`,
    `Run ${style.strong(run)}: ${record.entries} entries in the journal, ${checked}`,
    '',
    'Next:',
    ...(status === 'awaiting-approval'
      ? [`  ${program} approve ${run}    apply the changes`, `  ${program} reject ${run}     drop them`]
      : []),
    `  ${program} verify ${run}     check the record`,
    `  ${program} runs ${run}       look at each step`,
    `  ${program} mcp DIR${' '.repeat(run.length - 3)}        connect an agent`,
  ];
  return lines.join('\n');
}

function formatStatus({ status, problem, edits }: OperateResult, style: Style): string {
  switch (status) {
    case 'applied':
      return style.good(`Applied: ${edits.length} ${edits.length === 1 ? 'file' : 'files'} changed.`);
    case 'awaiting-approval':
      return style.warning('Waiting for approval: nothing has been changed yet.');
    case 'nothing-to-do':
      return style.good('Nothing to do: no finding, and everything was analysed.');
    case 'incomplete':
      return style.warning('Incomplete: nothing was changed; see above for what was not fixed or not analysed.');
    case 'failed':
      return style.bad(`Failed, nothing was changed: ${toVisibleLine(problem?.message ?? 'unknown reason')}`);
  }
}
