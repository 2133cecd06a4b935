import type { CallArgument } from '../../ir/instruction.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import { cookText } from '../cooked-text.js';
import type { JsContext } from './context.js';
import { lowerClass } from './lower-class.js';
import { lowerFunction } from './lower-function.js';
import { lowerJsx } from './lower-jsx.js';
import { assignPattern } from './lower-pattern.js';
import { identifierName } from './scopes.js';

/** Wrappers that have no effect at run time. */
const transparent = new Set([
  'ParenthesizedExpression',
  'ChainExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
]);

/** The expression below parentheses, optional chains and type assertions. */
export function unwrap(cx: JsContext, node: number): number {
  let inner = node;
  while (transparent.has(cx.tree.kindOf(inner))) inner = cx.tree.childByField(inner, 'expression');
  return inner;
}

/** Lowers an expression and returns the slot of its value. `name` is given to a function or class without one. */
export function lowerExpression(cx: JsContext, wrapped: number, name = ''): number {
  const { tree, fn } = cx;
  const node = unwrap(cx, wrapped);
  const field = (key: string): number => tree.childByField(node, key);
  const lower = (key: string): number => lowerExpression(cx, field(key));
  switch (tree.kindOf(node)) {
    case 'Identifier':
      cx.at(node);
      return cx.read(node);
    case 'Literal':
      return lowerLiteral(cx, node);
    case 'ThisExpression':
      return fn.compute('this');
    case 'TemplateLiteral':
      return lowerTemplate(cx, node);
    case 'TaggedTemplateExpression':
      return lowerTagged(cx, node);
    case 'ArrayExpression':
      return lowerArray(cx, node);
    case 'ObjectExpression':
      return lowerObject(cx, node);
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return lowerFunction(cx, node, name);
    case 'ClassExpression':
      return lowerClass(cx, node, name);
    case 'MemberExpression':
      return lowerMember(cx, node);
    case 'CallExpression':
      return lowerCall(cx, node);
    case 'NewExpression': {
      const callee = lower('callee');
      const args = lowerArguments(cx, node);
      cx.at(node);
      return fn.compute('new', { a: callee, args });
    }
    case 'ImportExpression':
      return lowerDynamicImport(cx, node);
    case 'BinaryExpression':
      return lowerBinary(cx, node);
    case 'LogicalExpression':
      return lowerLogical(cx, node);
    case 'UnaryExpression': {
      const a = lower('argument');
      cx.at(node);
      return fn.compute('unary', { a, name: tree.detailOf(node) });
    }
    case 'UpdateExpression': {
      const target = field('argument');
      const before = lowerExpression(cx, target);
      cx.at(node);
      const after = fn.compute('binary', {
        a: before,
        b: fn.constant(1),
        name: tree.detailOf(node) === '++' ? '+' : '-',
      });
      assignPattern(cx, target, after);
      return after;
    }
    case 'AssignmentExpression':
      return lowerAssignment(cx, node);
    case 'ConditionalExpression': {
      const dst = fn.newSlot();
      const [yes, no, after] = [fn.newBlock(), fn.newBlock(), fn.newBlock()];
      lowerCondition(cx, field('test'), yes, no);
      for (const [block, key] of [
        [yes, 'consequent'],
        [no, 'alternate'],
      ] as const) {
        fn.enter(block);
        const value = lower(key);
        cx.at(node);
        fn.emit('move', { a: value }, dst);
        fn.jump(after);
      }
      fn.enter(after);
      return dst;
    }
    case 'SequenceExpression': {
      let last = -1;
      for (const part of tree.childrenOf(node)) last = lowerExpression(cx, part);
      return last;
    }
    case 'AwaitExpression':
      return fn.compute('await', { a: lower('argument') });
    case 'YieldExpression': {
      const argument = field('argument');
      const a = argument < 0 ? fn.constant(undefined) : lowerExpression(cx, argument);
      return fn.compute('yield', { a, name: tree.hasFlag(node, nodeFlag.generator) ? 'from' : '' });
    }
    case 'MetaProperty':
      return fn.compute('global', { name: tree.textOf(node) });
    case 'JSXElement':
    case 'JSXFragment':
      return lowerJsx(cx, node);
    default:
      return lowerUnknown(cx, node);
  }
}

