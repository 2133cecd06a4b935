import type { BodyScan } from './body-scan.js';
import { layout } from './opcodes.js';

/** What the meter decides about one function from its place in the call graph. */
export interface FunctionRole {
  /** Stack units to charge at its entry; 0 for functions that no recursion has to pass through. */
  readonly depthUnits: number;
  /** Whether its entry has to check the fuel. */
  readonly checksEntry: boolean;
}

/** More work than this between two checks is not allowed, so that a runaway is stopped soon. */
const mostUncheckedWork = 4096;
/** A call of the host may come back: its own frames take stack too. */
const hostCallUnits = 8;

/**
 * Finds functions through which every recursion passes: those that call what cannot be known beforehand (tables,
 * references, the host) and, of the cycles that remain, one function each. Only these have to charge stack; what the
 * others take below them is charged ahead, along the longest path. Linear in the number of calls.
 */
export class CallGraph {
  readonly #imported: number;
  /** Callees of function f: `#callees[#starts[f]]` to `#callees[#starts[f + 1]]`. */
  readonly #starts: number[] = [0];
  readonly #callees: number[] = [];
  readonly #units: number[] = [];
  readonly #work: number[] = [];
  readonly #counted: boolean[] = [];

  constructor(importedFunctions: number) {
    this.#imported = importedFunctions;
  }

  /** Adds the next function: the one that `scan` has just looked at. */
  add(scan: BodyScan, parameters: number): void {
    let counted = false;
    let callsHost = false;
    for (let event = 0; event < scan.events; event += 1) {
      const kind = scan.kind[event];
      if (kind !== layout.call && kind !== layout.tailCall) continue;
      const callee = scan.argument[event]!;
      if (callee < this.#imported) counted = true;
      if (callee >= 0 && callee < this.#imported) callsHost = true;
      else if (callee >= 0) this.#callees.push(callee - this.#imported);
    }
    let work = 0;
    for (let region = 0; region < scan.regions; region += 1) work += scan.cost[region]!;
    this.#starts.push(this.#callees.length);
    // Frames with many locals take more of the engine's stack.
    this.#units.push(1 + Math.floor((parameters + scan.locals) / 64) + (callsHost ? hostCallUnits : 0));
    this.#work.push(work);
    this.#counted.push(counted);
  }

  /** The role of every function, in order. */
  decide(): readonly FunctionRole[] {
    this.#breakCycles();
    const below = new Float64Array(this.#units.length);
    const work = new Float64Array(this.#units.length);
    const checked = new Uint8Array(this.#units.length);
    // Counted functions end a path, and without them there are no cycles: callees are always done before their callers.
    const follow = (callee: number) => !this.#counted[callee];
    const leave = (index: number) => {
      let longest = 0;
      let total = this.#work[index]!;
      for (let at = this.#starts[index]!; at < this.#starts[index + 1]!; at += 1) {
        const callee = this.#callees[at]!;
        if (this.#counted[callee]) continue;
        longest = Math.max(longest, this.#units[callee]! + below[callee]!);
        if (checked[callee] === 0) total += work[callee]!;
      }
      below[index] = longest;
      checked[index] = this.#counted[index] || total > mostUncheckedWork ? 1 : 0;
      work[index] = total;
    };
    this.#walk({ follow, leave, closeCycle: () => {} });
    return this.#units.map((units, index) => ({
      depthUnits: this.#counted[index] ? Math.min(units + below[index]!, 2 ** 30) : 0,
      checksEntry: checked[index] === 1,
    }));
  }

  /** Counts the target of every call that closes a cycle of functions which are not counted yet. */
  #breakCycles(): void {
    const closeCycle = (from: number, to: number) => {
      if (!this.#counted[from] && !this.#counted[to]) this.#counted[to] = true;
    };
    this.#walk({ follow: () => true, leave: () => {}, closeCycle });
  }

  /** Depth first over direct calls, without recursion of its own: modules choose how deep their graphs are. */
  #walk(visit: {
    readonly follow: (callee: number) => boolean;
    readonly leave: (index: number) => void;
    readonly closeCycle: (from: number, to: number) => void;
  }): void {
    const state = new Uint8Array(this.#units.length);
    const next = new Int32Array(this.#units.length);
    const stack: number[] = [];
    const enter = (index: number) => {
      state[index] = 1;
      next[index] = this.#starts[index]!;
      stack.push(index);
    };
    for (let root = 0; root < this.#units.length; root += 1) {
      if (state[root] === 0) enter(root);
      while (stack.length > 0) {
        const index = stack.at(-1)!;
        const at = next[index]!;
        if (at >= this.#starts[index + 1]!) {
          stack.pop();
          state[index] = 2;
          visit.leave(index);
          continue;
        }
        next[index] = at + 1;
        const callee = this.#callees[at]!;
        if (callee >= this.#units.length || !visit.follow(callee)) continue;
        if (state[callee] === 1) visit.closeCycle(index, callee);
        else if (state[callee] === 0) enter(callee);
      }
    }
  }
}
