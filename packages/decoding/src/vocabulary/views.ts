import { buildOpeners, type Opener } from './slices.js';
import { buildTrie, type Trie, type TrieToken } from './trie.js';

/** A trie over tokens or over groups of them that are read alike. */
export interface TokenView {
  readonly trie: Trie;
  /** By trie node: tokens that open a string there. */
  readonly openers: ReadonlyMap<number, Opener>;
  /** The tokens that a value of the trie stands for; null where it is the token itself. */
  readonly groups: readonly (readonly number[])[] | null;
}

/** Tokens without the white space that they begin with. */
export interface SpacelessView extends TokenView {
  readonly groups: readonly (readonly number[])[];
  /** Tokens of nothing but white space. */
  readonly blank: readonly number[];
}

/**
 * The view for places between lexemes: there hundreds of tokens differ in nothing but their white space, and only
 * those with punctuation or the start of a value after it can be allowed.
 */
export function buildSpacelessView(sorted: readonly TrieToken[]): SpacelessView {
  const byText = new Map<string, number[]>();
  for (const { id, text } of sorted) {
    const rest = text.replace(/^[ \t\r\n]+/, '');
    if (rest !== '' && !/^[-{}[\],:"0-9tfn]/.test(rest)) continue;
    const group = byText.get(rest);
    if (group === undefined) byText.set(rest, [id]);
    else group.push(id);
  }
  const blank = byText.get('') ?? [];
  byText.delete('');
  const entries = [...byText].sort(([left], [right]) => (left < right ? -1 : 1));
  const tokens = entries.map(([text], id) => ({ id, text }));
  const trie = buildTrie(tokens);
  return { trie, openers: buildOpeners(tokens, trie), groups: entries.map(([, group]) => group), blank };
}
