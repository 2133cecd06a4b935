import { styleText } from 'node:util';

/** Marks parts of a text for a terminal; the identity where there are no colours. */
export interface Style {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warning(text: string): string;
  place(text: string): string;
}

type Format = Parameters<typeof styleText>[0];

/** Creates the style of a terminal that takes colours, or of one that does not. */
export function createStyle(hasColor: boolean): Style {
  const mark = (format: Format) => (text: string) =>
    hasColor ? styleText(format, text, { validateStream: false }) : text;
  return {
    strong: mark('bold'),
    faint: mark('dim'),
    good: mark('green'),
    bad: mark('red'),
    warning: mark('yellow'),
    place: mark('cyan'),
  };
}

// Text from files and guests could move the cursor or forge lines. Of the invisible characters (Unicode category C)
// only tab and line feed are let through.
const invisibleCharacters = /[^\P{C}\t\n]/gu;

/** As {@link toVisibleText}, for what has to stay on its line, such as a name: a line feed becomes an escape, too. */
export function toVisibleLine(text: string): string {
  return toVisibleText(text).replace(/[\n\t]/g, (character) => (character === '\n' ? '\\n' : '\\t'));
}

/** Makes text of unknown origin safe to show: control and bidirectional characters become visible escapes. */
export function toVisibleText(text: string): string {
  return text.replace(invisibleCharacters, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
