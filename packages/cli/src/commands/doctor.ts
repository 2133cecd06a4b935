import { attackInstallation } from '@trocar/tools';
import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { formatAttacks } from '../report/attack-text.js';
import { createRunProgress } from '../report/run-progress.js';
import { createStyle } from '../report/style.js';
import { openSession } from '../session.js';

/** `trocar doctor`. */
export const doctor: Command = async (parsed, terminal) => {
  const isJson = parsed.isSet('json');
  await using session = await openSession(terminal, { roots: [] });
  const report = await (async () => {
    using _progress = createRunProgress(session.port, terminal, isJson);
    return attackInstallation.output.parse(await session.port.call(attackInstallation.name, {}, session.identity));
  })();
  if (isJson) terminal.write(`${JSON.stringify(report)}\n`);
  else terminal.write(formatAttacks(report.attacks, createStyle(terminal.hasColor)));
  return report.ok ? exitCode.ok : exitCode.bad;
};
