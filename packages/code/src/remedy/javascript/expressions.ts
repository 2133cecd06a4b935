import { cookText } from '../../languages/cooked-text.js';
import type { FileContext } from '../../outline/file-context.js';
import { type FlatTree, nodeFlag } from '../../syntax/flat-tree.js';

const wrapperKinds = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
]);
const pureKinds = new Set([
  'Identifier',
  'Literal',
  'ThisExpression',
  'TemplateLiteral',
  'TemplateElement',
  'MemberExpression',
]);

/** The expression inside parentheses and type assertions. */
export function unwrap(tree: FlatTree, node: number): number {
  let inner = node;
  while (wrapperKinds.has(tree.kindOf(inner))) inner = tree.childByField(inner, 'expression');
  return inner;
}

/** The text of a string literal as the program sees it; undefined for everything else. */
export function stringValue(tree: FlatTree, node: number): string | undefined {
  const text = tree.textOf(node);
  if (tree.kindOf(node) !== 'Literal' || !/^['"]/.test(text)) return undefined;
  return unescapeText(text.slice(1, -1));
}

/** Resolves the escapes of a JavaScript string; undefined for octal ones, which strict code refuses. */
export function unescapeText(raw: string): string | undefined {
  return /\\[1-9]/.test(raw) ? undefined : cookText(raw);
}

/** A string as a JavaScript literal in single quotes. */
export function quote(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'");
  return `'${escaped}'`;
}

/** Arguments of a call, in order. */
export function callArguments(tree: FlatTree, call: number): number[] {
  return tree.childrenByField(call, 'arguments');
}

/** Name of the member that a call or member expression names, such as `query` in `db.query(…)`; empty if computed. */
export function memberName(tree: FlatTree, node: number): string {
  const member = tree.kindOf(node) === 'CallExpression' ? unwrap(tree, tree.childByField(node, 'callee')) : node;
  if (tree.kindOf(member) !== 'MemberExpression' || tree.hasFlag(member, nodeFlag.computed)) return '';
  return tree.textOf(tree.childByField(member, 'property'));
}

/** The value of a name that is bound once, in its declaration, and never written again; -1 where that is not so. */
export function singleValue(file: FileContext, identifier: number): number {
  const { tree, scopes } = file;
  const binding = scopes.bindingOf.get(identifier);
  const declaration = binding?.declarations[0];
  if (binding === undefined || declaration === undefined || binding.declarations.length !== 1) return -1;
  if (binding.references.some(({ isWrite }) => isWrite)) return -1;
  const declarator = tree.parent[declaration] as number;
  if (tree.kindOf(declarator) !== 'VariableDeclarator' || tree.fieldOf(declaration) !== 'id') return -1;
  return tree.childByField(declarator, 'init');
}

/** Whether an expression can only be text of the program's own, or a number: nothing from outside fits in. */
export function isConstantExpression(file: FileContext, expression: number, depth = 0): boolean {
  const { tree } = file;
  const node = unwrap(tree, expression);
  const kind = tree.kindOf(node);
  if (depth > 8) return false;
  if (kind === 'Literal') return true;
  if (kind === 'TemplateLiteral')
    return tree.childrenByField(node, 'expressions').every((part) => isConstantExpression(file, part, depth + 1));
  if (kind === 'ConditionalExpression') {
    return ['consequent', 'alternate'].every((field) =>
      isConstantExpression(file, tree.childByField(node, field), depth + 1),
    );
  }
  if (kind === 'BinaryExpression' && tree.detailOf(node) === '+') {
    return ['left', 'right'].every((field) => isConstantExpression(file, tree.childByField(node, field), depth + 1));
  }
  if (kind === 'BinaryExpression') return /^[-*/%]$|^\*\*$/.test(tree.detailOf(node));
  if (kind === 'UnaryExpression') return /^[-+~]$/.test(tree.detailOf(node));
  if (kind === 'CallExpression') return isNumericCall(file, node);
  if (kind !== 'Identifier') return false;
  const value = singleValue(file, node);
  return value >= 0 && isConstantExpression(file, value, depth + 1);
}

/** `Number(…)`, `parseInt(…)`, `Math.…(…)`: whatever goes in, a number comes out. */
function isNumericCall(file: FileContext, call: number): boolean {
  const { tree, scopes } = file;
  const callee = tree.childByField(call, 'callee');
  const text = tree.textOf(callee);
  const root = /^\w+/.exec(text)?.[0] ?? '';
  if (!scopes.unresolved.has(root)) return false;
  return /^(Number|parseInt|parseFloat|Number\.(parseInt|parseFloat)|Math\.\w+)$/.test(text);
}

/** Whether evaluating an expression does nothing but read: it may be moved or evaluated twice. */
export function isPure(tree: FlatTree, expression: number): boolean {
  const stack = [expression];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const kind = tree.kindOf(node);
    const isSum = kind === 'BinaryExpression' && tree.detailOf(node) === '+';
    if (!pureKinds.has(kind) && !wrapperKinds.has(kind) && !isSum) return false;
    stack.push(...tree.childrenOf(node));
  }
  return true;
}
