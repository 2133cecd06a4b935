import { type BodyScan, eventKind, frameFlag } from './body-scan.js';
import type { ByteSink } from './byte-sink.js';
import { fuelScale } from './fuel-word.js';
import { layout } from './opcodes.js';

/** What the writer has to know about a function besides its body. */
export interface FunctionContext {
  readonly parameters: number;
  /** Encoded block type that stands for the function's results. */
  readonly resultType: Uint8Array;
  /** Index of the fuel global. */
  readonly global: number;
  /** Stack units that an active call of this function takes; 0 if it cannot take part in a recursion. */
  readonly depthUnits: number;
}

/**
 * Where the current fuel word is: only in the global, in the global and the local alike, or only in the local.
 * Between two joins of control flow the word stays wherever it was last needed, so that most charges touch a register.
 */
const inGlobal = 0;
const inBoth = 1;
const inLocal = 2;

const op = {
  unreachable: 0x00,
  block: 0x02,
  if: 0x04,
  end: 0x0b,
  br: 0x0c,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Ne: 0x47,
  i64LtS: 0x53,
  i32Mul: 0x6c,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
  i64And: 0x83,
  i64Or: 0x84,
  i64Shl: 0x86,
  i64ExtendI32U: 0xad,
} as const;
const voidType = 0x40;

/** Bytes that one event can add at most; the sink is given room once per function. */
const mostBytesPerEvent = 96;

/** Second pass over a function body: writes it with the charges that the {@link BodyScan} found. */
export class BodyWriter {
  #scan: BodyScan;
  #sink: ByteSink;
  #bytes: Uint8Array;
  #copied = 0;
  #state = inGlobal;
  #keepsLocal = false;
  #local = 0;
  #scratch = 0;
  #savedDepth = 0;
  #context: FunctionContext;
  #wrapped = false;
  #depth = 0;
  #stackFrame = new Int32Array(256);
  #stackKind = new Uint8Array(256);
  #stackState = new Uint8Array(256);

  constructor(scan: BodyScan, sink: ByteSink, bytes: Uint8Array, context: FunctionContext) {
    this.#scan = scan;
    this.#sink = sink;
    this.#bytes = bytes;
    this.#context = context;
  }

  /** Writes the body that was scanned last. */
  write(context: FunctionContext, start: number, end: number): void {
    const scan = this.#scan;
    this.#context = context;
    this.#sink.reserve((end - start) * 2 + (scan.events + 3) * mostBytesPerEvent);
    this.#keepsLocal = scan.hasCallFreeLoop;
    this.#writeLocals();
    this.#copied = scan.localsEnd;
    this.#state = inGlobal;
    this.#depth = 0;
    this.#stackFrame[0] = 0;
    this.#stackKind[0] = layout.block;
    const functionFlags = scan.flags[0]!;
    this.#wrapped = (functionFlags & frameFlag.labelUsed) !== 0 && this.#hasExitCode();
    this.#enter(end - start);
    if (this.#wrapped) {
      this.#sink.byte(op.block);
      this.#sink.copy(context.resultType, 0, context.resultType.length);
    }
    for (let event = 0; event < scan.events; event += 1) this.#event(event);
    this.#copyUntil(end);
  }

