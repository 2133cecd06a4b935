import type { Coverage, FindingResult } from '@trocar/tools';
import { type Style, toVisibleText } from './style.js';

/** A finding with its way from source to sink, one line for each step. */
export function formatFinding(finding: FindingResult, number: number, style: Style): string {
  const head = `${number}. ${style.bad(finding.severity)} ${style.strong(finding.cwe)} ${toVisibleText(finding.message)}`;
  const place = `   ${style.place(`${toVisibleText(finding.file)}:${finding.line}`)}  ${style.faint(`${finding.rule}, confidence ${finding.confidence}`)}`;
  const width = Math.max(0, ...finding.witness.map(({ file, line }) => `${file}:${line}`.length));
  const steps = finding.witness.map(({ file, line, note }) => {
    const where = `${file}:${line}`.padEnd(width);
    return `     ${style.faint('|')} ${toVisibleText(where)}  ${toVisibleText(note)}`;
  });
  return [head, place, ...steps].join('\n');
}

/** What was looked at, and the files that were not, the ones that matter first; at most `limit` of them. */
export function formatCoverage(coverage: Coverage, isComplete: boolean, style: Style, limit = 10): string {
  const verdict = isComplete ? style.good('complete') : style.warning('NOT complete');
  const lines = [`Coverage: ${coverage.analysed} of ${coverage.files} files analysed, ${verdict}`];
  for (const { file, reason } of coverage.skipped.slice(0, limit)) {
    lines.push(`  ${style.faint('not analysed')} ${toVisibleText(file)}: ${toVisibleText(reason)}`);
  }
  const more = coverage.skipped.length - limit;
  if (more > 0) lines.push(style.faint(`  … and ${more} more; --json lists all of them`));
  return lines.join('\n');
}
