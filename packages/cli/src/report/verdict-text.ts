import type { JournalVerdict } from '@trocar/durable';
import { type Style, toVisibleLine } from './style.js';

/** What the verification of the journal came to; where it was tampered with, the first bad entry and why it is bad. */
export function formatVerdict(verdict: JournalVerdict, style: Style): string {
  if (verdict.ok) return `${style.good('Verified:')} ${verdict.entries} entries, as they were written.\n`;
  const { run, seq, index, reason } = verdict.firstBad;
  const place = run === null ? `entry ${index ?? 'unknown'} of the journal` : `entry ${seq ?? 'unknown'} of ${run}`;
  return `${style.bad('Tampered:')} first bad: ${toVisibleLine(`${place}: ${reason}`)}\n`;
}