/** An expression of no known kind: its parts are still evaluated, its value is unknown. */
function lowerUnknown(cx: JsContext, node: number): number {
  for (const child of cx.tree.childrenOf(node)) {
    if (/Expression$|^Identifier$|Literal$/.test(cx.tree.kindOf(child))) lowerExpression(cx, child);
  }
  return cx.fn.compute('global', { name: '<unknown>' });
}

function lowerLiteral(cx: JsContext, node: number): number {
  const text = cx.tree.textOf(node);
  cx.at(node);
  const first = text[0] as string;
  if (first === '"' || first === "'") return cx.fn.constant(cookText(text.slice(1, -1)));
  if (first === '/') return cx.fn.compute('regex', { name: text });
  if (text === 'true' || text === 'false') return cx.fn.constant(text === 'true');
  if (text === 'null') return cx.fn.constant(null);
  return cx.fn.constant(Number(text.replace(/_|n$/g, '')));
}

/** Inner text of a template's part; TypeScript trees include the delimiters in its span. */
function quasiText(cx: JsContext, node: number): string {
  const text = cx.tree.textOf(node);
  const isTyped = cx.tree.language === 'typescript' || cx.tree.language === 'tsx';
  return cookText(isTyped ? text.slice(1, text.endsWith('${') ? -2 : -1) : text);
}

function lowerTemplate(cx: JsContext, node: number): number {
  const args: CallArgument[] = [];
  for (const part of cx.tree.childrenOf(node)) {
    if (cx.tree.kindOf(part) !== 'TemplateElement') args.push(cx.argument(part, lowerExpression(cx, part)));
    else {
      const text = quasiText(cx, part);
      cx.at(part);
      if (text !== '') args.push(cx.argument(part, cx.fn.constant(text)));
    }
  }
  cx.at(node);
  return cx.fn.compute('template', { args });
}

function lowerTagged(cx: JsContext, node: number): number {
  const tag = lowerExpression(cx, cx.tree.childByField(node, 'tag'));
  const quasi = cx.tree.childByField(node, 'quasi');
  const texts: CallArgument[] = [];
  const values: CallArgument[] = [];
  for (const part of cx.tree.childrenOf(quasi)) {
    if (cx.tree.kindOf(part) === 'TemplateElement') texts.push(cx.argument(part, cx.fn.constant(quasiText(cx, part))));
    else values.push(cx.argument(part, lowerExpression(cx, part)));
  }
  cx.at(node);
  const strings = cx.argument(quasi, cx.fn.compute('list', { args: texts, name: 'array' }));
  return cx.fn.compute('call', { a: tag, args: [strings, ...values], name: 'tagged' });
}

function lowerArray(cx: JsContext, node: number): number {
  const args = cx.tree.childrenOf(node).map((child) => {
    if (cx.tree.kindOf(child) === 'Hole') return cx.argument(child, cx.fn.constant(undefined));
    if (cx.tree.kindOf(child) !== 'SpreadElement') return cx.argument(child, lowerExpression(cx, child));
    return cx.argument(child, lowerExpression(cx, cx.tree.childByField(child, 'argument')), 'spread');
  });
  cx.at(node);
  return cx.fn.compute('list', { args, name: 'array' });
}

