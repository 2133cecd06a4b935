/** Processor time of one run of a program, with its children. */
import { spawn } from 'node:child_process';

const PATIENCE_MS = 60_000;

/**
 * Runs a program under the shell's `time`. With a `line` it is written to the program's input, which is closed as soon as
 * a first line of output has come back; otherwise the input is empty.
 * @param {string} program
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, line?: string }} options
 * @returns {Promise<{ cpuMs: number }>}
 */
export function cpuOf(program, args, { env, line }) {
  return new Promise((measured, failed) => {
    const script = 'TIMEFORMAT="cpu %U %S"; time "$@" 2>/dev/null';
    const child = spawn('bash', ['-c', script, 'bash', program, ...args], { env: { ...env, LC_ALL: 'C' } });
    const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    let printed = '';
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      if (line !== undefined && printed.includes('\n')) child.stdin.end();
    });
    child.stdin.on('error', () => undefined);
    if (line === undefined) child.stdin.end();
    else child.stdin.write(`${line}\n`);
    child.once('error', failed);
    child.once('close', (exitCode) => {
      clearTimeout(patience);
      const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(said) ?? [];
      if (exitCode !== 0 || user === undefined)
        failed(new Error(`${args.join(' ')} ended with ${exitCode}: ${printed}`));
      else if (line !== undefined && !printed.includes('"result"')) failed(new Error(`no answer but: ${printed}`));
      else measured({ cpuMs: (Number(user) + Number(system)) * 1000 });
    });
  });
}
