import type { CallArgument } from '../../ir/instruction.js';
import type { JsContext } from './context.js';
import { lowerExpression } from './lower-expression.js';

/** An element becomes a call: of the component where its name starts with a capital letter, else of `jsx(tag, props)`. */
export function lowerJsx(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  const opening = tree.childByField(node, 'openingElement');
  const props = fn.compute('dict', { name: 'object' });
  const nameNode = opening < 0 ? -1 : tree.childByField(opening, 'name');
  if (opening >= 0)
    for (const attribute of tree.childrenByField(opening, 'attributes')) lowerAttribute(cx, attribute, props);
  const children: CallArgument[] = [];
  for (const child of tree.childrenByField(node, 'children')) {
    const slot = lowerChild(cx, child);
    if (slot >= 0) children.push(cx.argument(child, slot));
  }
  if (children.length > 0) {
    const list =
      children.length === 1
        ? (children[0] as CallArgument).slot
        : fn.compute('list', { args: children, name: 'array' });
    fn.emit('storeField', { a: props, name: 'children', b: list });
  }
  const tag = nameNode < 0 ? '' : tree.textOf(nameNode);
  cx.at(node);
  const argument = { ...cx.argument(node, props), start: tree.start[node] as number };
  if (/^[A-Z]\w*$/.test(tag)) return fn.compute('call', { a: cx.read(nameNode, tag), args: [argument] });
  const tagArgument = cx.argument(node, fn.constant(tag));
  return fn.compute('call', { a: fn.compute('global', { name: 'jsx' }), args: [tagArgument, argument] });
}

function lowerAttribute(cx: JsContext, attribute: number, props: number): void {
  const { tree, fn } = cx;
  if (tree.kindOf(attribute) === 'JSXSpreadAttribute') {
    const b = lowerExpression(cx, tree.childByField(attribute, 'argument'));
    cx.at(attribute);
    fn.emit('merge', { a: props, b });
    return;
  }
  const value = tree.childByField(attribute, 'value');
  const slot = value < 0 ? fn.constant(true) : lowerChild(cx, value);
  cx.at(attribute);
  if (slot >= 0) fn.emit('storeField', { a: props, name: tree.textOf(tree.childByField(attribute, 'name')), b: slot });
}

/** Slot of a child's value, -1 for text and empty braces. */
function lowerChild(cx: JsContext, node: number): number {
  const { tree } = cx;
  switch (tree.kindOf(node)) {
    case 'JSXText':
      return -1;
    case 'JSXExpressionContainer':
    case 'JSXSpreadChild': {
      const expression = tree.childByField(node, 'expression');
      return tree.kindOf(expression) === 'JSXEmptyExpression' ? -1 : lowerExpression(cx, expression);
    }
    default:
      return lowerExpression(cx, node);
  }
}
