import { tmpdir } from 'node:os';
import { PassThrough, Readable, type Writable } from 'node:stream';
import type { Terminal } from '../src/index.js';

/** A terminal that keeps what is written to it. */
export interface MemoryTerminal extends Terminal {
  readonly output: string;
  readonly notes: string;
  interrupt(): void;
}

/** What a test wants to be different from a pipe in an empty environment. */
export interface MemoryTerminalOptions {
  readonly environment?: Record<string, string>;
  readonly workingFolder?: string;
  readonly platform?: NodeJS.Platform;
  readonly answers?: readonly string[];
  readonly hasColor?: boolean;
  readonly canRedraw?: boolean;
  readonly input?: Readable;
  readonly protocol?: Writable;
}

export function createMemoryTerminal(options: MemoryTerminalOptions = {}): MemoryTerminal {
  let output = '';
  let notes = '';
  const interruption = new AbortController();
  const answers = [...(options.answers ?? [])];
  return {
    get output() {
      return output;
    },
    get notes() {
      return notes;
    },
    interrupt: () => interruption.abort(),
    write: (text) => {
      output += text;
    },
    note: (text) => {
      notes += text;
    },
    isInteractive: options.answers !== undefined,
    hasColor: options.hasColor ?? false,
    canRedraw: options.canRedraw ?? false,
    async ask(question) {
      notes += question;
      const answer = answers.shift();
      if (answer === undefined) throw new Error('The terminal was closed.');
      return answer;
    },
    environment: options.environment ?? {},
    workingFolder: options.workingFolder ?? tmpdir(),
    platform: options.platform ?? 'linux',
    streams: { input: options.input ?? Readable.from([]), output: options.protocol ?? new PassThrough() },
    program: 'trocar',
    userName: 'ada',
    interrupted: interruption.signal,
  };
}
