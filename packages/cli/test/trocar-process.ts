import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/trocar.mjs', import.meta.url));

/** How a real `trocar` process ended. */
export interface ProcessResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly notes: string;
}

/** What a test gives to a `trocar` process. */
export interface ProcessOptions {
  readonly home: string;
  readonly cwd?: string;
  /** All of standard input; nothing where absent. */
  readonly input?: string;
  /** Called once the process was started. */
  readonly onStart?: (child: ChildProcess) => void;
  /** Called with the process and all of standard error so far, whenever there is more of it. */
  readonly onNotes?: (child: ChildProcess, notes: string) => void;
}

/** Starts the built `trocar` as a user would, and waits for its end. */
export function runTrocar(args: readonly string[], options: ProcessOptions): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: options.cwd,
      env: { ...process.env, TROCAR_HOME: options.home, NO_COLOR: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(options.input ?? '');
    options.onStart?.(child);
    let output = '';
    let notes = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      notes += text;
      options.onNotes?.(child, notes);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, output, notes }));
  });
}
