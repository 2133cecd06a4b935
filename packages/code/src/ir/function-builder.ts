import type { Block, CallArgument, Constant, Instruction, Op, Terminator } from './instruction.js';
import type { IrClass, IrFunction, Parameter } from './module.js';

/** What an instruction may carry besides its operation. */
export interface Operands {
  readonly a?: number;
  readonly b?: number;
  readonly c?: number;
  readonly name?: string;
  readonly value?: Constant;
  readonly args?: readonly CallArgument[];
  readonly target?: number;
  readonly classInfo?: IrClass;
}

interface OpenBlock {
  readonly instructions: Instruction[];
  terminator: Terminator | undefined;
  readonly handler: number;
}

/** Where `break` and `continue` lead; `finals` counts the finally blocks that lie around it. */
export interface JumpTarget {
  readonly label: string;
  readonly breakTo: number;
  /** -1 where `continue` does not apply. */
  readonly continueTo: number;
  readonly finals: number;
}

/** A `finally` that every way out of its statement passes. */
interface Final {
  readonly block: number;
  /** Slot that says where to go on afterwards. */
  readonly completion: number;
  readonly exits: { readonly code: number; readonly leave: () => void }[];
}

interface FunctionHead {
  readonly index: number;
  readonly name: string;
  readonly path: string;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly hasLexicalThis: boolean;
  readonly start: number;
  readonly end: number;
}

/** Builds the blocks of one function in program order. */
export class FunctionBuilder {
  readonly head: FunctionHead;
  readonly parameters: Parameter[] = [];
  readonly targets: JumpTarget[] = [];
  readonly #finals: Final[] = [];
  readonly #blocks: OpenBlock[] = [];
  readonly #slotNames: string[] = [];
  readonly #handlers: number[] = [-1];
  #current = 0;
  /** Span given to instructions that are emitted next. */
  start = 0;
  end = 0;
  #returnSlot = -1;

  constructor(head: FunctionHead) {
    this.head = head;
    this.newBlock();
  }

  /** A fresh slot; a name makes it a variable's. */
  newSlot(name = ''): number {
    this.#slotNames.push(name);
    return this.#slotNames.length - 1;
  }

  /** A fresh, unconnected block under the present exception handler. */
  newBlock(): number {
    this.#blocks.push({ instructions: [], terminator: undefined, handler: this.#handlers.at(-1) as number });
    return this.#blocks.length - 1;
  }

  /** Goes on in a block. */
  enter(block: number): void {
    this.#current = block;
  }

  /** Whether the present block was ended already, so that what follows cannot be reached. */
  get isClosed(): boolean {
    return this.#block.terminator !== undefined;
  }

