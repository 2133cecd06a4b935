import { layout, miscLayout, miscLayouts, opcodeLayout, vectorLayout, vectorLayouts } from './opcodes.js';
import { RefusedModule } from './refusal.js';

/** Facts about a structured instruction (block, loop, if, try), one bit each. */
export const frameFlag = {
  /** A branch goes to its label. */
  labelUsed: 1,
  /** Control reaches the `else` of an `if` from its first arm, or a `catch` from what stands before it. */
  firstArmLive: 2,
  hasElse: 4,
  /** Control reaches its `end` from the instruction before. */
  endLive: 8,
  /** A `catch` clause of a `try_table` jumps to its label. */
  catchTarget: 16,
} as const;

/** Kinds of events beyond the control layouts of {@link layout}. */
export const eventKind = { bulk: 40, grow: 41 } as const;

const initialCapacity = 1024;

/** What the scan found out about one function; events, regions and frames lie in the {@link BodyScan}. */
export interface ScannedBody {
  readonly start: number;
  readonly end: number;
  /** Groups of declared locals, locals altogether, and where the declaration ends. */
  readonly localGroups: number;
  readonly locals: number;
  readonly localsEnd: number;
  readonly firstEvent: number;
  readonly endEvent: number;
  readonly firstRegion: number;
  readonly endRegion: number;
  /** The ordinal that stands for the function itself among the structured instructions. */
  readonly frame: number;
  /** Whether some loop can be repeated. */
  readonly hasLoop: boolean;
  readonly hasTry: boolean;
  /** Whether there are operations whose cost is only known when they are done. */
  readonly needsScratch: boolean;
}

/**
 * First pass over a function body: finds where control flow forks and joins, and what each region costs.
 *
 * A region is a set of instructions that are executed equally often: straight-line code, continued behind every
 * structured instruction that nothing leaves except through its end. Its whole cost is charged once, at its start.
 * Instructions behind a call belong to the same region as those before it unless the module has exceptions.
 *
 * Hot: one instance takes all bodies of a module, one after the other; what it finds lies in typed arrays, and no object
 * is made per instruction.
 */
export class BodyScan {
  /** Events in order of position: offset of the instruction, offset behind it, kind, region that starts behind it. */
  events = 0;
  position = new Int32Array(initialCapacity);
  next = new Int32Array(initialCapacity);
  kind = new Uint8Array(initialCapacity);
  region = new Int32Array(initialCapacity);
  /** Branches: relative depth. Calls: function index. Structured instructions: their ordinal. */
  argument = new Int32Array(initialCapacity);

  /** Cost of each region in fuel units. */
  regions = 0;
  cost = new Int32Array(initialCapacity);

  /** {@link frameFlag} bits of each structured instruction in order of appearance; the function itself comes first. */
  frames = 0;
  flags = new Uint8Array(initialCapacity);

  #localGroups = 0;
  #locals = 0;
  #localsEnd = 0;
  #hasLoop = false;
  #hasTry = false;
  #needsScratch = false;

  #stackFrame = new Int32Array(256);
  #stackKind = new Uint8Array(256);
  #stackEntryRegion = new Int32Array(256);
  #stackFirstRegion = new Int32Array(256);
  #stackLowestTarget = new Int32Array(256);
  #stackDead = new Uint8Array(256);

  /**
   * Scans the body that lies in `bytes[start..end)`.
   *
   * @throws {RefusedModule} `unsupported` for an opcode without a known layout, `malformed` for a broken structure.
   */
  scan(bytes: Uint8Array, start: number, end: number, splitAtCalls: boolean): ScannedBody {
    const firstEvent = this.events;
    const firstRegion = this.regions;
    const frame = this.frames;
    this.#hasLoop = false;
    this.#hasTry = false;
    this.#needsScratch = false;
    this.#scanCode(bytes, this.#readLocals(bytes, start, end), end, splitAtCalls);
    return {
      start,
      end,
      localGroups: this.#localGroups,
      locals: this.#locals,
      localsEnd: this.#localsEnd,
      firstEvent,
      endEvent: this.events,
      firstRegion,
      endRegion: this.regions,
      frame,
      hasLoop: this.#hasLoop,
      hasTry: this.#hasTry,
      needsScratch: this.#needsScratch,
    };
  }

