import { formatUsage } from './arguments.js';
import type { CommandDefinition } from './command.js';
import { commands } from './commands.js';

/** The help of the whole program. */
export function formatHelp(): string {
  const rows = commands.map(({ name, synopsis, summary }) => [`${name} ${synopsis}`.trim(), summary] as const);
  return `Trocar: a guarded port for AI agents that operate on code.

Usage: trocar COMMAND [ARGUMENTS] [OPTIONS]

Commands:
${formatRows(rows)}

Start here:
  trocar operate DIR     find vulnerabilities, prove fixes in a sandbox, apply them once you agree
  trocar scan DIR        only look
  trocar doctor          check this installation by attacking it

Environment:
  TROCAR_HOME            folder for the journal, keys and undo copies (default: the platform's state folder)
  NO_COLOR               no colours

Exit codes: 0 good, 1 findings, a trap, a refusal, a failed run or tampering, 2 wrong usage, 3 incomplete,
70 internal failure.
Help on one command: trocar COMMAND --help
`;
}

/** The help of one command. */
export function formatCommandHelp(command: CommandDefinition): string {
  const options = [
    ...command.options.map(
      ({ name, short, value, summary }) =>
        [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, summary] as const,
    ),
    ['-h, --help', 'this text'] as const,
  ];
  const details = command.details ? `\n${command.details.trim()}\n` : '';
  return `${command.summary}\n\nUsage: ${formatUsage(command)}\n${details}\nOptions:\n${formatRows(options)}\n`;
}

function formatRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
