import { type Style, toVisibleText } from './style.js';

/** Colours a unified diff. */
export function formatDiff(diff: string, style: Style): string {
  return diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const text = toVisibleText(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (line.startsWith('+++') || line.startsWith('---')) return style.strong(text);
      if (line.startsWith('+')) return style.good(text);
      if (line.startsWith('-')) return style.bad(text);
      return line.startsWith('@@') ? style.place(text) : text;
    })
    .join('\n');
}
