/** Where code that must be repeatable gets the time from. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  nowMs(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** A clock that stands still until it is moved. */
export function createManualClock(startMs: number): Clock & { advance(byMs: number): void } {
  let currentMs = startMs;
  return {
    nowMs: () => currentMs,
    advance(byMs) {
      currentMs += byMs;
    },
  };
}
