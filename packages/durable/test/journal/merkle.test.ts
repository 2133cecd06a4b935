import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Frontier, hashNode } from '../../src/journal/merkle.js';

/** The definition of RFC 6962, section 2.1, written down as it stands there. */
function rootOf(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer');
  if (leaves.length === 1) return leaves[0] as Buffer;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hashNode(rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

const leaf = (at: number) => hash('sha256', `leaf ${at}`, 'buffer');

it('has the root of RFC 6962 at every size', () => {
  const frontier = Frontier.empty();
  const leaves: Buffer[] = [];
  for (let at = 0; at < 130; at += 1) {
    expect(frontier.root().equals(rootOf(leaves))).toBe(true);
    leaves.push(leaf(at));
    frontier.append(leaf(at));
    expect(frontier.size).toBe(at + 1);
  }
});

it('survives being written and read at any size', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), (size) => {
      const frontier = Frontier.empty();
      for (let at = 0; at < size; at += 1) frontier.append(leaf(at));
      const again = Frontier.fromBytes(size, frontier.toBytes());
      const copy = frontier.clone();
      copy.append(leaf(size));
      again?.append(leaf(size));
      expect(again?.root().equals(copy.root())).toBe(true);
      expect(frontier.size).toBe(size);
    }),
    { numRuns: 50 },
  );
});

it('refuses bytes that do not fit the size', () => {
  for (const [size, length] of [
    [1, 0],
    [0, 32],
    [3, 32],
    [2, 33],
    [-1, 0],
    [0.5, 0],
    [2 ** 60, 32],
  ] as const) {
    expect(Frontier.fromBytes(size, Buffer.alloc(length))).toBeUndefined();
  }
});
