import type { FlatTree } from '../../syntax/flat-tree.js';
import { LoweringContext } from '../lowering-context.js';
import { type PyBinding, PyScopes } from './scopes.js';

/** What the lowering of one Python module shares. */
export class PyContext extends LoweringContext {
  readonly scopes: PyScopes;
  readonly starImports: string[] = [];

  constructor(tree: FlatTree) {
    super(tree);
    this.scopes = new PyScopes(tree);
  }

  /** Slot with the present value of a name at a node. */
  read(node: number, name = this.tree.textOf(node)): number {
    const binding = this.scopes.resolve(node, name);
    if (binding !== undefined) return this.readBinding(binding);
    if (this.starImports.length > 0) {
      const hops = this.scopes.hops(this.functionNode, 0);
      return this.fn.compute('loadCell', { a: hops, name });
    }
    return this.fn.compute('global', { name });
  }

  /** Slot with the present value of a variable. */
  readBinding(binding: PyBinding): number {
    if (!binding.captured) return this.slotOf(binding);
    return this.fn.compute('loadCell', {
      a: this.scopes.hops(this.functionNode, binding.functionNode),
      name: binding.cell,
    });
  }

  /** Assigns a slot to the variable that a name means at a node. */
  write(node: number, value: number, name = this.tree.textOf(node)): void {
    const binding = this.scopes.resolve(node, name);
    if (binding === undefined) return;
    if (!binding.captured) this.fn.emit('move', { a: value }, this.slotOf(binding));
    else {
      const hops = this.scopes.hops(this.functionNode, binding.functionNode);
      this.fn.emit('storeCell', { a: hops, name: binding.cell, b: value });
    }
  }

  /** Slot of a variable that is not captured. */
  slotOf(binding: PyBinding): number {
    if (binding.slot < 0) binding.slot = this.fn.newSlot(binding.name);
    return binding.slot;
  }
}
