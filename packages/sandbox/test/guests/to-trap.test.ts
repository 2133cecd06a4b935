import { describe, expect, it } from 'vitest';
import { GuestException } from '../../src/guests/guest-exception.js';
import { toTrap } from '../../src/guests/to-trap.js';

describe('toTrap', () => {
  it('shows what the guest said, and nothing of what the host says', () => {
    expect(toTrap(new GuestException('mine'), undefined)).toEqual({ kind: 'guest', message: 'mine' });
    expect(toTrap(new WebAssembly.RuntimeError('unreachable'), undefined)).toEqual({
      kind: 'guest',
      message: 'unreachable',
    });
    expect(toTrap(new RangeError('Maximum call stack size exceeded'), undefined).kind).toBe('depth');
    expect(toTrap(new GuestException('out of memory'), undefined, true).kind).toBe('memory');
    const leak = toTrap(new Error('ENOENT: /srv/example/secret'), undefined);
    expect(leak.kind).toBe('host');
    expect(leak.message).not.toContain('secret');
    expect(toTrap('a string', undefined).kind).toBe('host');
  });
});
