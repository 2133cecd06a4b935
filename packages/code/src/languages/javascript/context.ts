import type { ModuleExport } from '../../ir/module.js';
import type { FlatTree } from '../../syntax/flat-tree.js';
import { LoweringContext } from '../lowering-context.js';
import { type Binding, identifierName, Scopes } from './scopes.js';

/** What the lowering of one JavaScript or TypeScript module shares. */
export class JsContext extends LoweringContext {
  readonly scopes: Scopes;
  readonly exports = new Map<string, ModuleExport>();
  readonly starExports: string[] = [];

  constructor(tree: FlatTree) {
    super(tree);
    this.scopes = new Scopes(tree);
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
}
