import { type BodyScan, eventKind, frameFlag, type ScannedBody } from './body-scan.js';
import type { ByteSink } from './byte-sink.js';
import type { FunctionRole } from './call-graph.js';
import { layout } from './opcodes.js';

/** What the writer has to know about a function besides its body. */
export interface FunctionContext extends FunctionRole {
  readonly parameters: number;
  /** Encoded block type that stands for the function's results. */
  readonly resultType: Uint8Array;
  /** Index of the global that holds the fuel; the next one holds the free stack. */
  readonly global: number;
}

/**
 * Where the current fuel is: only in the global, in the global and the local alike, or only in the local. Between two
 * joins of control flow it stays wherever it was last needed, so that most charges touch a register.
 */
const inGlobal = 0;
const inBoth = 1;
const inLocal = 2;

/** Where a label wants the fuel: both, so that no code is needed, is what nobody can promise. */
const undecided = 0;
const wantsGlobal = 1;
const wantsLocal = 2;

const op = {
  unreachable: 0x00,
  block: 0x02,
  end: 0x0b,
  br: 0x0c,
  brIf: 0x0d,
  return: 0x0f,
  localGet: 0x20,
  localSet: 0x21,
  localTee: 0x22,
  globalGet: 0x23,
  globalSet: 0x24,
  i32Const: 0x41,
  i64Const: 0x42,
  i32Ne: 0x47,
  i32LtS: 0x48,
  i64LtS: 0x53,
  i32Add: 0x6a,
  i32Sub: 0x6b,
  i32Mul: 0x6c,
  i64Add: 0x7c,
  i64Sub: 0x7d,
  i64Mul: 0x7e,
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
  /** For each structured instruction: where its label wants the fuel, once the first way to it has decided. */
  #wanted: Uint8Array;
  #body: ScannedBody;
  #local = 0;
  #scratch = 0;
  #stack = 0;
  #context: FunctionContext;
  /** Whether a block stands around the body, to which everything branches that leaves the function. */
  #wrapped = false;
  /** Whether a block stands around all of that, behind which the trap lies. */
  #checks = false;
  #depth = 0;
  #stackFrame = new Int32Array(256);
  #stackKind = new Uint8Array(256);
  #stackState = new Uint8Array(256);

  /** For the bodies that `scan` has seen; `first` and `context` only give the fields their values. */
  constructor(scan: BodyScan, sink: ByteSink, bytes: Uint8Array, first: ScannedBody, context: FunctionContext) {
    this.#scan = scan;
    this.#wanted = new Uint8Array(scan.frames).fill(undecided);
    this.#body = first;
    this.#sink = sink;
    this.#bytes = bytes;
    this.#context = context;
  }

  /** Writes one scanned body. */
  write(context: FunctionContext, body: ScannedBody): void {
    const scan = this.#scan;
    this.#context = context;
    this.#body = body;
    this.#sink.reserve((body.end - body.start) * 2 + (body.endEvent - body.firstEvent + 3) * mostBytesPerEvent);
    this.#writeLocals();
    this.#copied = body.localsEnd;
    this.#state = inGlobal;
    this.#depth = 0;
    this.#stackFrame[0] = body.frame;
    this.#stackKind[0] = layout.block;
    const functionFlags = scan.flags[body.frame]!;
    this.#checks = context.checksEntry || body.hasLoop || body.needsScratch;
    const hasExitCode = this.#checks || this.#isCatchTarget(body.frame);
    this.#wrapped = (functionFlags & frameFlag.labelUsed) !== 0 && hasExitCode;
    if (this.#checks) {
      // Checks branch out of this block to the one trap behind it: the engine then lays the way on out straight.
      this.#sink.byte(op.block);
      this.#sink.byte(voidType);
    }
    this.#enter();
    if (this.#wrapped) {
      this.#sink.byte(op.block);
      this.#sink.copy(context.resultType, 0, context.resultType.length);
    }
    for (let event = body.firstEvent; event < body.endEvent; event += 1) this.#event(event);
    this.#copyUntil(body.end);
  }

  #writeLocals(): void {
    const body = this.#body;
    const sink = this.#sink;
    const counted = this.#context.depthUnits > 0;
    this.#local = this.#context.parameters + body.locals;
    this.#stack = this.#local + 1;
    this.#scratch = this.#local + (counted ? 2 : 1);
    const numbers = (counted ? 1 : 0) + (body.needsScratch ? 2 : 0);
    sink.unsigned(body.localGroups + (numbers > 0 ? 2 : 1));
    let at = body.start;
    while (this.#bytes[at++]! >= 128);
    sink.copy(this.#bytes, at, body.localsEnd);
    sink.byte(1);
    sink.byte(0x7e);
    if (numbers === 0) return;
    sink.byte(numbers);
    sink.byte(0x7f);
  }

  /** Charges the function's first region and its stack, and checks both where a runaway would pass by. */
  #enter(): void {
    const { depthUnits, checksEntry } = this.#context;
    const wrapped = this.#wrapped;
    // The block around the body is not open yet.
    this.#wrapped = false;
    this.#charge(this.#scan.cost[this.#body.firstRegion]!, checksEntry, this.#body.firstEvent);
    if (depthUnits > 0) {
      const sink = this.#sink;
      this.#indexed(op.globalGet, this.#context.global + 1);
      sink.byte(op.i32Const);
      sink.signed(depthUnits);
      sink.byte(op.i32Sub);
      this.#indexed(op.localTee, this.#stack);
      this.#indexed(op.globalSet, this.#context.global + 1);
      this.#indexed(op.localGet, this.#stack);
      sink.byte(op.i32Const);
      sink.byte(0);
      sink.byte(op.i32LtS);
      this.#indexed(op.brIf, 0);
    }
    this.#wrapped = wrapped;
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
      this.#charge(scan.cost[region]!, checked, event + 1);
    }
  }

  /** Returns whether the loop can be repeated, so that its head needs a check. */
  #loop(position: number, next: number, frame: number): boolean {
    const repeated = (this.#scan.flags[frame]! & frameFlag.labelUsed) !== 0;
    if (repeated) {
      this.#copyUntil(position);
      // The check at the head needs it in the local anyway.
      if (!this.#isCatchTarget(frame)) this.#load();
      this.#settle(frame);
      this.#copyUntil(next);
      this.#join(frame);
    }
    this.#push(layout.loop, frame);
    return repeated;
  }

  #if(position: number, frame: number): void {
    const flags = this.#scan.flags[frame]!;
    // Without an else, the way past the if has no place for code, so the fuel has to be where the join wants it.
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
    const live =
      this.#stackKind[this.#depth] === layout.catch || (this.#scan.flags[frame]! & frameFlag.firstArmLive) !== 0;
    if (live) this.#settle(frame);
    this.#stackKind[this.#depth] = layout.catch;
    this.#copyUntil(next);
    this.#restoreStack();
    this.#state = inGlobal;
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
    const sink = this.#sink;
    this.#copyUntil(position);
    if (this.#wrapped) {
      if (live) this.#settle(this.#body.frame);
      sink.byte(op.end);
      this.#join(this.#body.frame);
    }
    if (this.#wrapped || live) this.#leave();
    if (!this.#checks) return;
    // Also where nothing arrives: by its types, the code may look as if something did.
    sink.byte(op.return);
    sink.byte(op.end);
    this.#getLocal();
    this.#setGlobal();
    sink.byte(op.unreachable);
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
    this.#settle(this.#body.frame);
    if (!this.#wrapped) return;
    this.#indexed(op.br, this.#depth);
    this.#copied = next;
  }

  /** `memory.fill` and its like: charges the length, which lies on top of the stack, before the work is done. */
  #bulk(position: number): void {
    this.#copyUntil(position);
    const sink = this.#sink;
    this.#indexed(op.localTee, this.#scratch);
    this.#getFuel();
    this.#indexed(op.localGet, this.#scratch);
    sink.byte(op.i64ExtendI32U);
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
    this.#constant(-1);
    sink.byte(op.i64Mul);
    this.#getFuel();
    sink.byte(op.i64Add);
    this.#indexed(op.localSet, this.#local);
    this.#state = inLocal;
    this.#indexed(op.localGet, this.#scratch + 1);
  }

  /** Subtracts a region's cost. */
  #charge(cost: number, checked: boolean, nextEvent: number): void {
    this.#getFuel();
    if (cost > 0) {
      this.#constant(cost);
      this.#sink.byte(op.i64Sub);
    }
    if (checked) {
      this.#indexed(op.localTee, this.#local);
      this.#trapIfNegative();
    } else if (this.#state === inGlobal && this.#isNeededInGlobal(nextEvent)) {
      this.#setGlobal();
      return;
    } else {
      this.#indexed(op.localSet, this.#local);
    }
    this.#state = inLocal;
  }

  /** Whether the next thing that happens to the fuel is that it has to be in the global. */
  #isNeededInGlobal(from: number): boolean {
    const scan = this.#scan;
    let event = from;
    const end = this.#body.endEvent;
    while (event < end && scan.kind[event] === layout.block) event += 1;
    if (event >= end - 1) return !this.#wrapped;
    return scan.kind[event] === layout.call || (scan.kind[event] === layout.return && !this.#wrapped);
  }

  /** Goes to the trap when the 64-bit number on top of the stack is negative; the fuel has to be in the local. */
  #trapIfNegative(): void {
    this.#constant(0);
    this.#sink.byte(op.i64LtS);
    this.#indexed(op.brIf, this.#depth + (this.#wrapped ? 1 : 0));
  }

  /** Brings the fuel to where the label of `frame` wants it; the first way to a label decides for all. */
  #settle(frame: number): void {
    if (this.#wanted[frame] === undecided) this.#wanted[frame] = this.#decide(frame);
    if (this.#wanted[frame] === wantsLocal) this.#load();
    else this.#spill();
  }

  #decide(frame: number): number {
    if (this.#isCatchTarget(frame)) return wantsGlobal;
    if (frame === this.#body.frame && !this.#wrapped) return wantsGlobal;
    return this.#state === inGlobal ? wantsGlobal : wantsLocal;
  }

  /** What is known behind the label of `frame`, however it was reached. */
  #join(frame: number): void {
    if (this.#isCatchTarget(frame)) this.#restoreStack();
    this.#state = this.#wanted[frame] === wantsLocal ? inLocal : inGlobal;
  }

  #isCatchTarget(frame: number): boolean {
    return (this.#scan.flags[frame]! & frameFlag.catchTarget) !== 0;
  }

  /** After a catch: the frames between thrower and catcher are gone, so this function's own stack holds again. */
  #restoreStack(): void {
    if (this.#context.depthUnits === 0) return;
    this.#indexed(op.localGet, this.#stack);
    this.#indexed(op.globalSet, this.#context.global + 1);
  }

  /** Gives the function's stack back and leaves the fuel in the global. */
  #leave(): void {
    const { depthUnits } = this.#context;
    if (depthUnits > 0) {
      this.#indexed(op.localGet, this.#stack);
      this.#sink.byte(op.i32Const);
      this.#sink.signed(depthUnits);
      this.#sink.byte(op.i32Add);
      this.#indexed(op.globalSet, this.#context.global + 1);
    }
    this.#spill();
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

  #getFuel(): void {
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
