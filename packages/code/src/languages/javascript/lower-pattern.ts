import type { JsContext } from './context.js';
import { lowerExpression, propertyName, unwrap } from './lower-expression.js';

/** Assigns a value to a target: a variable, a property, or a pattern that takes the value apart. */
export function assignPattern(cx: JsContext, wrapped: number, value: number): void {
  const { tree, fn } = cx;
  const node = unwrap(cx, wrapped);
  switch (tree.kindOf(node)) {
    case 'Identifier':
      cx.write(node, value);
      break;
    case 'MemberExpression':
      assignMember(cx, node, value);
      break;
    case 'AssignmentPattern': {
      const right = tree.childByField(node, 'right');
      const left = tree.childByField(node, 'left');
      cx.at(node);
      assignPattern(
        cx,
        left,
        withDefault(cx, value, () => lowerExpression(cx, right)),
      );
      break;
    }
    case 'ObjectPattern':
      assignObject(cx, node, value);
      break;
    case 'ArrayPattern':
      assignArray(cx, node, value);
      break;
    case 'RestElement':
      assignPattern(cx, tree.childByField(node, 'argument'), value);
      break;
    case 'TSParameterProperty':
      assignPattern(cx, tree.childByField(node, 'parameter'), value);
      break;
    default:
      // A target that is none, as in a half-written file: nothing is assigned.
      lowerExpression(cx, node);
  }
  fn.at(fn.start, fn.end);
}

function withDefault(cx: JsContext, value: number, fallback: () => number): number {
  const test = cx.fn.compute('binary', { a: value, b: cx.fn.constant(undefined), name: '===' });
  return cx.choose(test, fallback, () => value);
}

function assignMember(cx: JsContext, node: number, value: number): void {
  const { tree, fn } = cx;
  const objectNode = tree.childByField(node, 'object');
  const property = tree.childByField(node, 'property');
  const object = tree.kindOf(objectNode) === 'Super' ? fn.compute('this') : lowerExpression(cx, objectNode);
  const name = propertyName(cx, node, property);
  const { start, end } = fn;
  if (name !== undefined) {
    fn.at(Math.min(start, tree.start[node] as number), Math.max(end, tree.end[node] as number));
    fn.emit('storeField', { a: object, name, b: value });
    return;
  }
  const index = lowerExpression(cx, property);
  fn.at(tree.start[node] as number, Math.max(end, tree.end[node] as number));
  fn.emit('storeIndex', { a: object, b: index, c: value });
}

function assignObject(cx: JsContext, node: number, value: number): void {
  const { tree, fn } = cx;
  const taken: string[] = [];
  for (const property of tree.childrenOf(node)) {
    cx.at(property);
    if (tree.kindOf(property) === 'RestElement') {
      const rest = fn.compute('rest', { a: value, name: 'object', value: taken.join('\0') });
      assignPattern(cx, property, rest);
      continue;
    }
    const key = tree.childByField(property, 'key');
    const name = propertyName(cx, property, key);
    if (name !== undefined) taken.push(name);
    const part =
      name === undefined
        ? fn.compute('loadIndex', { a: value, b: lowerExpression(cx, key) })
        : fn.compute('loadField', { a: value, name });
    assignPattern(cx, tree.childByField(property, 'value'), part);
  }
}

function assignArray(cx: JsContext, node: number, value: number): void {
  const { tree, fn } = cx;
  let index = 0;
  for (const element of tree.childrenByField(node, 'elements')) {
    cx.at(element);
    if (tree.kindOf(element) === 'RestElement') {
      assignPattern(cx, element, fn.compute('rest', { a: value, name: 'array', value: index }));
    } else if (tree.kindOf(element) !== 'Hole') {
      assignPattern(cx, element, fn.compute('loadIndex', { a: value, b: fn.constant(index) }));
    }
    index += 1;
  }
}