  #scanCode(bytes: Uint8Array, start: number, end: number, splitAtCalls: boolean): void {
    let at = start;
    let depth = 0;
    let region = this.#openRegion();
    // Every function entry costs one unit.
    let cost = 1;
    let dead = false;
    this.#push(0, layout.block, region, false);

    while (at < end) {
      const position = at;
      const opcode = bytes[at++]!;
      switch (opcodeLayout[opcode]) {
        case layout.free:
          break;
        case layout.none:
          cost += 1;
          break;
        case layout.index:
          cost += 1;
          while (bytes[at++]! >= 128);
          break;
        case layout.memory:
          cost += 1;
          at = skipMemoryArgument(bytes, at);
          break;
        case layout.float32:
          cost += 1;
          at += 4;
          break;
        case layout.float64:
          cost += 1;
          at += 8;
          break;
        case layout.selectTyped: {
          cost += 1;
          const count = bytes[at++]!;
          if (count !== 1) throw new RefusedModule('malformed', `The select at byte ${position} has ${count} types.`);
          at = skipValueType(bytes, at);
          break;
        }
        case layout.prefixMisc: {
          cost += 1;
          let number = bytes[at++]!;
          if (number >= 128) {
            const long = readIndex(bytes, at - 1);
            number = long.value;
            at = long.next;
          }
          switch (miscLayouts[number]) {
            case miscLayout.none:
              break;
            case miscLayout.index:
              while (bytes[at++]! >= 128);
              break;
            case miscLayout.bulkTwoIndexes:
              while (bytes[at++]! >= 128);
              while (bytes[at++]! >= 128);
              if (!dead) this.#dynamic(position, at, eventKind.bulk);
              break;
            case miscLayout.bulk:
              while (bytes[at++]! >= 128);
              if (!dead) this.#dynamic(position, at, eventKind.bulk);
              break;
            case miscLayout.tableGrow:
              while (bytes[at++]! >= 128);
              if (!dead) this.#dynamic(position, at, eventKind.grow);
              break;
            default:
              throw unknownOpcode(position, opcode, number);
          }
          break;
        }
        case layout.prefixVector: {
          cost += 1;
          let number = bytes[at++]!;
          if (number >= 128) {
            const long = readIndex(bytes, at - 1);
            number = long.value;
            at = long.next;
          }
          switch (number < 256 ? vectorLayouts[number] : vectorLayout.unknown) {
            case vectorLayout.none:
              break;
            case vectorLayout.memory:
              at = skipMemoryArgument(bytes, at);
              break;
            case vectorLayout.bytes16:
              at += 16;
              break;
            case vectorLayout.lane:
              at += 1;
              break;
            case vectorLayout.memoryLane:
              at = skipMemoryArgument(bytes, at) + 1;
              break;
            default:
              throw unknownOpcode(position, opcode, number);
          }
          break;
        }
        case layout.memoryGrow:
          cost += 1;
          while (bytes[at++]! >= 128);
          if (!dead) this.#dynamic(position, at, eventKind.grow);
          break;

        case layout.block:
          at = skipValueType(bytes, at);
          this.#event(position, at, layout.block, -1, this.frames);
          depth += 1;
          this.#push(depth, layout.block, region, dead);
          break;
        case layout.loop: {
          at = skipValueType(bytes, at);
          if (!dead) this.cost[region]! += cost;
          cost = 0;
          const entry = region;
          if (!dead) region = this.#openRegion();
          this.#event(position, at, layout.loop, dead ? -1 : region, this.frames);
          depth += 1;
          this.#push(depth, layout.loop, entry, dead);
          break;
        }
        case layout.if: {
          at = skipValueType(bytes, at);
          if (!dead) this.cost[region]! += cost + 1;
          cost = 0;
          const entry = region;
          if (!dead) region = this.#openRegion();
          this.#event(position, at, layout.if, dead ? -1 : region, this.frames);
          depth += 1;
          this.#push(depth, layout.if, entry, dead);
          break;
        }
        case layout.else: {
          if (!dead) this.cost[region]! += cost;
          cost = 0;
          if (depth === 0 || this.#stackKind[depth] !== layout.if) throw brokenStructure(position);
          const frame = this.#stackFrame[depth]!;
          this.flags[frame]! |= dead ? frameFlag.hasElse : frameFlag.hasElse | frameFlag.firstArmLive;
          this.#stackKind[depth] = layout.else;
          this.#stackFirstRegion[depth] = region;
          dead = this.#stackDead[depth] === 1;
          if (!dead) region = this.#openRegion();
          this.#event(position, at, layout.else, dead ? -1 : region, frame);
          break;
        }
        case layout.try:
          at = skipValueType(bytes, at);
          this.#hasTry = true;
          this.#event(position, at, layout.try, -1, this.frames);
          depth += 1;
          this.#push(depth, layout.try, region, dead);
          break;
        case layout.catch:
        case layout.catchAll: {
          if (opcodeLayout[opcode] === layout.catch) while (bytes[at++]! >= 128);
          if (!dead) this.cost[region]! += cost;
          cost = 0;
          const kind = this.#stackKind[depth];
          if (depth === 0 || (kind !== layout.try && kind !== layout.catch)) throw brokenStructure(position);
          const frame = this.#stackFrame[depth]!;
          if (!dead) this.flags[frame]! |= frameFlag.firstArmLive;
          this.#stackKind[depth] = layout.catch;
          dead = this.#stackDead[depth] === 1;
          if (!dead) region = this.#openRegion();
          this.#event(position, at, layout.catch, dead ? -1 : region, frame);
          break;
        }
        case layout.tryTable: {
          at = skipValueType(bytes, at);
          this.#hasTry = true;
          const clauses = readIndex(bytes, at);
          at = clauses.next;
          for (let left = clauses.value; left > 0 && at < end; left -= 1) {
            const clause = bytes[at++]!;
            if (clause < 2) while (bytes[at++]! >= 128);
            const target = readIndex(bytes, at);
            at = target.next;
            if (!dead) this.#branch(depth, target.value, position, frameFlag.labelUsed | frameFlag.catchTarget);
            else this.#deadBranch(depth, target.value);
          }
          this.#event(position, at, layout.try, -1, this.frames);
          depth += 1;
          this.#push(depth, layout.block, region, dead);
          break;
        }
        case layout.delegate:
        case layout.end: {
          if (opcodeLayout[opcode] === layout.delegate) while (bytes[at++]! >= 128);
          if (!dead) this.cost[region]! += cost;
          cost = 0;
          const frame = this.#stackFrame[depth]!;
          if (!dead) this.flags[frame]! |= frameFlag.endLive;
          const after = this.#regionAfter(depth, region, dead);
          if (depth === 0) {
            this.#event(position, at, layout.end, -1, frame);
            if (at !== end) throw brokenStructure(position);
            return;
          }
          if (this.#stackKind[depth] === layout.loop && (this.flags[frame]! & frameFlag.labelUsed) !== 0) {
            this.#hasLoop = true;
          }
          const lowest = this.#stackLowestTarget[depth]!;
          depth -= 1;
          if (lowest < this.#stackLowestTarget[depth]!) this.#stackLowestTarget[depth] = lowest;
          dead = after === -1;
          let opened = -1;
          if (after === -2) {
            region = this.#openRegion();
            opened = region;
          } else if (!dead) {
            region = after;
          }
          this.#event(position, at, layout.end, opened, frame);
          break;
        }

        case layout.branch: {
          const target = readIndex(bytes, at);
          at = target.next;
          if (!dead) {
            this.cost[region]! += cost + 1;
            this.#branch(depth, target.value, position, frameFlag.labelUsed);
            this.#event(position, at, layout.branch, -1, target.value);
          } else {
            this.#deadBranch(depth, target.value);
          }
          cost = 0;
          dead = true;
          break;
        }
        case layout.branchIf: {
          const target = readIndex(bytes, at);
          at = target.next;
          if (!dead) {
            this.cost[region]! += cost + 1;
            this.#branch(depth, target.value, position, frameFlag.labelUsed);
            region = this.#openRegion();
            this.#event(position, at, layout.branchIf, region, target.value);
          } else {
            this.#deadBranch(depth, target.value);
          }
          cost = 0;
          break;
        }
        case layout.branchTable: {
          const count = readIndex(bytes, at);
          at = count.next;
          if (count.value > end - at) throw brokenStructure(position);
          for (let left = count.value; left >= 0; left -= 1) {
            const target = readIndex(bytes, at);
            at = target.next;
            if (!dead) this.#branch(depth, target.value, position, frameFlag.labelUsed);
            else this.#deadBranch(depth, target.value);
          }
          if (!dead) {
            this.cost[region]! += cost + 1;
            this.#event(position, at, layout.branchTable, -1, 0);
          }
          cost = 0;
          dead = true;
          break;
        }
        case layout.return:
          if (!dead) {
            this.cost[region]! += cost;
            this.#branch(depth, depth, position, frameFlag.labelUsed);
            this.#event(position, at, layout.return, -1, 0);
          }
          cost = 0;
          dead = true;
          break;
        case layout.unreachable:
          if (!dead) this.cost[region]! += cost;
          cost = 0;
          dead = true;
          break;

        case layout.call:
        case layout.callIndirect:
        case layout.callRef: {
          const callee = readIndex(bytes, at);
          at = callee.next;
          if (opcodeLayout[opcode] === layout.callIndirect) while (bytes[at++]! >= 128);
          cost += 1;
          if (dead) break;
          let opened = -1;
          if (splitAtCalls) {
            this.cost[region]! += cost;
            cost = 0;
            this.#stackLowestTarget[depth] = -1;
            region = this.#openRegion();
            opened = region;
          }
          this.#event(position, at, layout.call, opened, opcodeLayout[opcode] === layout.call ? callee.value : -1);
          break;
        }
        case layout.tailCall:
        case layout.tailCallIndirect:
        case layout.tailCallRef: {
          const callee = readIndex(bytes, at);
          at = callee.next;
          if (opcodeLayout[opcode] === layout.tailCallIndirect) while (bytes[at++]! >= 128);
          if (!dead) {
            this.cost[region]! += cost + 1;
            this.#leave(depth, 0);
            const direct = opcodeLayout[opcode] === layout.tailCall;
            this.#event(position, at, layout.tailCall, -1, direct ? callee.value : -1);
          }
          cost = 0;
          dead = true;
          break;
        }
        case layout.throw:
        case layout.throwRef:
          if (opcodeLayout[opcode] === layout.throw) while (bytes[at++]! >= 128);
          if (!dead) {
            this.cost[region]! += cost + 1;
            this.#leave(depth, -1);
            this.#event(position, at, layout.throw, -1, 0);
          }
          cost = 0;
          dead = true;
          break;
        default:
          throw unknownOpcode(position, opcode, undefined);
      }
    }
    throw brokenStructure(end);
  }

  #readLocals(bytes: Uint8Array, start: number, end: number): number {
    const groups = readIndex(bytes, start);
    let at = groups.next;
    let locals = 0;
    this.#localGroups = groups.value;
    if (groups.value > end - at) throw brokenStructure(start);
    for (let left = groups.value; left > 0; left -= 1) {
      const count = readIndex(bytes, at);
      locals += count.value;
      at = skipValueType(bytes, count.next);
    }
    if (locals > 50_000) throw new RefusedModule('over-cap', `The function at byte ${start} has ${locals} locals.`);
    this.#locals = locals;
    this.#localsEnd = at;
    return at;
  }

