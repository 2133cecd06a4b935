import type { PyContext } from './context.js';
import { lowerExpression } from './lower-expression.js';

/** Assigns a value to a target: a name, an attribute, an element, or a sequence of targets that takes it apart. */
export function assignTarget(cx: PyContext, node: number, value: number): void {
  const { tree, fn } = cx;
  switch (tree.kindOf(node)) {
    case 'identifier':
      cx.write(node, value);
      break;
    case 'attribute': {
      const { start, end } = fn;
      const a = lowerExpression(cx, tree.childByField(node, 'object'));
      fn.at(start, end);
      fn.emit('storeField', { a, name: tree.textOf(tree.childByField(node, 'attribute')), b: value });
      break;
    }
    case 'subscript': {
      const { start, end } = fn;
      const a = lowerExpression(cx, tree.childByField(node, 'value'));
      const key = tree.childByField(node, 'subscript');
      const b = tree.kindOf(key) === 'slice' ? fn.compute('global', { name: '<unknown>' }) : lowerExpression(cx, key);
      fn.at(start, end);
      fn.emit('storeIndex', { a, b, c: value });
      break;
    }
    case 'parenthesized_expression':
    case 'as_pattern_target':
    case 'list_splat_pattern':
    case 'list_splat':
      assignTarget(cx, tree.firstChild[node] as number, value);
      break;
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'tuple':
    case 'list':
    case 'expression_list':
      unpack(cx, node, value);
      break;
    default:
      // A target that is none, as in a half-written file: nothing is assigned.
      lowerExpression(cx, node);
  }
}

function unpack(cx: PyContext, node: number, value: number): void {
  const { tree, fn } = cx;
  const targets = tree.childrenOf(node);
  const starred = targets.findIndex((target) => /^list_splat/.test(tree.kindOf(target)));
  const { start, end } = fn;
  targets.forEach((target, index) => {
    fn.at(start, end);
    if (index === starred) assignTarget(cx, target, fn.compute('rest', { a: value, name: 'array', value: index }));
    else {
      const position = starred >= 0 && index > starred ? index - targets.length : index;
      assignTarget(cx, target, fn.compute('loadIndex', { a: value, b: fn.constant(position) }));
    }
  });
}