  #hasExitCode(): boolean {
    return this.#context.depthUnits > 0 || this.#keepsLocal || this.#isCatchTarget(0);
  }

  #writeLocals(): void {
    const scan = this.#scan;
    const sink = this.#sink;
    this.#local = this.#context.parameters + scan.locals;
    this.#savedDepth = this.#local + 1;
    this.#scratch = this.#local + (scan.hasTry ? 2 : 1);
    sink.unsigned(scan.localGroups + (scan.needsScratch ? 2 : 1));
    let at = scan.localsStart;
    while (this.#bytes[at++]! >= 128);
    sink.copy(this.#bytes, at, scan.localsEnd);
    sink.unsigned(scan.hasTry ? 2 : 1);
    sink.byte(0x7e);
    if (scan.needsScratch) {
      sink.unsigned(2);
      sink.byte(0x7f);
    }
  }

  /** Charges the function's first region and its stack, and checks both where a runaway would pass by. */
  #enter(size: number): void {
    const { depthUnits } = this.#context;
    // A small leaf cannot run away: whoever calls it again and again passes a check of its own.
    const checked = depthUnits > 0 || this.#scan.calls > 0 || size > 256;
    this.#charge(this.#scan.cost[0]!, depthUnits, checked ? (depthUnits > 0 ? 'both' : 'fuel') : 'none', 0);
    if (this.#scan.hasTry) {
      this.#load();
      this.#getLocal();
      this.#constant(0xffff);
      this.#sink.byte(op.i64And);
      this.#indexed(op.localSet, this.#savedDepth);
    }
  }

  #event(event: number): void {
    const scan = this.#scan;
    const position = scan.position[event]!;
    const next = scan.next[event]!;
    const kind = scan.kind[event]!;
    const argument = scan.argument[event]!;
    let checked = false;
    switch (kind) {
      case layout.block:
      case layout.try:
        this.#push(layout.block, argument);
        break;
      case layout.loop:
        checked = this.#loop(position, next, argument);
        break;
      case layout.if:
        this.#if(position, argument);
        break;
      case layout.else:
        this.#else(position);
        break;
      case layout.catch:
        this.#catch(position, next);
        break;
      case layout.end:
        this.#end(position, next);
        break;
      case layout.branch:
      case layout.branchIf:
        this.#copyUntil(position);
        this.#settle(this.#stackFrame[this.#depth - argument]!);
        break;
      case layout.branchTable:
        this.#branchTable(position);
        break;
      case layout.return:
        this.#return(position, next);
        break;
      case layout.call:
        this.#copyUntil(position);
        this.#spill();
        this.#copyUntil(next);
        this.#state = inGlobal;
        break;
      case layout.tailCall:
        this.#copyUntil(position);
        this.#leave();
        break;
      case layout.throw:
        this.#copyUntil(position);
        this.#spill();
        break;
      case eventKind.bulk:
        this.#bulk(position);
        break;
      case eventKind.grow:
        this.#grow(position, next);
        break;
      default:
    }
    const region = scan.region[event]!;
    if (region >= 0 && (checked || scan.cost[region]! > 0)) {
      this.#copyUntil(next);
      this.#charge(scan.cost[region]!, 0, checked ? 'fuel' : 'none', event + 1);
    }
  }

  /** Returns whether the loop can be repeated, so that its head needs a check. */
  #loop(position: number, next: number, frame: number): boolean {
    const repeated = (this.#scan.flags[frame]! & frameFlag.labelUsed) !== 0;
    if (repeated) {
      this.#copyUntil(position);
      this.#settle(frame);
      this.#copyUntil(next);
      this.#join(frame);
    }
    this.#push(layout.loop, frame);
    return repeated;
  }

  #if(position: number, frame: number): void {
    const flags = this.#scan.flags[frame]!;
    // Without an else, the way past the if has no place for code, so the word has to be where the join wants it.
    const joins = (flags & frameFlag.hasElse) === 0 && (flags & (frameFlag.endLive | frameFlag.labelUsed)) !== 0;
    if (joins) {
      this.#copyUntil(position);
      this.#settle(frame);
    }
    this.#push(layout.if, frame);
  }

  #else(position: number): void {
    const frame = this.#stackFrame[this.#depth]!;
    const flags = this.#scan.flags[frame]!;
    const joins = (flags & (frameFlag.endLive | frameFlag.labelUsed)) !== 0;
    if ((flags & frameFlag.firstArmLive) !== 0 && joins) {
      this.#copyUntil(position);
      this.#settle(frame);
    }
    const firstArmState = this.#state;
    this.#state = this.#stackState[this.#depth]!;
    this.#stackState[this.#depth] = firstArmState;
    this.#stackKind[this.#depth] = layout.else;
  }

  #catch(position: number, next: number): void {
    const frame = this.#stackFrame[this.#depth]!;
    this.#copyUntil(position);
    const live = this.#stackKind[this.#depth] === layout.catch || (this.#scan.flags[frame]! & frameFlag.firstArmLive) !== 0;
    if (live) this.#settle(frame);
    this.#stackKind[this.#depth] = layout.catch;
    this.#copyUntil(next);
    this.#restoreDepth();
  }

  #end(position: number, next: number): void {
    const frame = this.#stackFrame[this.#depth]!;
    const flags = this.#scan.flags[frame]!;
    const live = (flags & frameFlag.endLive) !== 0;
    const labelUsed = (flags & frameFlag.labelUsed) !== 0;
    const kind = this.#stackKind[this.#depth]!;
    if (this.#depth === 0) {
      this.#endFunction(position, live);
      return;
    }
    let joins = labelUsed;
    let passed = this.#state;
    if (kind === layout.loop) {
      joins = false;
    } else if (kind === layout.if) {
      joins = labelUsed || live;
      passed = this.#stackState[this.#depth]!;
    } else if (kind === layout.else) {
      const firstLive = (flags & frameFlag.firstArmLive) !== 0;
      joins = labelUsed || (live && firstLive);
      if (!live) passed = this.#stackState[this.#depth]!;
    } else if (kind === layout.catch) {
      joins = true;
    }
    if (joins && live) {
      this.#copyUntil(position);
      this.#settle(frame);
    }
    this.#depth -= 1;
    if (joins) {
      this.#copyUntil(next);
      this.#join(frame);
    } else {
      this.#state = passed;
    }
  }

  #endFunction(position: number, live: boolean): void {
    this.#copyUntil(position);
    if (this.#wrapped) {
      if (live) this.#settle(0);
      this.#sink.byte(op.end);
      this.#join(0);
    } else if (!live) {
      return;
    }
    this.#leave();
  }

  #branchTable(position: number): void {
    this.#copyUntil(position);
    const bytes = this.#bytes;
    let at = position + 1;
    let left = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      left |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    for (; left >= 0; left -= 1) {
      let target = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = bytes[at++]!;
        target |= (byte & 127) << shift;
        if (byte < 128) break;
      }
      this.#settle(this.#stackFrame[this.#depth - target]!);
    }
  }

  #return(position: number, next: number): void {
    this.#copyUntil(position);
    this.#settle(0);
    if (!this.#wrapped) return;
    this.#indexed(op.br, this.#depth);
    this.#copied = next;
  }

  /** `memory.fill` and its like: charges the length, which lies on top of the stack, before the work is done. */
  #bulk(position: number): void {
    this.#copyUntil(position);
    const sink = this.#sink;
    this.#indexed(op.localTee, this.#scratch);
    this.#getWord();
    this.#indexed(op.localGet, this.#scratch);
    sink.byte(op.i64ExtendI32U);
    this.#constant(16);
    sink.byte(op.i64Shl);
    sink.byte(op.i64Sub);
    this.#indexed(op.localTee, this.#local);
    this.#state = inLocal;
    this.#trapIfNegative();
  }

  /** `memory.grow`, `table.grow`: charges what was added, if it was. */
  #grow(position: number, next: number): void {
    const sink = this.#sink;
    this.#copyUntil(position);
    this.#indexed(op.localTee, this.#scratch);
    this.#copyUntil(next);
    this.#indexed(op.localTee, this.#scratch + 1);
    sink.byte(op.i32Const);
    sink.signed(-1);
    sink.byte(op.i32Ne);
    this.#indexed(op.localGet, this.#scratch);
    sink.byte(op.i32Mul);
    sink.byte(op.i64ExtendI32U);
    this.#constant(-fuelScale);
    sink.byte(op.i64Mul);
    this.#getWord();
    sink.byte(op.i64Add);
    this.#indexed(op.localSet, this.#local);
    this.#state = inLocal;
    this.#indexed(op.localGet, this.#scratch + 1);
  }

  /** Subtracts a region's cost and, at the function's entry, its stack. */
  #charge(cost: number, depthUnits: number, check: 'none' | 'fuel' | 'both', nextEvent: number): void {
    const amount = cost * fuelScale + depthUnits;
    this.#getWord();
    if (amount > 0) {
      this.#constant(amount);
      this.#sink.byte(op.i64Sub);
    }
    if (check === 'none' && this.#state === inGlobal && this.#wantsGlobal(nextEvent)) {
      this.#indexed(op.globalSet, this.#context.global);
      return;
    }
    if (check === 'none') {
      this.#indexed(op.localSet, this.#local);
    } else {
      this.#indexed(op.localTee, this.#local);
      if (check === 'both') {
        // Brings the stack's sign, bit 15, beside the fuel's, bit 63.
        this.#getLocal();
        this.#constant(48);
        this.#sink.byte(op.i64Shl);
        this.#sink.byte(op.i64Or);
      }
      this.#trapIfNegative();
    }
    this.#state = inLocal;
  }

  /** Whether the word is wanted in the global before anything else happens to it. */
  #wantsGlobal(from: number): boolean {
    const scan = this.#scan;
    for (let event = from; event < scan.events; event += 1) {
      switch (scan.kind[event]) {
        case layout.block:
          continue;
        case layout.call:
          return true;
        case layout.end:
          if (event === scan.events - 1) return !this.#wrapped;
          return !this.#keepsLocal;
        case layout.return:
          return !this.#wrapped;
        case layout.if: {
          const flags = scan.flags[scan.argument[event]!]!;
          if ((flags & frameFlag.hasElse) !== 0 || (flags & (frameFlag.endLive | frameFlag.labelUsed)) === 0) return false;
          return !this.#keepsLocal;
        }
        case layout.else:
        case layout.branch:
        case layout.branchIf:
        case layout.branchTable:
        case layout.loop:
          return !this.#keepsLocal;
        default:
          return false;
      }
    }
    return true;
  }

  /** Traps when the 64-bit number on top of the stack is negative, leaving the word where the host can read it. */
  #trapIfNegative(): void {
    const sink = this.#sink;
    this.#constant(0);
    sink.byte(op.i64LtS);
    sink.byte(op.if);
    sink.byte(voidType);
    this.#getLocal();
    this.#setGlobal();
    sink.byte(op.unreachable);
    sink.byte(op.end);
  }

  /** Brings the word to where the label of `frame` wants it. */
  #settle(frame: number): void {
    if (this.#wantsLocal(frame)) this.#load();
    else this.#spill();
  }

  /** What is known behind the label of `frame`, however it was reached. */
  #join(frame: number): void {
    if (this.#isCatchTarget(frame)) this.#restoreDepth();
    else this.#state = this.#wantsLocal(frame) ? inLocal : inGlobal;
  }

  #wantsLocal(frame: number): boolean {
    if (this.#isCatchTarget(frame)) return false;
    return this.#keepsLocal || (frame === 0 && this.#wrapped);
  }

  #isCatchTarget(frame: number): boolean {
    return (this.#scan.flags[frame]! & frameFlag.catchTarget) !== 0;
  }

  /** After a catch: the frames between thrower and catcher are gone, so this function's own depth holds again. */
  #restoreDepth(): void {
    this.#indexed(op.globalGet, this.#context.global);
    this.#constant(-fuelScale);
    this.#sink.byte(op.i64And);
    this.#indexed(op.localGet, this.#savedDepth);
    this.#sink.byte(op.i64Or);
    this.#indexed(op.localSet, this.#local);
    this.#state = inLocal;
  }

  /** Gives the function's stack back and leaves the word in the global. */
  #leave(): void {
    const { depthUnits } = this.#context;
    if (depthUnits === 0) {
      this.#spill();
      return;
    }
    this.#getWord();
    this.#constant(depthUnits);
    this.#sink.byte(op.i64Add);
    this.#setGlobal();
    this.#state = inGlobal;
  }

  #load(): void {
    if (this.#state !== inGlobal) return;
    this.#indexed(op.globalGet, this.#context.global);
    this.#indexed(op.localSet, this.#local);
    this.#state = inBoth;
  }

  #spill(): void {
    if (this.#state !== inLocal) return;
    this.#getLocal();
    this.#setGlobal();
    this.#state = inBoth;
  }

  #getWord(): void {
    if (this.#state === inGlobal) this.#indexed(op.globalGet, this.#context.global);
    else this.#getLocal();
  }

  #getLocal(): void {
    this.#indexed(op.localGet, this.#local);
  }

  #setGlobal(): void {
    this.#indexed(op.globalSet, this.#context.global);
  }

  #indexed(opcode: number, index: number): void {
    this.#sink.byte(opcode);
    this.#sink.unsigned(index);
  }

  #constant(value: number): void {
    this.#sink.byte(op.i64Const);
    this.#sink.signed(value);
  }

  #push(kind: number, frame: number): void {
    this.#depth += 1;
    if (this.#depth >= this.#stackFrame.length) this.#growStack();
    this.#stackFrame[this.#depth] = frame;
    this.#stackKind[this.#depth] = kind;
    this.#stackState[this.#depth] = this.#state;
  }

  #growStack(): void {
    const capacity = this.#stackFrame.length * 2;
    const frames = new Int32Array(capacity);
    const kinds = new Uint8Array(capacity);
    const states = new Uint8Array(capacity);
    frames.set(this.#stackFrame);
    kinds.set(this.#stackKind);
    states.set(this.#stackState);
    this.#stackFrame = frames;
    this.#stackKind = kinds;
    this.#stackState = states;
  }

  #copyUntil(position: number): void {
    if (position > this.#copied) {
      this.#sink.copy(this.#bytes, this.#copied, position);
      this.#copied = position;
    }
  }
}