  get #block(): OpenBlock {
    return this.#blocks[this.#current] as OpenBlock;
  }

  /** Sets the span of what is emitted next. */
  at(start: number, end: number): void {
    this.start = start;
    this.end = end;
  }

  /** Appends an instruction without a result. */
  emit(op: Op, operands: Operands, dst = -1): void {
    if (this.isClosed) this.enter(this.newBlock());
    this.#block.instructions.push({
      op,
      dst,
      a: operands.a ?? -1,
      b: operands.b ?? -1,
      c: operands.c ?? -1,
      name: operands.name ?? '',
      value: operands.value,
      args: operands.args ?? [],
      target: operands.target ?? -1,
      classInfo: operands.classInfo,
      start: this.start,
      end: this.end,
    });
  }

  /** Appends an instruction and returns the fresh slot of its result. */
  compute(op: Op, operands: Operands = {}): number {
    const dst = this.newSlot();
    this.emit(op, operands, dst);
    return dst;
  }

  /** The instruction that was emitted last in the present block. */
  get lastInstruction(): Instruction {
    return this.#block.instructions.at(-1) as Instruction;
  }

  /** A slot with a literal. */
  constant(value: Constant): number {
    return this.compute('const', { value });
  }

  /** Ends the present block unless it was ended already. */
  terminate(terminator: Terminator): void {
    if (!this.isClosed) this.#block.terminator = terminator;
  }

  jump(target: number): void {
    this.terminate({ kind: 'jump', target });
  }

  branch(test: number, yes: number, no: number): void {
    this.terminate({ kind: 'branch', test, yes, no });
  }

  throwValue(value: number): void {
    this.terminate({ kind: 'throw', value, start: this.start, end: this.end });
  }

  /** Leaves the function with a value, through every `finally` around. */
  returnValue(value: number): void {
    if (this.#finals.length === 0) {
      this.terminate({ kind: 'return', value, start: this.start, end: this.end });
      return;
    }
    if (this.#returnSlot < 0) this.#returnSlot = this.newSlot();
    this.emit('move', { a: value }, this.#returnSlot);
    const { start, end } = this;
    this.#leaveFinals(0, () => this.terminate({ kind: 'return', value: this.#returnSlot, start, end }));
  }

  /** Number of finally blocks around the present place. */
  get finalDepth(): number {
    return this.#finals.length;
  }

  /** Leaves loops or switches: to the innermost target, or to the labelled one. */
  leave(kind: 'break' | 'continue', label: string): void {
    const target = this.targets.findLast(
      (candidate) => candidate.label === label && (label !== '' || kind === 'break' || candidate.continueTo >= 0),
    );
    if (target === undefined) {
      this.terminate({ kind: 'stop' });
      return;
    }
    const block = kind === 'break' ? target.breakTo : target.continueTo;
    if (block < 0) this.terminate({ kind: 'stop' });
    else this.#leaveFinals(target.finals, () => this.jump(block));
  }

  /** Runs the innermost finally first, which then goes on with the rest of the way out. */
  #leaveFinals(keep: number, leave: () => void): void {
    const final = this.#finals.at(-1);
    if (final === undefined || this.#finals.length <= keep) {
      leave();
      return;
    }
    const code = final.exits.length + 2;
    final.exits.push({ code, leave: () => this.#leaveFinals(keep, leave) });
    this.emit('const', { value: code }, final.completion);
    this.jump(final.block);
  }

  /**
   * Lowers a guarded statement. The handler catches what the body throws; the final block is passed on every way out,
   * remembered in a completion slot so that only feasible continuations are taken.
   */
  guarded(parts: { body: () => void; handler?: () => void; final?: () => void; otherwise?: () => void }): void {
    const after = this.newBlock();
    const { handler, final } = parts;
    const finalBlock = final ? this.newBlock() : -1;
    const completion = final ? this.newSlot() : -1;
    const rethrow = final ? this.newBlock() : -1;
    if (final) {
      this.#finals.push({ block: finalBlock, completion, exits: [] });
      this.#handlers.push(rethrow);
    }
    const handlerBlock = handler ? this.newBlock() : -1;
    if (handler) this.#handlers.push(handlerBlock);
    const body = this.newBlock();
    this.jump(body);
    this.enter(body);
    parts.body();
    const afterBody = this.#newBlockAfter();
    if (handler) this.#handlers.pop();
    this.enter(afterBody);
    parts.otherwise?.();
    this.#finish(finalBlock, completion, after);
    if (handler) {
      this.enter(handlerBlock);
      handler();
      this.#finish(finalBlock, completion, after);
    }
    if (final) this.#lowerFinal({ final, finalBlock, completion, rethrow, after });
    this.enter(after);
  }

  /** A block outside the present handler that the present block goes on to. */
  #newBlockAfter(): number {
    const saved = this.#handlers.pop() as number;
    const block = this.newBlock();
    this.#handlers.push(saved);
    this.jump(block);
    return block;
  }

  #finish(finalBlock: number, completion: number, after: number): void {
    if (this.isClosed) return;
    if (finalBlock < 0) {
      this.jump(after);
      return;
    }
    this.emit('const', { value: 0 }, completion);
    this.jump(finalBlock);
  }

  #lowerFinal(parts: {
    final: () => void;
    finalBlock: number;
    completion: number;
    rethrow: number;
    after: number;
  }): void {
    const { exits } = this.#finals.pop() as Final;
    this.#handlers.pop();
    this.enter(parts.rethrow);
    const error = this.compute('caught');
    this.emit('const', { value: 1 }, parts.completion);
    this.jump(parts.finalBlock);
    this.enter(parts.finalBlock);
    parts.final();
    if (this.isClosed) return;
    this.#dispatch(parts.completion, 1, () => this.throwValue(error));
    for (const exit of exits) this.#dispatch(parts.completion, exit.code, exit.leave);
    this.jump(parts.after);
  }

  #dispatch(completion: number, code: number, leave: () => void): void {
    const test = this.compute('binary', { a: completion, b: this.constant(code), name: '===' });
    const yes = this.newBlock();
    const no = this.newBlock();
    this.branch(test, yes, no);
    this.enter(yes);
    leave();
    this.enter(no);
  }

  /** The finished function. Blocks that were left open end it with no value. */
  build(): IrFunction {
    const blocks: Block[] = this.#blocks.map((block) => ({
      instructions: block.instructions,
      terminator: block.terminator ?? { kind: 'stop' },
      handler: block.handler,
    }));
    return {
      ...this.head,
      parameters: this.parameters,
      slotCount: this.#slotNames.length,
      slotNames: this.#slotNames,
      blocks,
    };
  }
}
