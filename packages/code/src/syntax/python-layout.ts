const continuations = /(?:\\\r?\n[ \t\f]*){32,}/g;
const comments = /(?:^[ \t\f]*(?:#.*)?\r?\n){32,}/gm;

/**
 * Blanks long runs of continued lines but for the first, at the same offsets: tree-sitter's scanner for Python reads
 * the rest of such a run again for each of its lines.
 */
export function blankContinuations(text: string): string {
  return text.replace(continuations, (run) => {
    const first = run.indexOf('\n') + 1;
    return run.slice(0, first) + ' '.repeat(run.length - first);
  });
}

/** Characters that the scanner reads more than once: it reads the rest of a run of comment lines for each of them. */
export function scannerSteps(text: string): number {
  let steps = 0;
  for (const [run] of text.matchAll(comments)) steps += (run.length * (run.match(/#.*/g)?.length ?? 0)) / 2;
  return steps;
}
