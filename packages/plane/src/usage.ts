/** What a call may use, or has used. Absent means: nothing of it. */
export interface Usage {
  /** Sandbox fuel: one unit for each WebAssembly operator, as `@trocar/sandbox` counts. */
  readonly fuelUnits?: number;
  /** Time between the start and the end of the execution. */
  readonly wallMs?: number;
  /** The largest memory of one guest. Not added up over calls; the largest counts. */
  readonly peakMemoryBytes?: number;
}

/** The limits of one run, set by the operator. */
export type Budget = Required<Usage>;

/** Ten minutes, twenty thousand million units of fuel, guests of 256 MiB. */
export const defaultBudget: Budget = { fuelUnits: 20_000_000_000, wallMs: 600_000, peakMemoryBytes: 268_435_456 };

/** The sum of two usages; of memory the larger one. */
export function addUsage(left: Usage, right: Usage): Required<Usage> {
  return {
    fuelUnits: (left.fuelUnits ?? 0) + (right.fuelUnits ?? 0),
    wallMs: (left.wallMs ?? 0) + (right.wallMs ?? 0),
    peakMemoryBytes: Math.max(left.peakMemoryBytes ?? 0, right.peakMemoryBytes ?? 0),
  };
}

/** What is left of a budget; never below zero. The memory limit holds for each guest and is not used up. */
export function remainingBudget(budget: Budget, used: Usage): Budget {
  return {
    fuelUnits: Math.max(0, budget.fuelUnits - (used.fuelUnits ?? 0)),
    wallMs: Math.max(0, budget.wallMs - (used.wallMs ?? 0)),
    peakMemoryBytes: budget.peakMemoryBytes,
  };
}

/** The names of the limits that `needed` would cross, in a fixed order. */
export function crossedLimits(needed: Usage, remaining: Budget): (keyof Budget)[] {
  const names: (keyof Budget)[] = ['fuelUnits', 'wallMs', 'peakMemoryBytes'];
  return names.filter((name) => (needed[name] ?? 0) > remaining[name]);
}
