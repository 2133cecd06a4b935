import type { CallArgument } from '../../ir/instruction.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import type { PyContext } from './context.js';
import { lowerComprehension } from './lower-comprehension.js';
import { lowerLambda } from './lower-function.js';
import { assignTarget } from './lower-target.js';
import { lowerText } from './lower-text.js';

const comprehensions = new Set([
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

function firstChild(cx: PyContext, node: number): number {
  return cx.tree.firstChild[node] as number;
}

/** Lowers an expression and returns the slot of its value. */
export function lowerExpression(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  if (node < 0) return fn.constant(null);
  const kind = tree.kindOf(node);
  if (comprehensions.has(kind)) return lowerComprehension(cx, node);
  switch (kind) {
    case 'identifier':
      cx.at(node);
      return cx.read(node);
    case 'string':
    case 'concatenated_string':
      return lowerText(cx, node);
    case 'integer':
    case 'float':
      cx.at(node);
      return fn.constant(
        Number(
          tree
            .textOf(node)
            .replace(/_|[lLjJ]$/g, '')
            .toLowerCase()
            .replace(/^0(?=\d)/, ''),
        ),
      );
    case 'true':
    case 'false':
      return fn.constant(kind === 'true');
    case 'none':
      return fn.constant(null);
    case 'parenthesized_expression':
    case 'type':
      return lowerExpression(cx, firstChild(cx, node));
    case 'list':
    case 'set':
    case 'tuple':
    case 'expression_list':
    case 'pattern_list':
      return lowerSequence(cx, node);
    case 'dictionary':
      return lowerDictionary(cx, node);
    case 'attribute': {
      const a = lowerExpression(cx, tree.childByField(node, 'object'));
      cx.at(node);
      return fn.compute('loadField', { a, name: tree.textOf(tree.childByField(node, 'attribute')) });
    }
    case 'subscript':
      return lowerSubscript(cx, node);
    case 'call':
      return lowerCall(cx, node);
    case 'binary_operator':
      return lowerBinary(cx, node);
    case 'boolean_operator':
      return lowerBoolean(cx, node);
    case 'comparison_operator':
      return lowerComparison(cx, node);
    case 'not_operator': {
      const a = lowerExpression(cx, tree.childByField(node, 'argument'));
      cx.at(node);
      return fn.compute('unary', { a, name: 'not' });
    }
    case 'unary_operator': {
      const a = lowerExpression(cx, tree.childByField(node, 'argument'));
      cx.at(node);
      return fn.compute('unary', { a, name: tree.detailOf(node) });
    }
    case 'conditional_expression':
      return lowerConditional(cx, node);
    case 'named_expression': {
      const value = lowerExpression(cx, tree.childByField(node, 'value'));
      cx.at(node);
      cx.write(tree.childByField(node, 'name'), value);
      return value;
    }
    case 'assignment':
    case 'augmented_assignment':
      return lowerAssignment(cx, node);
    case 'lambda':
      return lowerLambda(cx, node);
    case 'await':
      return fn.compute('await', { a: lowerExpression(cx, firstChild(cx, node)) });
    case 'yield': {
      const child = firstChild(cx, node);
      const a = child < 0 ? fn.constant(null) : lowerExpression(cx, child);
      return fn.compute('yield', { a, name: tree.hasFlag(node, nodeFlag.generator) ? 'from' : '' });
    }
    default: {
      for (const child of tree.childrenOf(node)) lowerExpression(cx, child);
      return fn.compute('global', { name: '<unknown>' });
    }
  }
}

function lowerSequence(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const args = tree.childrenOf(node).map((child) => {
    if (tree.kindOf(child) !== 'list_splat') return cx.argument(child, lowerExpression(cx, child));
    return cx.argument(child, lowerExpression(cx, firstChild(cx, child)), 'spread');
  });
  const names: Readonly<Record<string, string>> = { list: 'list', set: 'set' };
  cx.at(node);
  return fn.compute('list', { args, name: names[tree.kindOf(node)] ?? 'tuple' });
}

function lowerDictionary(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  cx.at(node);
  const dict = fn.compute('dict', { name: 'dict' });
  for (const entry of tree.childrenOf(node)) {
    if (tree.kindOf(entry) === 'dictionary_splat') {
      const b = lowerExpression(cx, firstChild(cx, entry));
      cx.at(entry);
      fn.emit('merge', { a: dict, b });
    } else if (tree.kindOf(entry) === 'pair') {
      const key = lowerExpression(cx, tree.childByField(entry, 'key'));
      const c = lowerExpression(cx, tree.childByField(entry, 'value'));
      cx.at(entry);
      fn.emit('storeIndex', { a: dict, b: key, c, name: 'literal' });
    }
  }
  return dict;
}

function lowerSubscript(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const a = lowerExpression(cx, tree.childByField(node, 'value'));
  const keys = tree.childrenByField(node, 'subscript');
  if (keys.some((key) => tree.kindOf(key) === 'slice')) {
    for (const key of keys) for (const bound of tree.childrenOf(key)) lowerExpression(cx, bound);
    cx.at(node);
    const bounds = keys.length === 1 ? tree.textOf(keys[0] as number).replace(/\s+/g, '') : '';
    return fn.compute('slice', { a, name: /^[-\d]*:[-\d]*$/.test(bounds) ? bounds : '' });
  }
  const slots = keys.map((key) => cx.argument(key, lowerExpression(cx, key)));
  cx.at(node);
  const b = slots.length === 1 ? (slots[0] as CallArgument).slot : fn.compute('list', { args: slots, name: 'tuple' });
  return fn.compute('loadIndex', { a, b });
}

/** Arguments of a call, a decorator or a list of base classes. */
export function lowerArguments(cx: PyContext, list: number): CallArgument[] {
  const { tree } = cx;
  if (list < 0) return [];
  if (tree.kindOf(list) === 'generator_expression') return [cx.argument(list, lowerExpression(cx, list))];
  return tree.childrenOf(list).map((child) => {
    switch (tree.kindOf(child)) {
      case 'keyword_argument': {
        const slot = lowerExpression(cx, tree.childByField(child, 'value'));
        return cx.argument(child, slot, 'keyword', tree.textOf(tree.childByField(child, 'name')));
      }
      case 'list_splat':
        return cx.argument(child, lowerExpression(cx, firstChild(cx, child)), 'spread');
      case 'dictionary_splat':
        return cx.argument(child, lowerExpression(cx, firstChild(cx, child)), 'keywords');
      default:
        return cx.argument(child, lowerExpression(cx, child));
    }
  });
}

function isSuperCall(cx: PyContext, node: number): boolean {
  const { tree } = cx;
  return tree.kindOf(node) === 'call' && tree.textOf(tree.childByField(node, 'function')) === 'super';
}

function lowerCall(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const callee = tree.childByField(node, 'function');
  const list = tree.childByField(node, 'arguments');
  if (tree.kindOf(callee) !== 'attribute') {
    const a = lowerExpression(cx, callee);
    const args = lowerArguments(cx, list);
    cx.at(node);
    return fn.compute('call', { a, args });
  }
  const object = tree.childByField(callee, 'object');
  const name = tree.textOf(tree.childByField(callee, 'attribute'));
  if (isSuperCall(cx, object)) {
    const args = lowerArguments(cx, list);
    cx.at(node);
    return fn.compute('superCall', { args, name });
  }
  const a = lowerExpression(cx, object);
  const args = lowerArguments(cx, list);
  cx.at(node);
  return fn.compute('callMethod', { a, name, args });
}

/** Long chains such as `a + b + c + …` lean to the left; they are walked without recursion. */
function lowerBinary(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const spine: number[] = [];
  let left = node;
  for (; tree.kindOf(left) === 'binary_operator'; left = tree.childByField(left, 'left')) spine.push(left);
  let value = lowerExpression(cx, left);
  for (const at of spine.reverse()) {
    const b = lowerExpression(cx, tree.childByField(at, 'right'));
    cx.at(at);
    value = fn.compute('binary', { a: value, b, name: tree.detailOf(at) });
  }
  return value;
}

function lowerBoolean(cx: PyContext, node: number): number {
  const { tree } = cx;
  const spine: number[] = [];
  let left = node;
  for (; tree.kindOf(left) === 'boolean_operator'; left = tree.childByField(left, 'left')) spine.push(left);
  let value = lowerExpression(cx, left);
  for (const at of spine.reverse()) {
    const before = value;
    const right = (): number => lowerExpression(cx, tree.childByField(at, 'right'));
    value =
      tree.detailOf(at) === 'and' ? cx.choose(before, right, () => before) : cx.choose(before, () => before, right);
  }
  return value;
}

function operandsOf(cx: PyContext, node: number): { operands: number[]; operators: string[] } {
  const { tree } = cx;
  const children = tree.childrenOf(node);
  return {
    operands: children.filter((child) => tree.fieldOf(child) !== 'operators'),
    operators: children.filter((child) => tree.fieldOf(child) === 'operators').map((child) => tree.kindOf(child)),
  };
}

function lowerComparison(cx: PyContext, node: number): number {
  const { fn } = cx;
  const { operands, operators } = operandsOf(cx, node);
  let left = lowerExpression(cx, operands[0] ?? -1);
  let result = -1;
  operators.forEach((name, index) => {
    const right = lowerExpression(cx, operands[index + 1] ?? -1);
    cx.at(node);
    const test = fn.compute('binary', { a: left, b: right, name });
    result =
      result < 0
        ? test
        : fn.compute('unary', {
            a: cx.choose(
              result,
              () => test,
              () => result,
            ),
            name: 'bool',
          });
    left = right;
  });
  return result;
}

function lowerConditional(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const [yesNode = -1, test = -1, noNode = -1] = tree.childrenOf(node);
  const dst = fn.newSlot();
  const [yes, no, after] = [fn.newBlock(), fn.newBlock(), fn.newBlock()];
  lowerCondition(cx, test, yes, no);
  for (const [block, part] of [
    [yes, yesNode],
    [no, noNode],
  ] as const) {
    fn.enter(block);
    const value = lowerExpression(cx, part);
    cx.at(node);
    fn.emit('move', { a: value }, dst);
    fn.jump(after);
  }
  fn.enter(after);
  return dst;
}

/** Lowers a condition straight to control flow, so that each branch knows what was tested. */
export function lowerCondition(cx: PyContext, node: number, yes: number, no: number): void {
  const { tree, fn } = cx;
  const kind = tree.kindOf(node);
  if (kind === 'parenthesized_expression') lowerCondition(cx, firstChild(cx, node), yes, no);
  else if (kind === 'not_operator') lowerCondition(cx, tree.childByField(node, 'argument'), no, yes);
  else if (kind === 'boolean_operator') {
    const middle = fn.newBlock();
    const left = tree.childByField(node, 'left');
    if (tree.detailOf(node) === 'and') lowerCondition(cx, left, middle, no);
    else lowerCondition(cx, left, yes, middle);
    fn.enter(middle);
    lowerCondition(cx, tree.childByField(node, 'right'), yes, no);
  } else if (kind === 'comparison_operator') lowerComparisonCondition(cx, node, yes, no);
  else fn.branch(lowerExpression(cx, node), yes, no);
}

function lowerComparisonCondition(cx: PyContext, node: number, yes: number, no: number): void {
  const { fn } = cx;
  const { operands, operators } = operandsOf(cx, node);
  let left = lowerExpression(cx, operands[0] ?? -1);
  operators.forEach((name, index) => {
    const right = lowerExpression(cx, operands[index + 1] ?? -1);
    cx.at(node);
    const next = index === operators.length - 1 ? yes : fn.newBlock();
    fn.branch(fn.compute('binary', { a: left, b: right, name }), next, no);
    fn.enter(next);
    left = right;
  });
}

function lowerAssignment(cx: PyContext, node: number): number {
  const { tree, fn } = cx;
  const left = tree.childByField(node, 'left');
  const right = tree.childByField(node, 'right');
  if (right < 0) return -1;
  let value: number;
  if (tree.kindOf(node) === 'augmented_assignment') {
    const a = lowerExpression(cx, left);
    const b = lowerExpression(cx, right);
    cx.at(node);
    value = fn.compute('binary', { a, b, name: tree.detailOf(node).slice(0, -1) });
  } else value = lowerExpression(cx, right);
  cx.at(node);
  assignTarget(cx, left, value);
  return value;
}
