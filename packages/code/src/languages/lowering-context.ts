import { FunctionBuilder } from '../ir/function-builder.js';
import type { CallArgument } from '../ir/instruction.js';
import type { IrFunction } from '../ir/module.js';
import type { FlatTree } from '../syntax/flat-tree.js';

/** What the lowering of one module shares, whatever its language. */
export class LoweringContext {
  readonly tree: FlatTree;
  readonly functions: (IrFunction | undefined)[] = [undefined];
  readonly imports = new Set<string>();
  fn: FunctionBuilder;
  /** Node of the function being lowered, 0 for the module. */
  functionNode = 0;

  constructor(tree: FlatTree) {
    this.tree = tree;
    this.fn = new FunctionBuilder({
      index: 0,
      name: '<module>',
      path: '',
      isAsync: false,
      isGenerator: false,
      hasLexicalThis: false,
      start: 0,
      end: tree.text.length,
    });
  }

  /** Sets the span of the instructions that a node becomes. */
  at(node: number): void {
    this.fn.at(this.tree.start[node] as number, this.tree.end[node] as number);
  }

  /** An argument with the span of its node. */
  argument(node: number, slot: number, kind: CallArgument['kind'] = 'plain', name = ''): CallArgument {
    return { slot, kind, name, start: this.tree.start[node] as number, end: this.tree.end[node] as number };
  }

  /** Dotted path of a function or class of this name at the present place. */
  pathOf(name: string): string {
    const outer = this.fn.head.path;
    return outer === '' ? name : `${outer}.${name}`;
  }

  /** Two-way merge of values: each part leaves its value in the returned slot. */
  choose(test: number, yes: () => number, no: () => number): number {
    const { fn } = this;
    const dst = fn.newSlot();
    const yesBlock = fn.newBlock();
    const noBlock = fn.newBlock();
    const after = fn.newBlock();
    fn.branch(test, yesBlock, noBlock);
    for (const [block, part] of [
      [yesBlock, yes],
      [noBlock, no],
    ] as const) {
      fn.enter(block);
      fn.emit('move', { a: part() }, dst);
      fn.jump(after);
    }
    fn.enter(after);
    return dst;
  }

  /**
   * Lowers the code below a node as a function of its own and returns its index in the module. `body` is called with
   * the new builder in place.
   */
  nested(options: { node: number; name: string; path: string; flags: NestedFlags }, body: () => void): number {
    const { node } = options;
    const index = this.functions.push(undefined) - 1;
    const outer = { fn: this.fn, functionNode: this.functionNode };
    this.fn = new FunctionBuilder({
      index,
      name: options.name,
      path: options.path,
      ...options.flags,
      start: this.tree.start[node] as number,
      end: this.tree.end[node] as number,
    });
    this.functionNode = node;
    body();
    this.functions[index] = this.fn.build();
    this.fn = outer.fn;
    this.functionNode = outer.functionNode;
    return index;
  }
}

/** Properties of a nested function. */
export interface NestedFlags {
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  readonly hasLexicalThis: boolean;
}
