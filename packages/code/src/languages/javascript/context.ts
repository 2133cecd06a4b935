import { FunctionBuilder } from '../../ir/function-builder.js';
import type { CallArgument } from '../../ir/instruction.js';
import type { IrFunction, ModuleExport } from '../../ir/module.js';
import type { FlatTree } from '../../syntax/flat-tree.js';
import { type Binding, identifierName, Scopes } from './scopes.js';

/** What the lowering of one JavaScript or TypeScript module shares. */
export class JsContext {
  readonly tree: FlatTree;
  readonly scopes: Scopes;
  readonly functions: (IrFunction | undefined)[] = [];
  readonly exports = new Map<string, ModuleExport>();
  readonly starExports: string[] = [];
  readonly imports = new Set<string>();
  fn: FunctionBuilder;
  /** Node of the function being lowered, 0 for the module. */
  functionNode = 0;

  constructor(tree: FlatTree, moduleEnd: number) {
    this.tree = tree;
    this.scopes = new Scopes(tree);
    this.functions.push(undefined);
    this.fn = new FunctionBuilder({
      index: 0,
      name: '<module>',
      path: '',
      isAsync: false,
      isGenerator: false,
      hasLexicalThis: false,
      start: 0,
      end: moduleEnd,
    });
  }

  /** Sets the span of the instructions that a node becomes. */
  at(node: number): void {
    this.fn.at(this.tree.start[node] as number, this.tree.end[node] as number);
  }

  /** An argument with the span of its node. */
  argument(node: number, slot: number, kind: CallArgument['kind'] = 'plain'): CallArgument {
    return { slot, kind, name: '', start: this.tree.start[node] as number, end: this.tree.end[node] as number };
  }

  /** Slot with the present value of a name at a node. */
  read(node: number, name = identifierName(this.tree, node)): number {
    const binding = this.scopes.resolve(node, name);
    if (binding === undefined) {
      return name === 'undefined' ? this.fn.constant(undefined) : this.fn.compute('global', { name });
    }
    if (binding.imported !== undefined) {
      return this.fn.compute('import', { name: binding.imported.from, value: binding.imported.name });
    }
    if (!binding.captured) return this.slotOf(binding);
    return this.fn.compute('loadCell', { a: this.hops(binding), name: binding.cell });
  }

  /** Assigns a slot to the variable that a name means at a node. */
  write(node: number, value: number, name = identifierName(this.tree, node)): void {
    const binding = this.scopes.resolve(node, name);
    if (binding === undefined)
      this.fn.emit('storeField', { a: this.fn.compute('global', { name: 'globalThis' }), name, b: value });
    else if (binding.captured) this.fn.emit('storeCell', { a: this.hops(binding), name: binding.cell, b: value });
    else this.fn.emit('move', { a: value }, this.slotOf(binding));
  }

  /** Slot of a variable that is not captured. */
  slotOf(binding: Binding): number {
    if (binding.slot < 0) binding.slot = this.fn.newSlot(binding.name);
    return binding.slot;
  }

  /** Environments between the present function and the one that owns a binding. */
  hops(binding: Binding): number {
    return this.scopes.hops(this.functionNode, binding.functionNode);
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
}
