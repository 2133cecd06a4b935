import { hash } from 'node:crypto';
import { expect, it } from 'vitest';
import { isConsistent, LogTree, rootOfInclusion } from '../../src/journal/log-tree.js';
import { Frontier } from '../../src/journal/merkle.js';

const leaves = Array.from({ length: 70 }, (_, at) => hash('sha256', `leaf ${at}`, 'buffer'));
const rootAt = (size: number) => {
  const frontier = Frontier.empty();
  for (const leaf of leaves.slice(0, size)) frontier.append(leaf);
  return frontier.root();
};
const roots = leaves.map((_, at) => rootAt(at + 1));

it('proves every leaf at every size, and nothing else', () => {
  expect(new LogTree([]).root()).toBeUndefined();
  for (let size = 1; size <= leaves.length; size += 1) {
    const tree = new LogTree(leaves.slice(0, size));
    const root = roots[size - 1] as Buffer;
    expect(tree.root()?.equals(root)).toBe(true);
    for (let index = 0; index < size; index += 1) {
      const path = tree.inclusionProof(index);
      const leaf = leaves[index] as Buffer;
      expect(rootOfInclusion(leaf, index, size, path)?.equals(root)).toBe(true);
      expect(rootOfInclusion(leaf, index, size, [...path, leaf])).toBeUndefined();
      if (path.length > 0) expect(rootOfInclusion(leaf, index, size, path.slice(1))?.equals(root)).not.toBe(true);
      const other = (index + 1) % size;
      if (other !== index) expect(rootOfInclusion(leaf, other, size, path)?.equals(root)).not.toBe(true);
      expect(rootOfInclusion(leaf, size, size, path)).toBeUndefined();
      expect(rootOfInclusion(leaf, -1, size, path)).toBeUndefined();
    }
  }
});

it('proves that every size is the beginning of every later one, and nothing else', () => {
  for (let newSize = 1; newSize <= 40; newSize += 1) {
    const tree = new LogTree(leaves.slice(0, newSize));
    const newRoot = roots[newSize - 1] as Buffer;
    for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
      const oldRoot = roots[oldSize - 1] as Buffer;
      const proof = tree.consistencyProof(oldSize);
      const claim = { oldSize, oldRoot, newSize, newRoot, proof };
      expect(isConsistent(claim)).toBe(true);
      const wrong = leaves[0] as Buffer;
      expect(isConsistent({ ...claim, newRoot: hash('sha256', 'x', 'buffer') })).toBe(false);
      expect(isConsistent({ ...claim, oldRoot: hash('sha256', 'x', 'buffer') })).toBe(false);
      expect(isConsistent({ ...claim, proof: [...proof, wrong] })).toBe(false);
      if (proof.length > 0) expect(isConsistent({ ...claim, proof: proof.slice(1) })).toBe(false);
    }
  }
  const [oldRoot, newRoot] = [roots[2] as Buffer, roots[1] as Buffer];
  expect(isConsistent({ oldSize: 3, oldRoot, newSize: 2, newRoot, proof: [] })).toBe(false);
  expect(isConsistent({ oldSize: 0, oldRoot, newSize: 2, newRoot, proof: [] })).toBe(false);
});
