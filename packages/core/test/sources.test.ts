import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createId,
  createManualClock,
  createSeededRandom,
  digestBytes,
  digestJson,
  isDigest,
  isEqualInConstantTime,
  silentLogger,
  systemClock,
  systemRandom,
} from '../src/index.js';

describe('digests', () => {
  it('are SHA-256 in hexadecimal', () => {
    expect(digestBytes('abc')).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(digestBytes(new TextEncoder().encode('abc'))).toBe(digestBytes('abc'));
    expect(digestJson({ b: 1, a: 2 })).toBe(digestBytes('{"a":2,"b":1}'));
  });

  it('are recognised by their form', () => {
    expect(isDigest(digestBytes(''))).toBe(true);
    expect(isDigest('sha256:abc')).toBe(false);
    expect(isDigest(7)).toBe(false);
  });

  it('compare strings of any length', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, right) => {
        expect(isEqualInConstantTime(left, right)).toBe(left === right);
        expect(isEqualInConstantTime(left, left)).toBe(true);
      }),
    );
  });
});

describe('clock and randomness', () => {
  it('come from the machine or from the caller', () => {
    const before = Date.now();
    expect(systemClock.nowMs()).toBeGreaterThanOrEqual(before);
    const clock = createManualClock(5);
    clock.advance(7);
    expect(clock.nowMs()).toBe(12);
    expect(systemRandom.bytes(8)).toHaveLength(8);
  });

  it('repeat for the same seed however the bytes are asked for', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 6 }), (counts) => {
        const total = counts.reduce((sum, count) => sum + count, 0);
        const parts = createSeededRandom('s');
        const joined = counts.flatMap((count) => [...parts.bytes(count)]);
        expect(joined).toEqual([...createSeededRandom('s').bytes(total)]);
      }),
    );
    expect(createSeededRandom('a').bytes(8)).not.toEqual(createSeededRandom('b').bytes(8));
  });
});

describe('createId', () => {
  it('sorts by time and names its kind', () => {
    const clock = createManualClock(1_700_000_000_000);
    const first = createId('run', clock, systemRandom);
    clock.advance(1);
    const second = createId('run', clock, systemRandom);
    expect(first).toMatch(/^run-[0-9a-hjkmnp-tv-z]{26}$/);
    expect(first < second).toBe(true);
  });
});

describe('silentLogger', () => {
  it('takes every level and returns nothing', () => {
    for (const level of ['debug', 'info', 'warn', 'error'] as const) expect(silentLogger[level]('x')).toBeUndefined();
  });
});
