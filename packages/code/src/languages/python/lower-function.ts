import type { Parameter } from '../../ir/module.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import type { PyContext } from './context.js';
import { lowerExpression } from './lower-expression.js';
import { lowerBlock } from './lower-statement.js';
import { targetNames } from './scopes.js';

function containsYield(cx: PyContext, node: number): boolean {
  const { tree } = cx;
  // Rows are in preorder, so a function's own nodes follow it without a gap.
  for (let at = node + 1; at < tree.size && (tree.start[at] as number) < (tree.end[node] as number); at += 1) {
    if (tree.kindOf(at) === 'yield' && cx.scopes.functionOf(at) === node) return true;
  }
  return false;
}

interface Declared {
  readonly node: number;
  readonly parameter: Parameter;
}

function lowerParameters(cx: PyContext, node: number): void {
  const { tree, fn } = cx;
  const list = tree.childByField(node, 'parameters');
  const declared: Declared[] = [];
  let isKeywordOnly = false;
  for (const child of list < 0 ? [] : tree.childrenOf(list)) {
    const kind = tree.kindOf(child);
    if (kind === 'keyword_separator') isKeywordOnly = true;
    const [nameNode] = targetNames(tree, child);
    if (nameNode === undefined) continue;
    const isRest = /list_splat/.test(kind) || tree.textOf(child).startsWith('*');
    const isKeywords = tree.textOf(child).startsWith('**');
    const name = tree.textOf(nameNode);
    const type = tree.childByField(child, 'type');
    const parameter: Parameter = {
      name,
      slot: fn.newSlot(name),
      kind: isKeywords ? 'keywords' : isRest ? 'rest' : isKeywordOnly ? 'keywordOnly' : 'plain',
      hasDefault: tree.childByField(child, 'value') >= 0,
      type: type < 0 ? '' : tree.textOf(type),
    };
    if (isRest && !isKeywords) isKeywordOnly = true;
    fn.parameters.push(parameter);
    declared.push({ node: child, parameter });
  }
  for (const { node: child, parameter } of declared) lowerDefault(cx, child, parameter);
}

function lowerDefault(cx: PyContext, child: number, parameter: Parameter): void {
  const { tree, fn } = cx;
  const [nameNode] = targetNames(tree, child);
  const binding = cx.scopes.resolve(nameNode as number, parameter.name);
  const value = tree.childByField(child, 'value');
  cx.at(child);
  if (binding !== undefined && !binding.captured && binding.slot < 0) binding.slot = parameter.slot;
  let slot = parameter.slot;
  if (value >= 0) {
    const test = fn.compute('binary', { a: slot, b: fn.constant(undefined), name: 'is' });
    slot = cx.choose(
      test,
      () => lowerExpression(cx, value),
      () => parameter.slot,
    );
    cx.at(child);
  }
  if (slot !== parameter.slot || binding?.captured === true) cx.write(nameNode as number, slot);
}

/** Decorators of a definition, the one written last applied first. */
export function applyDecorators(cx: PyContext, decorators: readonly number[], slot: number): number {
  const { tree, fn } = cx;
  let value = slot;
  for (const decorator of [...decorators].reverse()) {
    const expression = tree.firstChild[decorator] as number;
    const a = lowerExpression(cx, expression);
    cx.at(decorator);
    value = fn.compute('decorate', { a, b: value });
  }
  return value;
}

/** Lowers a function definition and returns the slot of its value after decoration. */
export function lowerDefinition(cx: PyContext, node: number, decorators: readonly number[] = []): number {
  const { tree } = cx;
  const name = tree.textOf(tree.childByField(node, 'name'));
  const target = cx.nested(
    { node, name, path: cx.pathOf(classPrefix(cx, node) + name), flags: flagsOf(cx, node) },
    () => {
      lowerParameters(cx, node);
      lowerBlock(cx, tree.childByField(node, 'body'));
      cx.fn.returnValue(cx.fn.constant(null));
    },
  );
  cx.at(node);
  return applyDecorators(cx, decorators, cx.fn.compute('function', { target }));
}

function flagsOf(cx: PyContext, node: number): { isAsync: boolean; isGenerator: boolean; hasLexicalThis: boolean } {
  return {
    isAsync: cx.tree.hasFlag(node, nodeFlag.async),
    isGenerator: containsYield(cx, node),
    hasLexicalThis: false,
  };
}

/** Names of the classes around a node, up to the function or module that they stand in. */
export function classPrefix(cx: PyContext, node: number): string {
  const { tree } = cx;
  let prefix = '';
  for (let at = tree.parent[node] as number; at >= 0 && at !== cx.functionNode; at = tree.parent[at] as number) {
    if (tree.kindOf(at) === 'class_definition') prefix = `${tree.textOf(tree.childByField(at, 'name'))}.${prefix}`;
  }
  return prefix;
}

/** Lowers a lambda. */
export function lowerLambda(cx: PyContext, node: number): number {
  const flags = flagsOf(cx, node);
  const target = cx.nested({ node, name: '<lambda>', path: cx.pathOf('<lambda>'), flags }, () => {
    lowerParameters(cx, node);
    const value = lowerExpression(cx, cx.tree.childByField(node, 'body'));
    cx.at(node);
    cx.fn.returnValue(value);
  });
  cx.at(node);
  return cx.fn.compute('function', { target });
}
