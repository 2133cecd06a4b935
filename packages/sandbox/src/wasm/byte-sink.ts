/**
 * A growing byte buffer with the encodings that WebAssembly needs. Hot: one buffer serves a whole module, and callers
 * reserve room once per function so that the writers need no check of their own.
 */
export class ByteSink {
  bytes: Uint8Array;
  length = 0;

  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  /** Makes sure that `count` more bytes fit. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** An unsigned LEB128 number below 2^53. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** A signed LEB128 number; `value` is a whole number between -2^52 and 2^52. */
  signed(value: number): void {
    let rest = value;
    for (;;) {
      const low = ((rest % 128) + 128) % 128;
      rest = (rest - low) / 128;
      if ((rest === 0 && low < 64) || (rest === -1 && low >= 64)) {
        this.bytes[this.length++] = low;
        return;
      }
      this.bytes[this.length++] = low | 128;
    }
  }

  /** Copies `source[start..end)`. Short runs, the common case, are copied by hand: `set` costs an object per call. */
  copy(source: Uint8Array, start: number, end: number): void {
    const count = end - start;
    if (count > 48) {
      this.bytes.set(source.subarray(start, end), this.length);
      this.length += count;
      return;
    }
    const { bytes } = this;
    let at = this.length;
    for (let from = start; from < end; from += 1) bytes[at++] = source[from]!;
    this.length = at;
  }

  /** A length-prefixed UTF-8 name. */
  name(text: string): void {
    const encoded = new TextEncoder().encode(text);
    this.reserve(encoded.length + 5);
    this.unsigned(encoded.length);
    this.copy(encoded, 0, encoded.length);
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.bytes.subarray(0, this.length));
  }
}
