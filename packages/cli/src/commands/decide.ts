import type { ChangeResult } from '@trocar/workflows';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import { createRunProgress } from '../report/run-progress.js';
import { toVisibleLine } from '../report/style.js';
import { everyFolder, openSession } from '../session.js';
import type { Terminal } from '../terminal.js';
import { present } from './operate.js';

/** `trocar approve RUN`. */
export const approve: Command = createDecision('approve');

/** `trocar reject RUN`. */
export const reject: Command = createDecision('reject');

function createDecision(verdict: 'approve' | 'reject'): Command {
  return async (parsed, terminal) => {
    const run = parsed.positionals[0] ?? '';
    const isJson = parsed.isSet('json');
    await using session = await openSession(terminal, { roots: everyFolder(terminal) });
    const { port, identity } = session;
    const { summary } = port.engine.run(run);
    if (summary.status !== 'waiting') {
      throw new UsageError(`The run ${run} is ${summary.status}; there is nothing to decide. See trocar runs ${run}.`);
    }
    await (async () => {
      using _progress = createRunProgress(port, terminal, isJson);
      await port.decide(run, verdict, identity);
    })();
    const result = summary.workflow === 'operate' ? await port.reportOperate(run) : await port.reportChange(run);
    if (verdict === 'reject' && result.problem?.code === 'rejected') {
      terminal.write(isJson ? `${JSON.stringify(result)}\n` : 'Rejected: nothing was changed.\n');
      return exitCode.ok;
    }
    return 'findings' in result ? present(result, terminal, isJson) : presentChange(result, terminal, isJson);
  };
}

function presentChange(result: ChangeResult, terminal: Terminal, isJson: boolean): ExitCode {
  const files = result.edits.map(({ file }) => file).join(', ');
  const text =
    result.status === 'applied' ? `Applied: ${files}` : `Nothing was changed: ${result.problem?.message ?? ''}`;
  terminal.write(`${isJson ? JSON.stringify(result) : toVisibleLine(text)}\n`);
  return result.status === 'applied' ? exitCode.ok : exitCode.bad;
}
