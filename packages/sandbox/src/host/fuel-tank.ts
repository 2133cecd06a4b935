import type { GuestLimits } from '../limits.js';
import { fromFuelWord, toFuelWord } from '../wasm/fuel-word.js';
import { reservedNames } from '../wasm/policy.js';

/** The fuel and stack of one metered instance, as the host sees them. */
export class FuelTank {
  readonly #global: WebAssembly.Global;
  readonly #granted: GuestLimits;
  #stoppedAt: bigint | undefined;

  /** Grants the instance its fuel; until then everything in it traps. */
  constructor(instance: WebAssembly.Instance, limits: GuestLimits) {
    this.#global = instance.exports[reservedNames.fuel] as WebAssembly.Global;
    this.#granted = limits;
    this.#global.value = toFuelWord(limits.fuelUnits, limits.stackDepth);
  }

  #word(): bigint {
    return this.#stoppedAt ?? (this.#global.value as bigint);
  }

  /** Units used so far, at most what was granted. */
  get usedUnits(): number {
    return Math.min(this.#granted.fuelUnits, this.#granted.fuelUnits - fromFuelWord(this.#word()).fuelUnits);
  }

  get isEmpty(): boolean {
    return this.#word() < 0n;
  }

  get isStackExhausted(): boolean {
    return fromFuelWord(this.#word()).stackDepth < 0;
  }

  /** Takes the rest away, so that the instance traps at its next check whatever it tries to catch. */
  stop(): void {
    if (this.#stoppedAt !== undefined) return;
    this.#stoppedAt = this.#global.value as bigint;
    this.#global.value = -1n << 32n;
  }
}
