/** Where a mask lies in a pool; it is gone once the slot's stamp is another. */
export interface PooledMask {
  readonly slot: number;
  readonly stamp: number;
}

/**
 * A ring of masks in one block of memory, shared by all grammars of a vocabulary: the oldest gives way. (Masks as
 * arrays of their own took a fifth of the time in garbage collection.)
 */
export class MaskPool {
  readonly #words: Uint32Array;
  readonly #stamps: Uint32Array;
  readonly #maskWords: number;
  #next = 0;

  constructor(maskWords: number, slots: number) {
    this.#maskWords = maskWords;
    this.#words = new Uint32Array(maskWords * slots);
    this.#stamps = new Uint32Array(slots);
  }

  /** Keeps a copy. */
  add(mask: Uint32Array): PooledMask {
    const slot = this.#next;
    this.#next = (slot + 1) % this.#stamps.length;
    this.#words.set(mask, slot * this.#maskWords);
    this.#stamps[slot]! += 1;
    return { slot, stamp: this.#stamps[slot]! };
  }

  has({ slot, stamp }: PooledMask): boolean {
    return this.#stamps[slot] === stamp;
  }

  /** Copies a mask that is still there into `target`. */
  copy({ slot }: PooledMask, target: Uint32Array): void {
    const start = slot * this.#maskWords;
    target.set(this.#words.subarray(start, start + this.#maskWords));
  }
}
