import { isTrocarError, toProblem } from '@trocar/core';
import { parseArguments } from './arguments.js';
import { commands } from './commands.js';
import { UsageError } from './errors.js';
import { type ExitCode, exitCode } from './exit-code.js';
import { formatCommandHelp, formatHelp } from './help.js';
import { toVisibleLine } from './report/style.js';
import type { Terminal } from './terminal.js';
import { version } from './version.js';

/** Runs one command line and says with which code the process should end. Never throws. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await Promise.race([dispatch(argv, terminal), interruptionOf(argv[0], terminal)]);
  } catch (thrown) {
    if (terminal.interrupted.aborted) {
      terminal.note('Interrupted. `trocar resume` continues where it stopped.\n');
      return exitCode.interrupted;
    }
    const problem = toProblem(thrown);
    const isUsage = usageCodes.has(problem.code);
    if (argv.includes('--json')) terminal.write(`${JSON.stringify({ ok: false, error: problem })}\n`);
    terminal.note(`trocar: ${toVisibleLine(problem.message)}${isUsage ? '' : ` (${problem.code})`}\n`);
    if (isUsage) return exitCode.usage;
    return isTrocarError(thrown) ? exitCode.bad : exitCode.failure;
  }
}

/** Rejects when the user interrupts a command that does not see to it itself. */
function interruptionOf(name: string | undefined, { interrupted }: Terminal): Promise<never> {
  return new Promise((_, reject) => {
    if (commands.find((command) => command.name === name)?.endsByItself) return;
    const stop = () => reject(new Error('interrupted'));
    if (interrupted.aborted) stop();
    interrupted.addEventListener('abort', stop, { once: true });
  });
}

/** Problems that are about what was asked for, wherever in the product they are noticed. */
const usageCodes: ReadonlySet<string> = new Set(['usage', 'invalid-input', 'bad-request']);

async function dispatch(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-V' || name === 'version') {
    terminal.write(`${version}\n`);
    return exitCode.ok;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [topic] = rest;
    terminal.write(topic === undefined ? formatHelp() : formatCommandHelp(findCommand(topic)));
    return name === undefined ? exitCode.usage : exitCode.ok;
  }
  const command = findCommand(name);
  const ownArguments = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  if (ownArguments.includes('--help') || ownArguments.includes('-h')) {
    terminal.write(formatCommandHelp(command));
    return exitCode.ok;
  }
  const parsed = parseArguments(command, rest);
  const run = await command.load();
  return await run(parsed, terminal);
}

function findCommand(name: string) {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name).join(', ');
  throw new UsageError(`There is no command ${JSON.stringify(name)}. Commands: ${names}. See trocar --help.`);
}
