import { SandboxError } from './errors.js';

/** What one guest may use up. Every limit always holds; there is no way to switch one off. */
export interface GuestLimits {
  /** WebAssembly operators the guest may execute (the cost model of wasmtime); 1 to 2^50. */
  readonly fuelUnits: number;
  /** Linear memory of the guest in bytes, rounded down to pages of 64 KiB; JavaScript guests need 24 MiB or more. */
  readonly memoryBytes: number;
  /** Time on the wall until the guest is terminated from outside, counted from the start of its execution. */
  readonly wallMs: number;
  /** Stack in units of about 128 bytes, charged by functions that recursion passes through. 1 to 240,000. */
  readonly stackDepth: number;
}

/** The limits of a call that names none: two thousand million operators, 128 MiB, 20 s, 200,000 stack units. */
export const defaultLimits: GuestLimits = Object.freeze({
  fuelUnits: 2_000_000_000,
  memoryBytes: 128 * 1024 * 1024,
  wallMs: 20_000,
  stackDepth: 200_000,
});

const ranges: Readonly<Record<keyof GuestLimits, readonly [number, number]>> = {
  fuelUnits: [1, 2 ** 50],
  memoryBytes: [0, 2 ** 32],
  wallMs: [1, 2 ** 31 - 1],
  stackDepth: [1, 240_000],
};

/**
 * Fills what is missing with {@link defaultLimits}.
 *
 * @throws {SandboxError} `bad-request` for a value that is not a whole number in the range of its limit.
 */
export function resolveLimits(limits: Partial<GuestLimits> = {}): GuestLimits {
  const resolved = { ...defaultLimits, ...stripUndefined(limits) };
  for (const key of Object.keys(resolved) as (keyof GuestLimits)[]) {
    const range = ranges[key];
    if (range === undefined) throw new SandboxError('bad-request', `There is no limit called ${JSON.stringify(key)}.`);
    const value: unknown = resolved[key];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < range[0] || value > range[1]) {
      throw new SandboxError('bad-request', `${key} must be a whole number from ${range[0]} to ${range[1]}.`);
    }
  }
  return resolved;
}

function stripUndefined(limits: Partial<GuestLimits>): Partial<GuestLimits> {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
