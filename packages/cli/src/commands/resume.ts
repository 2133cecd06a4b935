import type { Command } from '../command.js';
import { exitCode } from '../exit-code.js';
import { createRunProgress } from '../report/run-progress.js';
import { everyFolder, openSession } from '../session.js';
import { present } from './operate.js';

/** `trocar resume [RUN]`. */
export const resume: Command = async (parsed, terminal) => {
  const isJson = parsed.isSet('json');
  await using session = await openSession(terminal, { roots: everyFolder(terminal) });
  const { port } = session;
  const [run] = parsed.positionals;
  const continued = await (async () => {
    using _progress = createRunProgress(port, terminal, isJson);
    const runs = await port.resume(run);
    return Promise.all(runs.map(async (each) => ({ run: each.run, ...(await each.settled()) })));
  })();
  if (run !== undefined && port.engine.run(run).summary.workflow === 'operate') {
    return present(await port.reportOperate(run), terminal, isJson);
  }
  if (isJson)
    terminal.write(`${JSON.stringify({ runs: continued.map(({ run: id, status }) => ({ run: id, status })) })}\n`);
  else if (continued.length === 0) terminal.write('No run was interrupted.\n');
  else for (const { run: id, status } of continued) terminal.write(`${id}  ${status}\n`);
  return continued.some(({ status }) => status === 'failed') ? exitCode.bad : exitCode.ok;
};
