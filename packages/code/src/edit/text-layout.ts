/** How a text is laid out, so that what is inserted looks like its surroundings. */
export interface TextLayout {
  readonly lineEnding: '\n' | '\r\n';
  /** One level of indentation: a tab or some spaces. */
  readonly indentUnit: string;
  readonly hasFinalNewline: boolean;
}

/**
 * The layout of a text: the line end most lines have, and the step by which most lines are indented deeper than the
 * line before them (two spaces where nothing is indented).
 */
export function detectTextLayout(text: string): TextLayout {
  let crlf = 0;
  let lf = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) === 0x0d) crlf += 1;
    else lf += 1;
  }
  return {
    lineEnding: crlf > lf ? '\r\n' : '\n',
    indentUnit: findIndentUnit(text) ?? '  ',
    hasFinalNewline: text.endsWith('\n'),
  };
}

/** The step by which most lines are indented deeper than the line before; undefined where nothing is indented. */
export function findIndentUnit(text: string): string | undefined {
  const votes = new Map<string, number>();
  let previous = '';
  for (const [, indent = '', rest = ''] of text.matchAll(/^([\t ]*)(\S?)/gm)) {
    // A line that starts with a star continues a block comment: its extra space is no indentation.
    if (rest === '' || rest === '*') continue;
    if (indent.length > previous.length && indent.startsWith(previous)) {
      const step = indent.slice(previous.length);
      votes.set(step, (votes.get(step) ?? 0) + 1);
    }
    previous = indent;
  }
  let best: string | undefined;
  let most = 0;
  for (const [step, count] of votes) {
    if (count > most) {
      best = step;
      most = count;
    }
  }
  return best?.startsWith('\t') ? '\t' : best;
}

/** Start of the line that `offset` lies in. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** End of the line that `offset` lies in, its line end included. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline === -1 ? text.length : newline + 1;
}

/** White space at the start of the line that `offset` lies in. */
export function indentAt(text: string, offset: number): string {
  const start = lineStart(text, offset);
  let end = start;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return text.slice(start, end);
}

/** Line end of the line that `offset` lies in or, on the last line, of the line before it. */
export function lineEndingAt(text: string, offset: number): '\n' | '\r\n' {
  let newline = text.indexOf('\n', offset);
  if (newline === -1) newline = text.lastIndexOf('\n');
  return newline > 0 && text.charCodeAt(newline - 1) === 0x0d ? '\r\n' : '\n';
}
