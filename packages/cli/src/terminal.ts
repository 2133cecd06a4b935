import type { Readable, Writable } from 'node:stream';

/** What a command sees of the outside: where it writes, whom it can ask, and the environment it was started in. */
export interface Terminal {
  /** Writes the answer: standard output. */
  write(text: string): void;
  /** Writes what accompanies the answer: progress, hints, errors. Standard error. */
  note(text: string): void;
  /** Whether somebody is there to be asked: standard input and standard error are terminals. */
  readonly isInteractive: boolean;
  /** Whether standard output takes colours. */
  readonly hasColor: boolean;
  /** Whether standard error is a terminal that can redraw a line. */
  readonly canRedraw: boolean;
  /** Asks for one line. Rejects when the terminal is closed meanwhile. */
  ask(question: string): Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  readonly platform: NodeJS.Platform;
  /** Standard input and output as streams, for protocols. */
  readonly streams: { readonly input: Readable; readonly output: Writable };
  /** How the reader can start Trocar again: `trocar`, or `npx trocar` where npm started it. */
  readonly program: string;
  /** The name of the local user. */
  readonly userName: string;
  /** Aborted when the user interrupts the command. */
  readonly interrupted: AbortSignal;
}
