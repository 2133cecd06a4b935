import { hash } from 'node:crypto';

/** The size of every hash here, in bytes. */
export const hashSizeBytes = 32;

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);
const emptyRoot = sha256(Buffer.alloc(0));

/** What stands before the first entry of a run in its chain. */
export const chainStart = Buffer.alloc(hashSizeBytes);

/**
 * The hash of an entry: that of an RFC 6962 leaf whose data is the hash of the run's entry before it and the entry's
 * bytes. So one hash is both a link of the run's chain and a leaf of the log.
 */
export function hashEntry(previous: Uint8Array, body: string): Buffer {
  return sha256(Buffer.concat([leafPrefix, previous, Buffer.from(body, 'utf8')]));
}

/** The hash of an inner node of the log (RFC 6962, section 2.1). */
export function hashNode(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([nodePrefix, left, right]));
}

function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** The right edge of a Merkle log: enough to append leaves and to compute the root, in log2(size) hashes. */
export class Frontier {
  #size: number;
  // The roots of the complete subtrees, the largest first: one for each bit that is set in the size.
  readonly #subtrees: Buffer[];

  private constructor(size: number, subtrees: Buffer[]) {
    this.#size = size;
    this.#subtrees = subtrees;
  }

  /** The frontier of an empty log. */
  static empty(): Frontier {
    return new Frontier(0, []);
  }

  /** Reads what {@link toBytes} wrote, or gives undefined when the bytes do not fit the size. */
  static fromBytes(size: number, bytes: Uint8Array): Frontier | undefined {
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    let count = 0;
    for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
    if (bytes.length !== count * hashSizeBytes) return undefined;
    const subtrees: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += hashSizeBytes) {
      subtrees.push(Buffer.from(bytes.subarray(at, at + hashSizeBytes)));
    }
    return new Frontier(size, subtrees);
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Buffer): void {
    let node = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = hashNode(this.#subtrees.pop() as Buffer, node);
    }
    this.#subtrees.push(node);
    this.#size += 1;
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (let at = this.#subtrees.length - 1; at >= 0; at -= 1) {
      const subtree = this.#subtrees[at] as Buffer;
      root = root === undefined ? subtree : hashNode(subtree, root);
    }
    return root ?? emptyRoot;
  }

  toBytes(): Buffer {
    return Buffer.concat(this.#subtrees);
  }

  clone(): Frontier {
    return new Frontier(this.#size, [...this.#subtrees]);
  }
}
