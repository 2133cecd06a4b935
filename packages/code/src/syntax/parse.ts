import { CodeError } from '../errors.js';
import { loadGrammar } from './grammar-disk.js';
import type { Language } from './language.js';
import { isOxcLanguage, parseWithOxc } from './oxc-adapter.js';
import { defaultParseLimits, type ParseLimits, type ParseResult } from './parse-result.js';
import { TreeSitterAdapter } from './tree-sitter-adapter.js';

const grammarFiles = { python: 'tree-sitter-python.wasm' } as const;
const adapters = new Map<Language, TreeSitterAdapter>();
const loading = new Map<Language, Promise<void>>();

async function load(language: keyof typeof grammarFiles): Promise<void> {
  adapters.set(language, new TreeSitterAdapter(await loadGrammar(grammarFiles[language])));
}

/** Loads what the given languages need; afterwards {@link parse} is synchronous. Throws `grammar-mismatch`. */
export async function initSyntax(languages: Iterable<Language> = ['python']): Promise<void> {
  for (const language of languages) {
    if (isOxcLanguage(language)) continue;
    const started = loading.get(language) ?? load(language);
    loading.set(language, started);
    await started;
  }
}

/**
 * Parses a text of at most `limits.maxLength` UTF-16 units. Never throws on bad input: errors and exceeded bounds are
 * part of the result. Throws `not-initialised` where {@link initSyntax} was not awaited for the language.
 */
export function parse(language: Language, text: string, limits: ParseLimits = defaultParseLimits): ParseResult {
  if (text.length > limits.maxLength) {
    return { status: 'failed', failure: 'too-large', message: 'longer than the limit', diagnostics: [] };
  }
  if (isOxcLanguage(language)) return parseWithOxc({ language, text, limits });
  const adapter = adapters.get(language);
  if (adapter === undefined) {
    throw new CodeError('not-initialised', `Await initSyntax(['${language}']) before parsing ${language}.`);
  }
  return adapter.parse({ language, text, limits });
}
