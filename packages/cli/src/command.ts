import type { ParsedArguments } from './arguments.js';
import type { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** An option of a command, as help shows it and as the parser takes it. */
export interface OptionDefinition {
  readonly name: string;
  readonly short?: string;
  /** The name of the value in help texts; absent: the option is a switch. */
  readonly value?: string;
  readonly summary: string;
}

/** What is known of a command without loading it. */
export interface CommandDefinition {
  readonly name: string;
  /** The positional arguments as help shows them. */
  readonly synopsis: string;
  readonly summary: string;
  /** What help tells beyond the options: details, examples, exit codes. */
  readonly details?: string;
  readonly options: readonly OptionDefinition[];
  /** The least and the greatest number of positional arguments. */
  readonly positionals: readonly [minimum: number, maximum: number];
  /** Whether the command ends in its own way when the user interrupts it. */
  readonly endsByItself?: boolean;
  load(): Promise<Command>;
}

/** Carries a command out. Throws `UsageError` for arguments that only the command itself can judge. */
export type Command = (parsed: ParsedArguments, terminal: Terminal) => Promise<ExitCode>;
