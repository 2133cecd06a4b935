import { parseArgs } from 'node:util';
import type { CommandDefinition } from './command.js';
import { UsageError } from './errors.js';

/** A command line taken apart. */
export interface ParsedArguments {
  readonly positionals: readonly string[];
  isSet(name: string): boolean;
  /** The value of an option, or undefined where it is absent. */
  text(name: string): string | undefined;
  /** The value of an option as a whole number from `minimum`. Throws `UsageError` for anything else. */
  wholeNumber(name: string, minimum: number): number | undefined;
}

/** Takes a command's arguments apart. Throws `UsageError` for unknown options and a wrong number of arguments. */
export function parseArguments(command: CommandDefinition, argv: readonly string[]): ParsedArguments {
  const { values, positionals } = parse(command, argv);
  const [minimum, maximum] = command.positionals;
  if (positionals.length < minimum) throw new UsageError(`Missing argument. Usage: ${formatUsage(command)}`);
  if (positionals.length > maximum) {
    throw new UsageError(`Unexpected argument ${JSON.stringify(positionals[maximum])}. Usage: ${formatUsage(command)}`);
  }
  const text = (name: string) => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    isSet: (name) => values[name] === true,
    text,
    wholeNumber(name, minimumValue) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given.replaceAll('_', ''));
      if (given.trim() === '' || !Number.isSafeInteger(value) || value < minimumValue) {
        throw new UsageError(`--${name} takes a whole number from ${minimumValue}, not ${JSON.stringify(given)}.`);
      }
      return value;
    },
  };
}

/** The one-line form of a command: `trocar NAME ARGUMENTS [OPTIONS]`. */
export function formatUsage(command: CommandDefinition): string {
  const options = command.options.map(({ name, value }) => `[--${name}${value ? ` ${value}` : ''}]`);
  return ['trocar', command.name, command.synopsis, ...options].filter(Boolean).join(' ');
}

function parse(command: CommandDefinition, argv: readonly string[]) {
  const options: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const { name, short, value } of command.options) {
    options[name] = { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) };
  }
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    // The first sentence of the parser's own message names the option; what follows is about Node, not about Trocar.
    const [reason = ''] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(`${reason.replace(/\.$/, '')}. Usage: ${formatUsage(command)}`);
  }
}
