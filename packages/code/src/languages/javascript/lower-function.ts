import type { Parameter } from '../../ir/module.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import type { JsContext } from './context.js';
import { lowerReturn } from './lower-expression.js';
import { assignPattern } from './lower-pattern.js';
import { lowerBlock } from './lower-statement.js';
import { identifierName } from './scopes.js';

/** Lowers the code below a node as a function of its own and returns its index in the module. */
export function lowerNested(
  cx: JsContext,
  options: { node: number; name: string; path?: string },
  body: () => void,
): number {
  const { tree } = cx;
  const { node } = options;
  const name = options.name === '' ? '<anonymous>' : options.name;
  const flags = {
    isAsync: tree.hasFlag(node, nodeFlag.async),
    isGenerator: tree.hasFlag(node, nodeFlag.generator),
    hasLexicalThis: tree.kindOf(node) === 'ArrowFunctionExpression',
  };
  return cx.nested({ node, name, path: options.path ?? cx.pathOf(name), flags }, body);
}

function parameterOf(cx: JsContext, node: number): Parameter {
  const { tree } = cx;
  const inner = tree.kindOf(node) === 'TSParameterProperty' ? tree.childByField(node, 'parameter') : node;
  const target = tree.kindOf(inner) === 'AssignmentPattern' ? tree.childByField(inner, 'left') : inner;
  const named = tree.kindOf(inner) === 'RestElement' ? tree.childByField(inner, 'argument') : target;
  const name = tree.kindOf(named) === 'Identifier' ? identifierName(tree, named) : '';
  const annotation = tree.childByField(named, 'typeAnnotation');
  return {
    name,
    slot: cx.fn.newSlot(name),
    kind: tree.kindOf(inner) === 'RestElement' ? 'rest' : 'plain',
    hasDefault: tree.kindOf(inner) === 'AssignmentPattern',
    type: annotation < 0 ? '' : tree.textOf(annotation).replace(/^:\s*/, ''),
  };
}

function lowerParameters(cx: JsContext, node: number): void {
  const { tree, fn } = cx;
  const nodes = tree.childrenByField(node, 'params').filter((child) => tree.textOf(child) !== 'this');
  for (const parameter of nodes) fn.parameters.push(parameterOf(cx, parameter));
  nodes.forEach((parameter, position) => {
    cx.at(parameter);
    assignPattern(cx, parameter, (fn.parameters[position] as Parameter).slot);
    if (tree.kindOf(parameter) !== 'TSParameterProperty') return;
    const { slot, name } = fn.parameters[position] as Parameter;
    fn.emit('storeField', { a: fn.compute('this'), name, b: slot });
  });
}

/** The names `arguments` and a function expression's own name exist inside of it. */
function lowerOwnNames(cx: JsContext, node: number, self: number): void {
  const { tree, fn } = cx;
  if (tree.kindOf(node) !== 'FunctionExpression' || self < 0) return;
  cx.at(self);
  cx.write(self, fn.compute('global', { name: '<self>' }));
}

/** Lowers a function and returns the slot of its closure. */
export function lowerFunction(cx: JsContext, node: number, name = ''): number {
  const { tree } = cx;
  const id = tree.childByField(node, 'id');
  const ownName = id >= 0 ? identifierName(tree, id) : name;
  const target = lowerNested(cx, { node, name: ownName }, () => {
    lowerOwnNames(cx, node, id);
    lowerParameters(cx, node);
    const body = tree.childByField(node, 'body');
    if (tree.kindOf(body) === 'BlockStatement') lowerBlock(cx, body);
    else if (body >= 0) lowerReturn(cx, body, body);
  });
  cx.at(node);
  return cx.fn.compute('function', { target });
}
