import { attackInstallation } from '@trocar/tools';
import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { createRunProgress } from '../report/run-progress.js';
import { createStyle, toVisibleText } from '../report/style.js';
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
  else {
    const style = createStyle(terminal.hasColor);
    const width = Math.max(...report.attacks.map(({ name }) => name.length));
    for (const { target, name, what, observed, ok } of report.attacks) {
      const verdict = ok ? style.good('held  ') : style.bad('BROKEN');
      terminal.write(`${verdict} ${target} ${name.padEnd(width)}  ${what}: ${toVisibleText(observed)}\n`);
    }
    const held = report.attacks.filter(({ ok }) => ok).length;
    terminal.write(`${held} of ${report.attacks.length} attacks held off.\n`);
  }
  return report.ok ? exitCode.ok : exitCode.bad;
};
