import type { OperateResult } from '@trocar/workflows';
import type { Command } from '../command.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { resolveFolder } from '../folder-argument.js';
import { formatOperateReport } from '../report/operate-report.js';
import { createRunProgress } from '../report/run-progress.js';
import { createStyle } from '../report/style.js';
import { openSession, type Session } from '../session.js';
import type { Terminal } from '../terminal.js';

/** `trocar operate DIR`. */
export const operate: Command = async (parsed, terminal) => {
  const root = await resolveFolder(terminal, parsed.positionals[0] ?? '.');
  const isJson = parsed.isSet('json');
  await using session = await openSession(terminal, { roots: [root] });
  const { port, identity } = session;
  const result = await (async () => {
    using _progress = createRunProgress(port, terminal, isJson);
    const started = await port.operate(root, identity, parsed.isSet('yes') ? identity : undefined);
    await started.settled();
    return port.reportOperate(started.run);
  })();
  if (isJson || result.status !== 'awaiting-approval' || !terminal.isInteractive) {
    return present(result, terminal, isJson);
  }
  // Awaited, since the session is closed when this function returns.
  return await askAndFinish(result, session, terminal);
};

/** Prints the result of a run and gives the exit code that belongs to it. */
export function present(result: OperateResult, terminal: Terminal, isJson: boolean): ExitCode {
  terminal.write(
    isJson
      ? `${JSON.stringify(result)}\n`
      : formatOperateReport(result, createStyle(terminal.hasColor), terminal.program),
  );
  switch (result.status) {
    case 'failed':
      return exitCode.bad;
    case 'incomplete':
      return exitCode.incomplete;
    case 'awaiting-approval':
    case 'nothing-to-do':
      return exitCode.ok;
    case 'applied':
      if (result.remaining.length > 0) return exitCode.bad;
      return result.complete ? exitCode.ok : exitCode.incomplete;
  }
}

async function askAndFinish(result: OperateResult, session: Session, terminal: Terminal): Promise<ExitCode> {
  const { port, identity } = session;
  const { run } = result;
  terminal.write(formatOperateReport(result, createStyle(terminal.hasColor), terminal.program));
  const question = '\nApply these changes? [y]es, [n]o, anything else: decide later  ';
  // A terminal that is closed at the question leaves the decision for later.
  const answer = (await terminal.ask(question).catch(() => '')).trim();
  if (/^y(es)?$/i.test(answer)) await port.decide(run, 'approve', identity);
  else if (/^no?$/i.test(answer)) await port.decide(run, 'reject', identity);
  else return exitCode.ok;
  return present(await port.reportOperate(run), terminal, false);
}
