import { type GuestReport, guestReportSchema } from '@trocar/tools';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { exitCode } from '../exit-code.js';
import { resolveFile } from '../folder-argument.js';
import { createStyle, type Style, toVisibleText } from '../report/style.js';
import { openSession } from '../session.js';

/** `trocar sandbox run FILE [ARGS...]`. */
export const sandbox: Command = async (parsed, terminal) => {
  const [action, file, ...args] = parsed.positionals;
  if (action !== 'run' || file === undefined) {
    throw new UsageError('Usage: trocar sandbox run FILE.wasm|FILE.js [ARGS...]. See trocar sandbox --help.');
  }
  const path = await resolveFile(terminal, file);
  const invoke = parsed.text('invoke');
  const fuelUnits = parsed.wholeNumber('fuel', 1);
  const memoryMib = parsed.wholeNumber('memory-mib', 1);
  const wallMs = parsed.wholeNumber('wall-ms', 1);
  await using session = await openSession(terminal, { roots: [path] });
  const answer = await session.port.call(
    'run_in_sandbox',
    {
      path,
      args,
      ...(invoke !== undefined && { invoke }),
      ...(fuelUnits !== undefined && { fuel_units: fuelUnits }),
      ...(memoryMib !== undefined && { memory_bytes: memoryMib * 1_048_576 }),
      ...(wallMs !== undefined && { wall_ms: wallMs }),
    },
    session.identity,
  );
  const report = guestReportSchema.parse(answer);
  if (parsed.isSet('json')) terminal.write(`${JSON.stringify(report)}\n`);
  else {
    if (report.stderr !== '') terminal.note(toVisibleText(report.stderr));
    terminal.write(formatGuest(report, createStyle(terminal.hasColor)));
  }
  return report.ok ? exitCode.ok : exitCode.bad;
};

function formatGuest({ stdout, values, trap, receipt }: GuestReport, style: Style): string {
  const lines = [toVisibleText(stdout).replace(/\n$/, '')].filter((text) => text !== '');
  lines.push(...values.map((value) => `${style.strong('result')} ${toVisibleText(JSON.stringify(value))}`));
  if (trap) lines.push(`${style.bad(`stopped: ${trap.kind}`)} ${toVisibleText(trap.message)}`);
  const fuel = receipt.fuelUnits.toLocaleString('en-US');
  const memory = (receipt.peakMemoryBytes / 1_048_576).toFixed(2);
  lines.push(style.faint(`${fuel} units of fuel, ${memory} MiB at most, tier ${receipt.tier}, ${receipt.module}`));
  return `${lines.join('\n')}\n`;
}
