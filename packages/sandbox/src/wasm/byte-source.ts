import { RefusedModule } from './refusal.js';

/** Reads a slice of a module with every access checked. For everything but function bodies, which have their own scan. */
export class ByteSource {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  byte(): number {
    if (this.at >= this.end) throw new RefusedModule('malformed', `The module ends unexpectedly at byte ${this.at}.`);
    return this.bytes[this.at++]!;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) {
        if (value > 0xffffffff) break;
        return value;
      }
    }
    throw new RefusedModule('malformed', `The number before byte ${this.at} is too long.`);
  }

  /** Skips a LEB128 number of up to ten bytes. */
  skipNumber(): void {
    for (let count = 0; count < 10; count += 1) if (this.byte() < 128) return;
    throw new RefusedModule('malformed', `The number before byte ${this.at} is too long.`);
  }

  skip(count: number): void {
    if (count > this.end - this.at) {
      throw new RefusedModule('malformed', `The module ends unexpectedly at byte ${this.end}.`);
    }
    this.at += count;
  }

  /** A count of things that take at least one byte each, so that it cannot exceed what is left. */
  count(): number {
    const count = this.unsigned();
    if (count > this.end - this.at) {
      throw new RefusedModule('malformed', `The count before byte ${this.at} exceeds its section.`);
    }
    return count;
  }

  name(): string {
    const length = this.count();
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const start = this.at;
    this.at += length;
    try {
      return text.decode(this.bytes.subarray(start, this.at));
    } catch {
      throw new RefusedModule('malformed', `The name at byte ${start} is not UTF-8.`);
    }
  }

  /** Skips a value type or a reference type with its heap type. */
  skipValueType(): void {
    const byte = this.byte();
    if (byte === 0x63 || byte === 0x64) this.skipNumber();
  }
}