  /** The region behind the structured instruction at `depth`: -1 if nothing reaches it, -2 for a new one. */
  #regionAfter(depth: number, region: number, dead: boolean): number {
    if (this.#stackDead[depth] === 1) return -1;
    const flags = this.flags[this.#stackFrame[depth]!]!;
    const labelUsed = (flags & frameFlag.labelUsed) !== 0;
    const firstLive = (flags & frameFlag.firstArmLive) !== 0;
    // Nothing left it but through its end, so what follows is executed as often as what preceded it.
    const contained = this.#stackLowestTarget[depth]! >= depth;
    switch (this.#stackKind[depth]) {
      case layout.loop:
        if (dead) return -1;
        return contained ? this.#stackEntryRegion[depth]! : region;
      case layout.if:
        return contained ? this.#stackEntryRegion[depth]! : -2;
      case layout.else:
        if (dead && !firstLive && !labelUsed) return -1;
        if (contained) return this.#stackEntryRegion[depth]!;
        if (labelUsed || (firstLive && !dead)) return -2;
        return firstLive ? this.#stackFirstRegion[depth]! : region;
      case layout.catch:
        return dead && !firstLive && !labelUsed ? -1 : -2;
      default:
        if (dead && !labelUsed) return -1;
        if (contained) return this.#stackEntryRegion[depth]!;
        return labelUsed ? -2 : region;
    }
  }

  #branch(depth: number, relative: number, position: number, flags: number): void {
    const target = depth - relative;
    if (target < 0) throw brokenStructure(position);
    this.flags[this.#stackFrame[target]!]! |= flags;
    this.#leave(depth, target);
  }

  /** A branch that is never taken still has to be valid: one out of the function needs a label of the right type. */
  #deadBranch(depth: number, relative: number): void {
    if (relative === depth) this.flags[this.#stackFrame[0]!]! |= frameFlag.labelUsed;
  }

  #leave(depth: number, target: number): void {
    if (target < this.#stackLowestTarget[depth]!) this.#stackLowestTarget[depth] = target;
  }

  #push(depth: number, kind: number, entryRegion: number, dead: boolean): void {
    if (depth >= this.#stackFrame.length) this.#growStack();
    if (this.frames >= this.flags.length) this.flags = grow(this.flags, new Uint8Array(this.flags.length * 2));
    this.flags[this.frames] = 0;
    this.#stackFrame[depth] = this.frames;
    this.frames += 1;
    this.#stackKind[depth] = kind;
    this.#stackEntryRegion[depth] = entryRegion;
    this.#stackLowestTarget[depth] = depth;
    this.#stackDead[depth] = dead ? 1 : 0;
  }

  #openRegion(): number {
    if (this.regions >= this.cost.length) this.cost = grow(this.cost, new Int32Array(this.cost.length * 2));
    this.cost[this.regions] = 0;
    return this.regions++;
  }

