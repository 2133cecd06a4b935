import type { Terminator } from './instruction.js';
import type { IrFunction } from './module.js';

/** What the control flow of a function looks like from its entry. */
export interface Flow {
  /** Reachable blocks in reverse postorder, handlers included. */
  readonly order: readonly number[];
  /** Position of each block in `order`, -1 where it cannot be reached. */
  readonly position: Int32Array;
  /** 1 for blocks that every way through the function passes exactly once. */
  readonly isCertain: Uint8Array;
}

/** Blocks that a terminator may lead to. */
export function successorsOf(terminator: Terminator): readonly number[] {
  switch (terminator.kind) {
    case 'jump':
      return [terminator.target];
    case 'branch':
      return [terminator.yes, terminator.no];
    default:
      return [];
  }
}

function reversePostorder(fn: IrFunction): number[] {
  const order: number[] = [];
  const state = new Uint8Array(fn.blocks.length);
  const stack: { block: number; next: number; successors: readonly number[] }[] = [];
  const enter = (block: number): void => {
    if (state[block] !== 0) return;
    state[block] = 1;
    const { terminator, handler } = fn.blocks[block] as (typeof fn.blocks)[number];
    const successors = handler < 0 ? successorsOf(terminator) : [handler, ...successorsOf(terminator)];
    stack.push({ block, next: 0, successors: [...successors].reverse() });
  };
  enter(0);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = top.successors[top.next];
    top.next += 1;
    if (successor !== undefined) enter(successor);
    else {
      order.push(top.block);
      stack.pop();
    }
  }
  return order.reverse();
}

/** Blocks that no edge jumps over and that lie in no loop. Ways that end in an exception do not count. */
function certainBlocks(fn: IrFunction, order: readonly number[], position: Int32Array): Uint8Array {
  const crossings = new Int32Array(order.length + 2);
  const span = (from: number, to: number): void => {
    // An edge forward skips what lies between; an edge backward repeats what lies between, both ends included.
    const first = from < to ? from + 1 : to;
    const last = from < to ? to - 1 : from;
    if (first > last) return;
    crossings[first] = (crossings[first] as number) + 1;
    crossings[last + 1] = (crossings[last + 1] as number) - 1;
  };
  order.forEach((block, at) => {
    const { terminator, handler } = fn.blocks[block] as (typeof fn.blocks)[number];
    for (const target of successorsOf(terminator)) span(at, position[target] as number);
    if (handler >= 0) span(at, position[handler] as number);
    if (terminator.kind === 'return') span(at, order.length);
  });
  const isCertain = new Uint8Array(fn.blocks.length);
  let open = 0;
  order.forEach((block, at) => {
    open += crossings[at] as number;
    isCertain[block] = open === 0 ? 1 : 0;
  });
  return isCertain;
}

const flows = new WeakMap<IrFunction, Flow>();

/** The control flow of a function, computed once. */
export function flowOf(fn: IrFunction): Flow {
  const known = flows.get(fn);
  if (known !== undefined) return known;
  const order = reversePostorder(fn);
  const position = new Int32Array(fn.blocks.length).fill(-1);
  order.forEach((block, at) => {
    position[block] = at;
  });
  const flow = { order, position, isCertain: certainBlocks(fn, order, position) };
  flows.set(fn, flow);
  return flow;
}
