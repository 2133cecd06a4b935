import { incompleteCodes } from '@trocar/code';
import type { Coverage, FindingResult } from '@trocar/tools';
import { type Style, toVisibleLine } from './style.js';

/** A finding with its way from source to sink, one line for each step. */
export function formatFinding(finding: FindingResult, number: number, style: Style): string {
  const head = `${number}. ${style.bad(finding.severity)} ${style.strong(finding.cwe)} ${toVisibleLine(finding.message)}`;
  const place = `   ${style.place(`${toVisibleLine(finding.file)}:${finding.line}`)}  ${style.faint(`${finding.rule}, confidence ${finding.confidence}`)}`;
  const width = Math.max(0, ...finding.witness.map(({ file, line }) => `${file}:${line}`.length));
  const steps = finding.witness.map(({ file, line, note }) => {
    const where = `${file}:${line}`.padEnd(width);
    return `     ${style.faint('|')} ${toVisibleLine(where)}  ${toVisibleLine(note)}`;
  });
  return [head, place, ...steps].join('\n');
}

/**
 * What was looked at, and by name what should have been and was not; at most `limit` of them. What is no source code
 * by its nature is only counted.
 */
export function formatCoverage(coverage: Coverage, isComplete: boolean, style: Style, limit = 10): string {
  const verdict = isComplete ? style.good('complete') : style.warning('NOT complete');
  const lines = [`Coverage: ${coverage.analysed} of ${coverage.files} files analysed, ${verdict}`];
  const missing = coverage.skipped.filter(({ code }) => incompleteCodes.has(code));
  for (const { file, reason } of missing.slice(0, limit)) {
    lines.push(`  ${style.warning('not analysed')} ${toVisibleLine(file)}: ${toVisibleLine(reason)}`);
  }
  if (missing.length > limit) lines.push(style.faint(`  … and ${missing.length - limit} more; --json lists all`));
  const others = coverage.skipped.length - missing.length;
  if (others > 0)
    lines.push(style.faint(`  out of scope: ${others} (no source code, dependencies, links); --json lists all`));
  return lines.join('\n');
}