  #event(position: number, next: number, kind: number, region: number, argument: number): void {
    const index = this.events++;
    if (index >= this.position.length) this.#growEvents();
    this.position[index] = position;
    this.next[index] = next;
    this.kind[index] = kind;
    this.region[index] = region;
    this.argument[index] = argument;
  }

  #dynamic(position: number, next: number, kind: number): void {
    this.#needsScratch = true;
    this.#event(position, next, kind, -1, 0);
  }

  #growEvents(): void {
    const capacity = this.position.length * 2;
    this.position = grow(this.position, new Int32Array(capacity));
    this.next = grow(this.next, new Int32Array(capacity));
    this.kind = grow(this.kind, new Uint8Array(capacity));
    this.region = grow(this.region, new Int32Array(capacity));
    this.argument = grow(this.argument, new Int32Array(capacity));
  }

  #growStack(): void {
    const capacity = this.#stackFrame.length * 2;
    this.#stackFrame = grow(this.#stackFrame, new Int32Array(capacity));
    this.#stackKind = grow(this.#stackKind, new Uint8Array(capacity));
    this.#stackEntryRegion = grow(this.#stackEntryRegion, new Int32Array(capacity));
    this.#stackFirstRegion = grow(this.#stackFirstRegion, new Int32Array(capacity));
    this.#stackLowestTarget = grow(this.#stackLowestTarget, new Int32Array(capacity));
    this.#stackDead = grow(this.#stackDead, new Uint8Array(capacity));
  }
}