/** Name of a property that is known without running the code, undefined for a computed one. */
export function propertyName(cx: JsContext, owner: number, key: number): string | undefined {
  const kind = cx.tree.kindOf(key);
  if (cx.tree.hasFlag(owner, nodeFlag.computed)) {
    const text = cx.tree.textOf(key);
    return kind === 'Literal' && /^['"]/.test(text) ? cookText(text.slice(1, -1)) : undefined;
  }
  const text = cx.tree.textOf(key);
  if (kind !== 'Literal') return kind === 'Identifier' ? identifierName(cx.tree, key) : text;
  return /^['"]/.test(text) ? cookText(text.slice(1, -1)) : String(Number(text.replace(/_|n$/g, '')));
}

function lowerObject(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  cx.at(node);
  const object = fn.compute('dict', { name: 'object' });
  for (const property of tree.childrenOf(node)) {
    if (tree.kindOf(property) === 'SpreadElement') {
      const b = lowerExpression(cx, tree.childByField(property, 'argument'));
      cx.at(property);
      fn.emit('merge', { a: object, b });
      continue;
    }
    const key = tree.childByField(property, 'key');
    const value = tree.childByField(property, 'value');
    const name = propertyName(cx, property, key);
    const index = name === undefined ? lowerExpression(cx, key) : -1;
    const b = lowerExpression(cx, value, name ?? '');
    cx.at(property);
    const detail = tree.detailOf(property);
    if (detail === 'set') continue;
    const stored = detail === 'get' ? fn.compute('call', { a: b, b: object }) : b;
    if (name === undefined) fn.emit('storeIndex', { a: object, b: index, c: stored, name: 'literal' });
    else fn.emit('storeField', { a: object, name, b: stored });
  }
  return object;
}

function lowerMember(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  const object = tree.childByField(node, 'object');
  const property = tree.childByField(node, 'property');
  if (tree.kindOf(object) === 'Super')
    return fn.compute('loadField', { a: fn.compute('this'), name: tree.textOf(property) });
  const a = lowerExpression(cx, object);
  const name = propertyName(cx, node, property);
  if (name !== undefined) {
    cx.at(node);
    return fn.compute('loadField', { a, name });
  }
  const b = lowerExpression(cx, property);
  cx.at(node);
  return fn.compute('loadIndex', { a, b });
}

/** Arguments of a call in order. */
function lowerArguments(cx: JsContext, node: number): CallArgument[] {
  return cx.tree.childrenByField(node, 'arguments').map((child) => {
    if (cx.tree.kindOf(child) !== 'SpreadElement') return cx.argument(child, lowerExpression(cx, child));
    return cx.argument(child, lowerExpression(cx, cx.tree.childByField(child, 'argument')), 'spread');
  });
}

function literalText(cx: JsContext, node: number): string | undefined {
  const text = cx.tree.textOf(node);
  return cx.tree.kindOf(node) === 'Literal' && /^['"]/.test(text) ? cookText(text.slice(1, -1)) : undefined;
}

function lowerDynamicImport(cx: JsContext, node: number): number {
  const source = cx.tree.childByField(node, 'source');
  const specifier = literalText(cx, source);
  cx.at(node);
  if (specifier === undefined) {
    const callee = cx.fn.compute('global', { name: 'import' });
    return cx.fn.compute('call', { a: callee, args: [cx.argument(source, lowerExpression(cx, source))] });
  }
  cx.imports.add(specifier);
  return cx.fn.compute('import', { name: specifier, value: '*' });
}

/** `require('x')` with the module's own `require` is an import like any other. */
function requiredModule(cx: JsContext, node: number, callee: number): string | undefined {
  if (cx.tree.kindOf(callee) !== 'Identifier' || cx.tree.textOf(callee) !== 'require') return undefined;
  if (cx.scopes.resolve(callee, 'require') !== undefined) return undefined;
  const [first] = cx.tree.childrenByField(node, 'arguments');
  return first === undefined ? undefined : literalText(cx, first);
}

function lowerCall(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  const callee = unwrap(cx, tree.childByField(node, 'callee'));
  const required = requiredModule(cx, node, callee);
  if (required !== undefined) {
    cx.imports.add(required);
    cx.at(node);
    return fn.compute('import', { name: required, value: 'module.exports' });
  }
  const kind = tree.kindOf(callee);
  if (kind === 'Super') {
    const args = lowerArguments(cx, node);
    cx.at(node);
    return fn.compute('superCall', { args });
  }
  if (kind !== 'MemberExpression') {
    const a = lowerExpression(cx, callee);
    const args = lowerArguments(cx, node);
    cx.at(node);
    return fn.compute('call', { a, args });
  }
  const property = tree.childByField(callee, 'property');
  const object = tree.childByField(callee, 'object');
  const name = propertyName(cx, callee, property);
  if (tree.kindOf(object) === 'Super') {
    const args = lowerArguments(cx, node);
    cx.at(node);
    return fn.compute('superCall', { args, name: name ?? '<unknown>' });
  }
  const receiver = lowerExpression(cx, object);
  if (name !== undefined) {
    const args = lowerArguments(cx, node);
    cx.at(node);
    return fn.compute('callMethod', { a: receiver, name, args });
  }
  const index = lowerExpression(cx, property);
  cx.at(callee);
  const a = fn.compute('loadIndex', { a: receiver, b: index });
  const args = lowerArguments(cx, node);
  cx.at(node);
  return fn.compute('call', { a, b: receiver, args });
}

/** Long chains such as `a + b + c + …` lean to the left; they are walked without recursion. */
function lowerBinary(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  const spine: number[] = [];
  let left = node;
  for (; tree.kindOf(left) === 'BinaryExpression'; left = unwrap(cx, tree.childByField(left, 'left'))) spine.push(left);
  let value = tree.kindOf(left) === 'PrivateIdentifier' ? fn.constant(tree.textOf(left)) : lowerExpression(cx, left);
  for (const at of spine.reverse()) {
    const b = lowerExpression(cx, tree.childByField(at, 'right'));
    cx.at(at);
    value = fn.compute('binary', { a: value, b, name: tree.detailOf(at) });
  }
  return value;
}

function lowerLogical(cx: JsContext, node: number): number {
  const { tree } = cx;
  const spine: number[] = [];
  let left = node;
  for (; tree.kindOf(left) === 'LogicalExpression'; left = unwrap(cx, tree.childByField(left, 'left')))
    spine.push(left);
  let value = lowerExpression(cx, left);
  for (const at of spine.reverse()) {
    value = shortCircuit(cx, tree.detailOf(at), value, () => lowerExpression(cx, tree.childByField(at, 'right')));
    cx.at(at);
  }
  return value;
}

/** The value of `left && right`, `left || right` or `left ?? right`, where the right side may not run. */
function shortCircuit(cx: JsContext, operator: string, left: number, right: () => number): number {
  const { fn } = cx;
  const test = operator === '??' ? fn.compute('unary', { a: left, name: 'isNullish' }) : left;
  const keep = (): number => left;
  return operator === '||' ? cx.choose(test, keep, right) : cx.choose(test, right, keep);
}

/** Lowers a condition straight to control flow, so that each branch knows what was tested. */
export function lowerCondition(cx: JsContext, wrapped: number, yes: number, no: number): void {
  const { tree, fn } = cx;
  const node = unwrap(cx, wrapped);
  const operator = tree.detailOf(node);
  const kind = tree.kindOf(node);
  if (kind === 'UnaryExpression' && operator === '!') {
    lowerCondition(cx, tree.childByField(node, 'argument'), no, yes);
  } else if (kind === 'LogicalExpression' && operator !== '??') {
    const middle = fn.newBlock();
    if (operator === '&&') lowerCondition(cx, tree.childByField(node, 'left'), middle, no);
    else lowerCondition(cx, tree.childByField(node, 'left'), yes, middle);
    fn.enter(middle);
    lowerCondition(cx, tree.childByField(node, 'right'), yes, no);
  } else {
    fn.branch(lowerExpression(cx, node), yes, no);
  }
}

function lowerAssignment(cx: JsContext, node: number): number {
  const { tree, fn } = cx;
  const target = unwrap(cx, tree.childByField(node, 'left'));
  const right = tree.childByField(node, 'right');
  const operator = tree.detailOf(node).slice(0, -1);
  const name = tree.kindOf(target) === 'Identifier' ? identifierName(tree, target) : '';
  let value: number;
  if (operator === '') value = lowerExpression(cx, right, name);
  else if (operator === '||' || operator === '&&' || operator === '??') {
    value = shortCircuit(cx, operator, lowerExpression(cx, target), () => lowerExpression(cx, right));
  } else {
    const a = lowerExpression(cx, target);
    const b = lowerExpression(cx, right);
    cx.at(node);
    value = fn.compute('binary', { a, b, name: operator });
  }
  cx.at(node);
  assignPattern(cx, target, value);
  return value;
}

/** Returns an expression; the sides of `&&` and `||` return apart, so that the caller learns what each has checked. */
export function lowerReturn(cx: JsContext, wrapped: number, statement: number): void {
  const { tree, fn } = cx;
  const node = unwrap(cx, wrapped);
  const operator = tree.kindOf(node) === 'LogicalExpression' ? tree.detailOf(node) : '';
  if (operator !== '&&' && operator !== '||') {
    const value = lowerExpression(cx, node);
    cx.at(statement);
    fn.returnValue(value);
    return;
  }
  const left = lowerExpression(cx, tree.childByField(node, 'left'));
  const [keep, next] = [fn.newBlock(), fn.newBlock()];
  if (operator === '&&') fn.branch(left, next, keep);
  else fn.branch(left, keep, next);
  fn.enter(keep);
  cx.at(statement);
  fn.returnValue(left);
  fn.enter(next);
  lowerReturn(cx, tree.childByField(node, 'right'), statement);
}
