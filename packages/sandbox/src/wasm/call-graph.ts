import type { BodyScan, ScannedBody } from './body-scan.js';
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
/** A chain of calls that charges no stack may not be longer than this, in stack units. */
const longestUncountedTail = 1024;
/** A call of the host may come back: its own frames take stack too. */
const hostCallUnits = 16;

/**
 * Finds functions through which every recursion passes: those that call what cannot be known beforehand (tables,
 * references, the host), those that catch, and, of the cycles that remain, one function each. Only these have to charge
 * stack. A charge covers the function and the longest way from it to the next function that charges, so that the sum
 * of all charges bounds the stack however the module is built. Linear in the number of calls.
 */
export class CallGraph {
  readonly #imported: number;
  /** Callees of function f: `#callees[#starts[f]]` to `#callees[#starts[f + 1]]`. */
  readonly #starts: number[] = [0];
  readonly #callees: number[] = [];
  readonly #units: number[] = [];
  readonly #work: number[] = [];
  readonly #counted: boolean[] = [];
  /** Whether a function calls what cannot be known beforehand. */
  readonly #open: boolean[] = [];

  constructor(importedFunctions: number) {
    this.#imported = importedFunctions;
  }

  /** Adds the next function. */
  add(scan: BodyScan, body: ScannedBody, parameters: number): void {
    let isOpen = false;
    let callsHost = false;
    for (let event = body.firstEvent; event < body.endEvent; event += 1) {
      const kind = scan.kind[event];
      if (kind !== layout.call && kind !== layout.tailCall) continue;
      const callee = scan.argument[event]!;
      if (callee < this.#imported) isOpen = true;
      if (callee >= 0 && callee < this.#imported) callsHost = true;
      else if (callee >= 0) this.#callees.push(callee - this.#imported);
    }
    let work = 0;
    for (let region = body.firstRegion; region < body.endRegion; region += 1) work += scan.cost[region]!;
    this.#starts.push(this.#callees.length);
    // A unit is about 128 bytes: half of that for the frame itself, the rest for eight locals.
    this.#units.push(Math.ceil((parameters + body.locals + 8) / 16) + (callsHost ? hostCallUnits : 0));
    this.#work.push(work);
    this.#open.push(isOpen);
    // A catch has to know how much stack was free before the frames that it ends.
    this.#counted.push(isOpen || body.hasTry);
  }

  /** The role of every function, in order. */
  decide(): readonly FunctionRole[] {
    this.#breakCycles();
    const count = this.#units.length;
    /** Longest way below a function: to one that charges (-1 if there is none), and altogether. */
    const link = new Float64Array(count);
    const tail = new Float64Array(count);
    const work = new Float64Array(count);
    const checked = new Uint8Array(count);
    let longestLink = 0;
    // Functions that charge end a way, and without them there are no cycles: callees are done before their callers.
    const follow = (callee: number) => !this.#counted[callee];
    const leave = (index: number) => {
      let linkBelow = -1;
      let tailBelow = 0;
      let total = this.#work[index]!;
      for (let at = this.#starts[index]!; at < this.#starts[index + 1]!; at += 1) {
        const callee = this.#callees[at]!;
        if (this.#counted[callee]) {
          linkBelow = Math.max(linkBelow, 0);
          continue;
        }
        if (link[callee]! >= 0) linkBelow = Math.max(linkBelow, this.#units[callee]! + link[callee]!);
        tailBelow = Math.max(tailBelow, this.#units[callee]! + tail[callee]!);
        if (checked[callee] === 0) total += work[callee]!;
      }
      if (this.#units[index]! + tailBelow > longestUncountedTail) this.#counted[index] = true;
      link[index] = linkBelow;
      tail[index] = tailBelow;
      work[index] = total;
      checked[index] = this.#counted[index] || total > mostUncheckedWork ? 1 : 0;
      if (!this.#counted[index] && linkBelow >= 0) longestLink = Math.max(longestLink, this.#units[index]! + linkBelow);
    };
    this.#walk({ follow, leave, closeCycle: () => {} });
    return this.#units.map((units, index) => {
      const below = this.#open[index] ? Math.max(link[index]!, longestLink) : Math.max(link[index]!, 0);
      return {
        depthUnits: this.#counted[index] ? Math.min(units + below, 2 ** 30) : 0,
        checksEntry: checked[index] === 1,
      };
    });
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
