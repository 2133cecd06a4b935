import { userInfo } from 'node:os';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { openProcessTerminal } from '../src/process-terminal.js';

describe('the terminal of a process', () => {
  it('knows where and as whom it runs', () => {
    const terminal = openProcessTerminal();
    expect(terminal).toMatchObject({
      workingFolder: process.cwd(),
      platform: process.platform,
      userName: userInfo().username,
      streams: { input: process.stdin, output: process.stdout },
    });
    expect(terminal.environment.PATH).toBe(process.env.PATH);
    expect(terminal.interrupted.aborted).toBe(false);
  });

  it('offers colours and questions only where somebody sits at a terminal', () => {
    const terminal = openProcessTerminal();
    const isTerminal = process.stdout.isTTY === true && process.stdin.isTTY === true;
    expect(terminal.isInteractive).toBe(isTerminal && process.stderr.isTTY === true);
    expect(terminal.hasColor && process.stdout.isTTY !== true).toBe(false);
    expect(terminal.canRedraw && process.stderr.isTTY !== true).toBe(false);
  });

  it('hears an interruption', () => {
    const terminal = openProcessTerminal();
    process.emit('SIGINT');
    expect(terminal.interrupted.aborted).toBe(true);
  });

  it('writes answers and notes to their own streams', () => {
    const terminal = openProcessTerminal();
    const written: string[] = [];
    const [stdout, stderr] = [process.stdout.write, process.stderr.write];
    try {
      process.stdout.write = (text) => written.push(`out ${String(text)}`) > 0;
      process.stderr.write = (text) => written.push(`err ${String(text)}`) > 0;
      terminal.write('a');
      terminal.note('b');
    } finally {
      process.stdout.write = stdout;
      process.stderr.write = stderr;
    }
    expect(written).toEqual(['out a', 'err b']);
  });

  it('does not wait for an answer after an interruption', async () => {
    const terminal = openProcessTerminal();
    process.emit('SIGINT');
    await expect(terminal.ask('really? ')).rejects.toMatchObject({ name: 'AbortError' });
  });
});
