import type { GuestLimits } from '../limits.js';
import { reservedNames } from '../wasm/policy.js';

/** The fuel and stack of one metered instance, as the host sees them. */
export class FuelTank {
  readonly #fuel: WebAssembly.Global;
  readonly #stack: WebAssembly.Global;
  readonly #granted: GuestLimits;
  #stoppedAt: number | undefined;

  /** Grants the instance its fuel; until then everything in it traps. */
  constructor(instance: WebAssembly.Instance, limits: GuestLimits) {
    this.#fuel = instance.exports[reservedNames.fuel] as WebAssembly.Global;
    this.#stack = instance.exports[reservedNames.stack] as WebAssembly.Global;
    this.#granted = limits;
    this.#fuel.value = BigInt(limits.fuelUnits);
    this.#stack.value = limits.stackDepth;
  }

  get #left(): number {
    return this.#stoppedAt ?? Number(this.#fuel.value);
  }

  /** Units used so far, at most what was granted. */
  get usedUnits(): number {
    return Math.min(this.#granted.fuelUnits, this.#granted.fuelUnits - this.#left);
  }

  /** Whether more was charged than was granted. */
  get isEmpty(): boolean {
    return this.#left < 0;
  }

  get isStackExhausted(): boolean {
    return (this.#stack.value as number) < 0;
  }

  /** Takes the rest away, so that the instance traps at its next check whatever it tries to catch. */
  stop(): void {
    if (this.#stoppedAt !== undefined) return;
    this.#stoppedAt = Number(this.#fuel.value);
    this.#fuel.value = -(2n ** 60n);
  }
}
