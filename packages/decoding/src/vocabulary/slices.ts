import type { CharSet } from '../automaton/char-set.js';
import { readStringContent } from './string-content.js';
import { buildTrie, type Trie, type TrieToken } from './trie.js';

/** A family of tokens that consist of characters of one set, so that a state that takes them all needs no walk. */
export interface Slice {
  readonly chars: CharSet;
  /** Characters of the longest token. */
  readonly longest: number;
  /** Bit masks of the tokens with at most so many characters. */
  readonly upTo: readonly Uint32Array[];
  /** All other tokens. */
  readonly rest: Trie;
}

/** Tokens as they are read from inside a JSON string that allows every character. */
export interface StringSlice {
  readonly longest: number;
  /** Bit masks of the tokens that stay inside, with at most so many characters. */
  readonly upTo: readonly Uint32Array[];
  /** What follows the closing quote; `tokens` holds positions in `groups`. */
  readonly suffixes: Trie;
  /** The tokens that end with the quote itself, and those of each node of `suffixes`. */
  readonly bare: readonly Closer[];
  readonly groups: readonly (readonly Closer[])[];
  /** Tokens that close the string after a text with escapes: that text, unescaped, and the tokens. */
  readonly escaped: ReadonlyMap<string, readonly number[]>;
}

/** A token that closes a string after `chars` characters. */
export interface Closer {
  readonly token: number;
  readonly chars: number;
}

// Quote and backslash are never plain content of a JSON string.
const plainChars: CharSet = [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x10ffff];
const sliceChars: readonly CharSet[] = [
  plainChars,
  [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7e],
  [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
  [0x61, 0x7a],
];
const sliceForms = [/^[^"\\\x00-\x1f]*$/, /^[ !#-[\]-~]*$/, /^[0-9A-Za-z_]*$/, /^[a-z]*$/];

/** Sorts the tokens of a vocabulary into slices. */
export function buildSlices(sorted: readonly TrieToken[], maskWords: number): readonly Slice[] {
  return sliceForms.map((form, i) => {
    const inside: { token: number; chars: number }[] = [];
    const rest: TrieToken[] = [];
    for (const token of sorted) {
      const content = form.test(token.text) ? readStringContent(token.text) : undefined;
      if (content?.plain) inside.push({ token: token.id, chars: content.chars });
      else rest.push(token);
    }
    return { chars: sliceChars[i]!, ...masksByLength(inside, maskWords), rest: buildTrie(rest) };
  });
}

/** Reads every token from inside a JSON string. */
export function buildStringSlice(sorted: readonly TrieToken[], maskWords: number): StringSlice {
  const staying: Closer[] = [];
  const bySuffix = new Map<string, Closer[]>();
  const escaped = new Map<string, number[]>();
  for (const { id, text } of sorted) {
    const content = readStringContent(text);
    if (content === undefined) continue;
    if (content.closedAt < 0) {
      staying.push({ token: id, chars: content.chars });
      continue;
    }
    if (text.lastIndexOf('\\', content.closedAt) >= 0) {
      const bytes = Buffer.from(`"${text.slice(0, content.closedAt)}"`, 'latin1');
      const unescaped = JSON.parse(bytes.toString()) as string;
      escaped.set(unescaped, [...(escaped.get(unescaped) ?? []), id]);
    }
    const suffix = text.slice(content.closedAt + 1);
    const group = bySuffix.get(suffix);
    if (group === undefined) bySuffix.set(suffix, [{ token: id, chars: content.chars }]);
    else group.push({ token: id, chars: content.chars });
  }
  const entries = [...bySuffix].filter(([suffix]) => suffix !== '').sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    ...masksByLength(staying, maskWords),
    suffixes: buildTrie(entries.map(([text], id) => ({ id, text }))),
    bare: bySuffix.get('') ?? [],
    groups: entries.map(([, group]) => group),
    escaped,
  };
}

function masksByLength(tokens: readonly Closer[], maskWords: number): { longest: number; upTo: Uint32Array[] } {
  let longest = 0;
  for (const { chars } of tokens) longest = Math.max(longest, chars);
  const upTo: Uint32Array[] = [];
  const byLength: Closer[][] = Array.from({ length: longest + 1 }, () => []);
  for (const token of tokens) byLength[token.chars]!.push(token);
  let mask = new Uint32Array(maskWords);
  for (const group of byLength) {
    // Lengths that no token has share the mask of the length before.
    if (group.length > 0) mask = mask.slice();
    for (const { token } of group) mask[token >>> 5]! |= 1 << (token & 31);
    upTo.push(mask);
  }
  return { longest, upTo };
}