function grow<Numbers extends Int32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}

const index = { value: 0, next: 0 };

/** Reads an index of at most 32 bits; the result is reused by the next call. */
function readIndex(bytes: Uint8Array, start: number): { readonly value: number; readonly next: number } {
  let at = start;
  let byte = bytes[at++]!;
  let value = byte & 127;
  for (let factor = 128; byte >= 128 && at - start < 5; factor *= 128) {
    byte = bytes[at++]!;
    value += (byte & 127) * factor;
  }
  index.value = value;
  index.next = at;
  return index;
}

/** Skips a value type or block type. */
function skipValueType(bytes: Uint8Array, start: number): number {
  let at = start;
  const byte = bytes[at]!;
  if (byte === 0x63 || byte === 0x64) at += 1;
  while (bytes[at++]! >= 128);
  return at;
}

function skipMemoryArgument(bytes: Uint8Array, start: number): number {
  let at = start;
  const flags = bytes[at++]!;
  if (flags >= 128) while (bytes[at++]! >= 128);
  // Bit 6: a memory index follows (multi-memory).
  if ((flags & 64) !== 0) while (bytes[at++]! >= 128);
  while (bytes[at++]! >= 128);
  return at;
}

function brokenStructure(position: number): RefusedModule {
  return new RefusedModule('malformed', `The function body is broken at byte ${position}.`);
}

function unknownOpcode(position: number, opcode: number, number: number | undefined): RefusedModule {
  const name = `0x${opcode.toString(16)}${number === undefined ? '' : ` ${number}`}`;
  return new RefusedModule('unsupported', `The opcode ${name} at byte ${position} is not metered.`);
}
