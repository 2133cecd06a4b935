import { hashNode } from './merkle.js';

/** A whole Merkle log in memory, for proofs: about 64 bytes an entry. */
export class LogTree {
  readonly size: number;
  // levels[h][i] is the root of the complete subtree over the leaves from i * 2^h on.
  readonly #levels: Buffer[][] = [];

  constructor(leaves: readonly Buffer[]) {
    this.size = leaves.length;
    for (let level = [...leaves]; level.length > 0; ) {
      this.#levels.push(level);
      const above: Buffer[] = [];
      for (let at = 0; at + 1 < level.length; at += 2) {
        above.push(hashNode(level[at] as Buffer, level[at + 1] as Buffer));
      }
      level = above;
    }
  }

  /** The audit path of a leaf in the log of this size (RFC 6962, section 2.1.1). */
  inclusionProof(index: number): Buffer[] {
    const path: Buffer[] = [];
    let start = 0;
    let end = this.size;
    while (end - start > 1) {
      const middle = start + splitOf(end - start);
      if (index < middle) {
        path.unshift(this.#rootOf(middle, end));
        end = middle;
      } else {
        path.unshift(this.#rootOf(start, middle));
        start = middle;
      }
    }
    return path;
  }

  /** The proof that the log of `oldSize` is the beginning of this one (RFC 6962, section 2.1.2). */
  consistencyProof(oldSize: number): Buffer[] {
    const proof: Buffer[] = [];
    let start = 0;
    let end = this.size;
    let isWholeOld = true;
    while (end !== oldSize && end - start > 1) {
      const middle = start + splitOf(end - start);
      if (oldSize <= middle) {
        proof.unshift(this.#rootOf(middle, end));
        end = middle;
      } else {
        proof.unshift(this.#rootOf(start, middle));
        start = middle;
        isWholeOld = false;
      }
    }
    // The old root itself is known to whoever asks.
    return isWholeOld ? proof : [this.#rootOf(start, end), ...proof];
  }

  root(): Buffer | undefined {
    return this.size === 0 ? undefined : this.#rootOf(0, this.size);
  }

  /** `start` is a multiple of the largest power of two in the range, as every range of RFC 6962 is. */
  #rootOf(start: number, end: number): Buffer {
    const length = end - start;
    const height = Math.log2(length);
    if (Number.isInteger(height)) return this.#levels[height]?.[start / length] as Buffer;
    const middle = start + splitOf(length);
    return hashNode(this.#rootOf(start, middle), this.#rootOf(middle, end));
  }
}

/** The root that an audit path leads to from a leaf; undefined when the path has the wrong length. */
export function rootOfInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  let node = leaf;
  let at = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      node = hashNode(sibling, node);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      node = hashNode(node, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? node : undefined;
}

/** Sizes and roots of two states of one log, and the proof that the first is the beginning of the second. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Buffer;
  readonly newSize: number;
  readonly newRoot: Buffer;
  readonly proof: readonly Buffer[];
}

/** Whether a consistency proof holds (RFC 9162, section 2.1.4.2). */
export function isConsistent({ oldSize, oldRoot, newSize, newRoot, proof }: ConsistencyClaim): boolean {
  if (oldSize > newSize || oldSize < 1) return false;
  if (oldSize === newSize) return proof.length === 0 && oldRoot.equals(newRoot);
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let at = oldSize - 1;
  let last = newSize - 1;
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let oldNode = first;
  let newNode = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldNode = hashNode(sibling, oldNode);
      newNode = hashNode(sibling, newNode);
      while (at % 2 === 0 && at !== 0) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
    } else {
      newNode = hashNode(newNode, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && oldNode.equals(oldRoot) && newNode.equals(newRoot);
}

/** The largest power of two below `length`. */
function splitOf(length: number): number {
  return 2 ** Math.floor(Math.log2(length - 1));
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}
