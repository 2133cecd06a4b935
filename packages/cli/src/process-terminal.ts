import { homedir, userInfo } from 'node:os';
import process from 'node:process';
import { exitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/** The terminal of this process. A first interrupt asks the command to stop, a second one ends the process. */
export function openProcessTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away, as in `trocar runs | head -1`, is no failure of ours.
    if (error.code === 'EPIPE') process.exit(exitCode.ok);
    stderr.write(`trocar: Standard output cannot be written (${error.code}).\n`);
    process.exit(exitCode.failure);
  });
  const allowsColor = env.NO_COLOR === undefined || env.NO_COLOR === '';
  return {
    write: (text) => void stdout.write(text),
    note: (text) => void stderr.write(text),
    isInteractive: stdin.isTTY === true && stderr.isTTY === true,
    hasColor: stdout.isTTY === true && allowsColor && env.TERM !== 'dumb',
    canRedraw: stderr.isTTY === true && env.TERM !== 'dumb' && env.CI === undefined,
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question, { signal: interruption.signal });
      } finally {
        reader.close();
      }
    },
    environment: { HOME: homedir(), ...env },
    workingFolder: process.cwd(),
    platform: process.platform,
    streams: { input: stdin, output: stdout },
    program: env.npm_lifecycle_event === undefined ? 'trocar' : 'npx trocar',
    userName: readUserName(),
    interrupted: interruption.signal,
  };
}

function readUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user identifier without an entry in the user database, as in many containers.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
