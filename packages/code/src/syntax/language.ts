/** Source languages that the engine parses. */
export type Language = 'javascript' | 'jsx' | 'typescript' | 'tsx' | 'python';

const languagesByExtension: ReadonlyMap<string, Language> = new Map([
  ['.js', 'jsx'],
  ['.mjs', 'javascript'],
  ['.cjs', 'javascript'],
  ['.jsx', 'jsx'],
  ['.ts', 'typescript'],
  ['.mts', 'typescript'],
  ['.cts', 'typescript'],
  ['.tsx', 'tsx'],
  ['.py', 'python'],
  ['.pyw', 'python'],
]);

/** Source languages that are recognised by extension but not analysed, so that a scan can say so by name. */
const otherSourceLanguages: ReadonlyMap<string, string> = new Map([
  ['.go', 'Go'],
  ['.java', 'Java'],
  ['.kt', 'Kotlin'],
  ['.kts', 'Kotlin'],
  ['.rs', 'Rust'],
  ['.c', 'C'],
  ['.h', 'C'],
  ['.cc', 'C++'],
  ['.cpp', 'C++'],
  ['.cxx', 'C++'],
  ['.hpp', 'C++'],
  ['.cs', 'C#'],
  ['.rb', 'Ruby'],
  ['.php', 'PHP'],
  ['.swift', 'Swift'],
  ['.scala', 'Scala'],
  ['.sh', 'Bash'],
  ['.bash', 'Bash'],
  ['.pl', 'Perl'],
  ['.lua', 'Lua'],
  ['.vue', 'Vue'],
  ['.svelte', 'Svelte'],
  ['.astro', 'Astro'],
  ['.ipynb', 'Jupyter notebook'],
  ['.ejs', 'EJS'],
  ['.dart', 'Dart'],
  ['.ex', 'Elixir'],
  ['.exs', 'Elixir'],
  ['.pyx', 'Cython'],
  ['.coffee', 'CoffeeScript'],
]);

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot).toLowerCase() : '';
}

/** The language of a path by its extension, or undefined where the engine does not parse it. */
export function languageOf(path: string): Language | undefined {
  return languagesByExtension.get(extensionOf(path));
}

/** The language that the first line of a file without extension names, as in `#!/usr/bin/env node`. */
export function languageOfShebang(text: string): Language | undefined {
  const program = /^#![ \t]*(?:\S*\/)?([\w.]+)(?:[ \t]+([^\r\n]*))?/.exec(text);
  const words = program?.[1] === 'env' ? (program[2] ?? '').split(/\s+/) : [program?.[1] ?? ''];
  const name = words.find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
  if (name === undefined) return undefined;
  if (/^(?:node|nodejs|bun)$/.test(name)) return 'jsx';
  return /^(?:python|pypy)[\d.]*$/.test(name) ? 'python' : undefined;
}

/** Whether the name of a file has an extension; a leading dot starts none. */
export function hasExtension(path: string): boolean {
  return extensionOf(path) !== '';
}

/** The name of a source language that the engine recognises but does not parse, such as `Go` for `.go`. */
export function unsupportedLanguageOf(path: string): string | undefined {
  return otherSourceLanguages.get(extensionOf(path));
}
