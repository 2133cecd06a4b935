import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteSink } from '../../src/wasm/byte-sink.js';
import { ByteSource } from '../../src/wasm/byte-source.js';

describe('ByteSink', () => {
  it('writes unsigned numbers that the source reads back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (value) => {
        const sink = new ByteSink(16);
        sink.unsigned(value);
        const bytes = sink.toBytes();
        expect(new ByteSource(bytes, 0, bytes.length).unsigned()).toBe(value);
      }),
    );
  });

  it('writes signed numbers of up to 53 bits in the shortest form', () => {
    const read = (bytes: Uint8Array) => {
      let value = 0n;
      let shift = 0n;
      for (const byte of bytes) {
        value |= BigInt(byte & 127) << shift;
        shift += 7n;
      }
      return Number(BigInt.asIntN(Number(shift), value));
    };
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 52), max: 2 ** 52 }), (value) => {
        const sink = new ByteSink(16);
        sink.signed(value);
        expect(read(sink.toBytes())).toBe(value);
        expect(sink.length).toBeLessThanOrEqual(8);
      }),
    );
  });

  it('grows, and copies short and long runs alike', () => {
    const source = Uint8Array.from({ length: 500 }, (_, index) => index & 255);
    const sink = new ByteSink(4);
    for (const [start, end] of [
      [0, 3],
      [3, 3],
      [3, 50],
      [50, 500],
    ] as const) {
      sink.reserve(end - start);
      sink.copy(source, start, end);
    }
    expect([...sink.toBytes()]).toEqual([...source]);
  });
});

describe('ByteSource', () => {
  it('skips numbers and refuses those without end', () => {
    const source = new ByteSource(Uint8Array.from([0x80, 0x01, 0x05, ...new Array<number>(12).fill(0x80)]), 0, 15);
    source.skipNumber();
    expect(source.at).toBe(2);
    source.skipNumber();
    expect(() => source.skipNumber()).toThrow('too long');
    expect(() => source.skip(100)).toThrow('ends unexpectedly');
  });
});
