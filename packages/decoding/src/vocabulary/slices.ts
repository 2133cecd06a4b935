import type { CharSet } from '../automaton/char-set.js';
import { readStringContent } from './string-content.js';
import { buildTrie, findNode, type Trie, type TrieToken } from './trie.js';

/** A family of tokens that consist of characters of one set, so that a state that takes them all needs no walk. */
export interface Slice {
  readonly chars: CharSet;
  /** Characters of the longest token. */
  readonly longest: number;
  /** Bit masks of the tokens with at most so many characters. */
  readonly upTo: readonly Uint32Array[];
  /** All other tokens that a JSON string can contain, or close with. */
  readonly rest: Trie;
}

/** Tokens, or the rests of tokens, as they are read from inside a JSON string that allows every character. */
export interface StringSlice {
  /** The tokens that stay inside, by their number of characters. */
  readonly staying: readonly (readonly number[])[];
  /** What follows the closing quote; `tokens` holds positions in `groups`. */
  readonly suffixes: Trie;
  /** The tokens that end with the quote itself, and those of each node of `suffixes`. */
  readonly bare: readonly Closer[];
  readonly groups: readonly (readonly Closer[])[];
  /** The texts, unescaped, after which some token closes the string. */
  readonly closedTexts: ReadonlySet<string>;
  /** Tokens that close the string after a text with escapes: that text, unescaped, and the tokens. */
  readonly escaped: ReadonlyMap<string, readonly number[]>;
}

/** The tokens that begin with the opening quote of a string, after what may stand before one. */
export interface Opener {
  /** The bytes up to and with the quote. */
  readonly prefix: Uint8Array;
  readonly slice: StringSlice;
}

/** A token that closes a string after `chars` characters. */
export interface Closer {
  readonly token: number;
  readonly chars: number;
}

// Quote and backslash are never plain content of a JSON string.
const plainChars: CharSet = [0x20, 0x21, 0x23, 0x5b, 0x5d, 0x10ffff];
const families: readonly (readonly [CharSet, RegExp])[] = [
  [plainChars, /^[^"\\]*$/],
  [[0x20, 0x21, 0x23, 0x5b, 0x5d, 0x7e], /^[ !#-[\]-~]*$/],
  // What may stand in the path of a URI.
  [
    [0x21, 0x21, 0x24, 0x24, 0x26, 0x3b, 0x3d, 0x3d, 0x3f, 0x5a, 0x5f, 0x5f, 0x61, 0x7a, 0x7e, 0x7e],
    /^[!$&-;=?-Z_a-z~]*$/,
  ],
  [[0x20, 0x20, 0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a], /^[ 0-9A-Z_a-z]*$/],
  [[0x2d, 0x2d, 0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a], /^[-0-9A-Z_a-z]*$/],
  [[0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a], /^[0-9A-Za-z]*$/],
  [[0x61, 0x7a], /^[a-z]*$/],
];

/** Sorts the tokens of a vocabulary into slices, and finds those that no JSON string can contain or close with. */
export function buildSlices(
  sorted: readonly TrieToken[],
  maskWords: number,
): { readonly slices: readonly Slice[]; readonly outsideString: Trie } {
  // Characters of tokens that are plain all through, by position in `sorted`; one array, since objects took 20 MB.
  const plainChars = new Int16Array(sorted.length).fill(-1);
  const outside: TrieToken[] = [];
  for (const [i, token] of sorted.entries()) {
    const content = readStringContent(token.text);
    if (content === undefined) {
      plainChars[i] = -2;
      outside.push(token);
    } else if (content.plain && content.closedAt < 0) {
      plainChars[i] = content.chars;
    }
  }
  const slices = families.map(([chars, form]) => {
    const inside: number[][] = [[]];
    const rest: TrieToken[] = [];
    for (const [i, token] of sorted.entries()) {
      const length = plainChars[i]!;
      if (length === -2) continue;
      if (length < 0 || !form.test(token.text)) {
        rest.push(token);
        continue;
      }
      while (inside.length <= length) inside.push([]);
      inside[length]!.push(token.id);
    }
    const upTo = masksUpTo(inside, maskWords);
    return { chars, longest: upTo.length - 1, upTo, rest: buildTrie(rest) };
  });
  return { slices, outsideString: buildTrie(outside) };
}

/** Reads every token from inside a JSON string, from position `from` of its bytes on. */
export function buildStringSlice(sorted: readonly TrieToken[], from: number = 0): StringSlice {
  const staying: number[][] = [[]];
  const bySuffix = new Map<string, Closer[]>();
  const escaped = new Map<string, number[]>();
  const closedTexts = new Set<string>();
  for (const { id, text: whole } of sorted) {
    const text = whole.slice(from);
    const content = text === '' ? undefined : readStringContent(text);
    if (content === undefined) continue;
    const { chars, closedAt } = content;
    if (closedAt < 0) {
      while (staying.length <= chars) staying.push([]);
      staying[chars]!.push(id);
      continue;
    }
    const unescaped = JSON.parse(Buffer.from(`"${text.slice(0, closedAt)}"`, 'latin1').toString()) as string;
    closedTexts.add(unescaped);
    if (text.lastIndexOf('\\', closedAt) >= 0) {
      escaped.set(unescaped, [...(escaped.get(unescaped) ?? []), id]);
    }
    const suffix = text.slice(closedAt + 1);
    const group = bySuffix.get(suffix);
    if (group === undefined) bySuffix.set(suffix, [{ token: id, chars }]);
    else group.push({ token: id, chars });
  }
  const entries = [...bySuffix].filter(([suffix]) => suffix !== '').sort(([left], [right]) => (left < right ? -1 : 1));
  return {
    staying,
    suffixes: buildTrie(entries.map(([text], id) => ({ id, text }))),
    bare: bySuffix.get('') ?? [],
    groups: entries.map(([, group]) => group),
    closedTexts,
    escaped,
  };
}

/** Openers by the trie node of their quote, where it is worth while: with at least 16 tokens. */
export function buildOpeners(sorted: readonly TrieToken[], trie: Trie): ReadonlyMap<number, Opener> {
  const byPrefix = new Map<string, TrieToken[]>();
  for (const token of sorted) {
    const prefix = /^[ \t\r\n{[,:]*"/.exec(token.text)?.[0];
    if (prefix !== undefined) byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), token]);
  }
  const openers = new Map<number, Opener>();
  for (const [text, tokens] of byPrefix) {
    if (tokens.length < 16) continue;
    const prefix = Buffer.from(text, 'latin1');
    openers.set(findNode(trie, [...prefix]), { prefix, slice: buildStringSlice(tokens, text.length) });
  }
  return openers;
}

/** Bit masks of tokens with at most so many characters, from lists by their number. */
export function masksUpTo(byLength: readonly (readonly number[])[], maskWords: number): readonly Uint32Array[] {
  let mask = new Uint32Array(maskWords);
  return byLength.map((tokens) => {
    // Lengths that no token has share the mask of the length before.
    if (tokens.length > 0) mask = mask.slice();
    for (const token of tokens) mask[token >>> 5]! |= 1 << (token & 31);
    return mask;
  });
}
