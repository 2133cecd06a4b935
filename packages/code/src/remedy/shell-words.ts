import type { Piece } from './string-pieces.js';

/** A word of a command line: constant text (unquoted) and positions of holes. */
export type ShellWord = readonly (string | number)[];

/** The words of a command line, or why it needs a shell. */
export type ShellAnalysis =
  | { readonly ok: true; readonly words: readonly ShellWord[] }
  | { readonly ok: false; readonly code: 'needs-shell' | 'unsupported-shape'; readonly reason: string };

/** Commands that only a shell knows. */
const builtIns = new Set(
  '. : alias bg bind break builtin cd command continue declare dirs disown enable eval exec exit export fc fg getopts hash history jobs let local logout popd pushd read readonly return set shift shopt source suspend times trap type typeset ulimit umask unalias unset wait if for while until case function time'.split(
    ' ',
  ),
);
const shellSyntax = /[|&;<>()$`*?[\]{}~!#\n\r]/;

/**
 * Splits a command line into words by the rules of a POSIX shell. A hole outside of quotes is taken as one word or part
 * of one, which is what its author meant; everything that only a shell can do is refused.
 */
export function splitShellWords(pieces: readonly Piece[]): ShellAnalysis {
  const words: (string | number)[][] = [];
  let word: (string | number)[] | undefined;
  let quote = '';
  const add = (part: string | number) => {
    word ??= [];
    const last = word[word.length - 1];
    if (typeof part === 'string' && typeof last === 'string') word[word.length - 1] = last + part;
    else word.push(part);
  };
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind === 'hole') {
      add(index);
      continue;
    }
    for (let at = 0; at < piece.value.length; at += 1) {
      const character = piece.value[at] as string;
      if (quote !== '') {
        if (character === quote) quote = '';
        else if (quote === '"' && (character === '$' || character === '`'))
          return needsShell(`an expansion (${character})`);
        else if (quote === '"' && character === '\\') {
          const next = piece.value[at + 1] ?? '';
          if (next === '') return unsupported('a backslash stands before a value');
          add('"\\$`'.includes(next) ? next : `\\${next}`);
          at += 1;
        } else add(character);
      } else if (character === "'" || character === '"') {
        quote = character;
        add('');
      } else if (character === ' ' || character === '\t') {
        if (word !== undefined) words.push(word);
        word = undefined;
      } else if (character === '\\') {
        const next = piece.value[at + 1] ?? '';
        if (next === '' || next === '\n') return unsupported('a backslash stands before a value or line end');
        add(next);
        at += 1;
      } else if (shellSyntax.test(character)) {
        if (character === '#' && word !== undefined) add(character);
        else return needsShell(JSON.stringify(character));
      } else add(character);
    }
  }
  if (quote !== '') return unsupported('a quote of the command line does not end');
  if (word !== undefined) words.push(word);
  return checkProgram(words.map((parts) => (parts.length === 1 ? parts : parts.filter((part) => part !== ''))));
}

function checkProgram(words: readonly ShellWord[]): ShellAnalysis {
  const program = words[0];
  if (program === undefined) return unsupported('the command line is empty');
  if (program.some((part) => typeof part === 'number')) return unsupported('the program to run is itself a value');
  const name = program.join('');
  if (builtIns.has(name)) return needsShell(`the built-in command ${name}`);
  if (name.includes('=')) return needsShell('an assignment before the command');
  return { ok: true, words };
}

function needsShell(what: string): ShellAnalysis {
  return { ok: false, code: 'needs-shell', reason: `The command line uses ${what}, which only a shell understands.` };
}

function unsupported(what: string): ShellAnalysis {
  return { ok: false, code: 'unsupported-shape', reason: `The command line cannot be split: ${what}.` };
}
