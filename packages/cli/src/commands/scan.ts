import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { scanReportSchema } from '@trocar/tools';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { resolveFolder } from '../folder-argument.js';
import { formatCoverage, formatFinding } from '../report/finding-text.js';
import { createRunProgress } from '../report/run-progress.js';
import { createStyle } from '../report/style.js';
import { openSession } from '../session.js';
import { version } from '../version.js';

/** `trocar scan DIR`. */
export const scan: Command = async (parsed, terminal) => {
  const root = await resolveFolder(terminal, parsed.positionals[0] ?? '.');
  const isJson = parsed.isSet('json');
  await using session = await openSession(terminal, { roots: [root] });
  const report = await (async () => {
    using _progress = createRunProgress(session.port, terminal, isJson);
    return scanReportSchema.parse(await session.port.call('security_scan', { path: root }, session.identity));
  })();

  const sarif = parsed.text('sarif');
  if (sarif !== undefined) {
    const { toSarif } = await import('@trocar/code');
    await writeReport(resolve(terminal.workingFolder, sarif), toSarif(report, { version }));
  }
  if (isJson) terminal.write(`${JSON.stringify(report)}\n`);
  else {
    const style = createStyle(terminal.hasColor);
    const findings = report.findings.map((finding, index) => formatFinding(finding, index + 1, style));
    const verdict = report.complete ? style.good('Clean.') : style.warning('No findings in what was analysed.');
    const summary = findings.length === 0 ? verdict : style.strong(`${findings.length} findings`);
    terminal.write(`${[...findings, summary, formatCoverage(report.coverage, report.complete, style)].join('\n')}\n`);
  }
  if (report.findings.length > 0) return exitCode.bad;
  return report.complete ? exitCode.ok : exitCode.incomplete;
};

async function writeReport(path: string, report: object): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`${path} cannot be written (${(error as NodeJS.ErrnoException).code}).`);
  }
}
