import type { IrMember } from '../../ir/module.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import type { JsContext } from './context.js';
import { lowerExpression, propertyName } from './lower-expression.js';
import { lowerFunction, lowerNested } from './lower-function.js';
import { lowerBlock } from './lower-statement.js';
import { identifierName } from './scopes.js';

interface Members {
  readonly members: IrMember[];
  readonly initializers: number[];
  readonly statics: { readonly name: string; readonly slot: number }[];
  readonly blocks: number[];
}

/** Lowers a class and returns its slot. Instance fields become functions that run before the constructor. */
export function lowerClass(cx: JsContext, node: number, name = ''): number {
  const { tree, fn } = cx;
  const id = tree.childByField(node, 'id');
  const className = id >= 0 ? identifierName(tree, id) : name === '' ? '<anonymous>' : name;
  const superNode = tree.childByField(node, 'superClass');
  const bases = superNode < 0 ? [] : [lowerExpression(cx, superNode)];
  const path = cx.pathOf(className);
  const parts: Members = { members: [], initializers: [], statics: [], blocks: [] };
  const body = tree.childByField(node, 'body');
  for (const member of tree.childrenOf(body)) lowerMember(cx, { member, path }, parts);
  cx.at(node);
  const { members, initializers } = parts;
  const slot = fn.compute('class', {
    name: className,
    classInfo: { name: className, path, bases, members, initializers, annotated: [] },
  });
  if (id >= 0) cx.write(body, slot, className);
  for (const { name: key, slot: value } of parts.statics) fn.emit('storeField', { a: slot, name: key, b: value });
  for (const block of parts.blocks) lowerBlock(cx, block);
  for (const decorator of tree.childrenByField(node, 'decorators')) {
    fn.emit('decorate', { a: lowerExpression(cx, tree.childByField(decorator, 'expression')), b: slot }, slot);
  }
  return slot;
}

function lowerMember(cx: JsContext, at: { member: number; path: string }, parts: Members): void {
  const { tree, fn } = cx;
  const { member } = at;
  const kind = tree.kindOf(member);
  if (kind === 'StaticBlock') {
    parts.blocks.push(member);
    return;
  }
  if (kind !== 'MethodDefinition' && kind !== 'PropertyDefinition') return;
  const key = tree.childByField(member, 'key');
  const name = propertyName(cx, member, key) ?? '<computed>';
  const value = tree.childByField(member, 'value');
  const isStatic = tree.hasFlag(member, nodeFlag.static);
  if (kind === 'MethodDefinition') {
    if (tree.childByField(value, 'body') < 0) return;
    const slot = lowerMethod(cx, value, { name, path: `${at.path}.${name}` });
    const detail = tree.detailOf(member);
    const memberKind = detail === 'get' ? 'getter' : detail === 'set' ? 'setter' : 'method';
    parts.members.push({ name, kind: memberKind, isStatic, slot });
  } else if (isStatic) {
    if (value >= 0) parts.statics.push({ name, slot: lowerExpression(cx, value, name) });
  } else if (value >= 0) {
    const target = lowerNested(
      cx,
      { node: member, name: `<field ${name}>`, path: `${at.path}.<field ${name}>` },
      () => {
        const slot = lowerExpression(cx, value, name);
        cx.at(member);
        cx.fn.emit('storeField', { a: cx.fn.compute('this'), name, b: slot });
      },
    );
    cx.at(member);
    parts.initializers.push(fn.compute('function', { target }));
  }
}

function lowerMethod(cx: JsContext, node: number, names: { name: string; path: string }): number {
  const saved = cx.fn;
  const slot = lowerFunction(cx, node, names.name);
  const { target } = saved.lastInstruction;
  const lowered = cx.functions[target];
  if (lowered !== undefined) cx.functions[target] = { ...lowered, path: names.path };
  return slot;
}
