import type { Terminal } from '../terminal.js';

/** Shows what is being done on standard error: a line that moves on a terminal, else a line for each step. */
export interface Progress extends Disposable {
  begin(step: string): void;
  end(step: string, detail?: string): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Creates the progress display of a terminal. `isQuiet` shows nothing. */
export function createProgress(terminal: Terminal, isQuiet: boolean): Progress {
  if (isQuiet) return { begin() {}, end() {}, [Symbol.dispose]() {} };
  return terminal.canRedraw ? createSpinner(terminal) : createLines(terminal);
}

function createLines(terminal: Terminal): Progress {
  return {
    begin() {},
    end: (step, detail) => terminal.note(`  ${step}${detail ? `  ${detail}` : ''}\n`),
    [Symbol.dispose]() {},
  };
}

function createSpinner(terminal: Terminal): Progress {
  const open = new Set<string>();
  let frame = 0;
  const erase = () => terminal.note('\r\u001b[2K');
  const draw = () => {
    if (open.size === 0) return;
    frame = (frame + 1) % frames.length;
    terminal.note(`\r\u001b[2K${frames[frame]} ${[...open].join(', ')}`);
  };
  const timer = setInterval(draw, 80);
  timer.unref();
  return {
    begin(step) {
      open.add(step);
      draw();
    },
    end(step, detail) {
      open.delete(step);
      erase();
      terminal.note(`✓ ${step}${detail ? `  ${detail}` : ''}\n`);
      draw();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      erase();
    },
  };
}
