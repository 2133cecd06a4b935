import { cookText } from '../../languages/cooked-text.js';
import type { FileContext } from '../../outline/file-context.js';
import type { FlatTree } from '../../syntax/flat-tree.js';

const pureKinds = new Set([
  'identifier',
  'attribute',
  'string',
  'string_start',
  'string_content',
  'string_end',
  'integer',
  'interpolation',
  'concatenated_string',
]);

/** The expression inside parentheses. */
export function unwrap(tree: FlatTree, node: number): number {
  let inner = node;
  while (tree.kindOf(inner) === 'parenthesized_expression' && tree.childrenOf(inner).length === 1)
    inner = tree.firstChild[inner] as number;
  return inner;
}

/** Opening (with prefix) and closing quotes of a string node. */
export function quotesOf(tree: FlatTree, node: number): { readonly open: string; readonly close: string } {
  const text = tree.textOf(node);
  const open = /^[a-zA-Z]*('''|"""|'|")/.exec(text)?.[0] ?? '';
  return { open, close: open.replace(/^[a-zA-Z]*/, '') };
}

/** The text of a plain string literal; undefined for f-strings, bytes and everything else. */
export function stringValue(tree: FlatTree, node: number): string | undefined {
  if (tree.kindOf(node) !== 'string') return undefined;
  const { open, close } = quotesOf(tree, node);
  const prefix = open.slice(0, open.length - close.length).toLowerCase();
  if (prefix.includes('f') || prefix.includes('b') || prefix.includes('t')) return undefined;
  const raw = tree.textOf(node).slice(open.length, -close.length);
  return prefix.includes('r') ? raw : cookText(raw);
}

/** A string as a Python literal, in the quotes that the file prefers. */
export function quote(text: string, mark: string): string {
  const escaped = JSON.stringify(text).slice(1, -1);
  return mark === '"' ? `"${escaped}"` : `'${escaped.replace(/\\"/g, '"').replace(/'/g, "\\'")}'`;
}

/** The kind of quote that most strings of the file have. */
export function preferredQuote(file: FileContext): '"' | "'" {
  let double = 0;
  let single = 0;
  for (let node = 0; node < file.tree.size; node += 1) {
    if (file.tree.kindOf(node) !== 'string_start') continue;
    if (file.tree.textOf(node).endsWith('"')) double += 1;
    else single += 1;
  }
  return single > double ? "'" : '"';
}

/** Positional arguments of a call, in order; splats included. */
export function positionalArguments(tree: FlatTree, call: number): number[] {
  const list = tree.childByField(call, 'arguments');
  return list < 0 ? [] : tree.childrenOf(list).filter((child) => tree.kindOf(child) !== 'keyword_argument');
}

/** Keyword arguments of a call by name. */
export function keywordArguments(tree: FlatTree, call: number): Map<string, number> {
  const list = tree.childByField(call, 'arguments');
  const found = new Map<string, number>();
  for (const child of list < 0 ? [] : tree.childrenOf(list)) {
    if (tree.kindOf(child) === 'keyword_argument') found.set(tree.textOf(tree.childByField(child, 'name')), child);
  }
  return found;
}

/** Name of the attribute that a call calls, such as `execute` in `cursor.execute(…)`; empty for a plain name. */
export function attributeName(tree: FlatTree, call: number): string {
  const callee = tree.childByField(call, 'function');
  return tree.kindOf(callee) === 'attribute' ? tree.textOf(tree.childByField(callee, 'attribute')) : '';
}

/** The value of a name that is assigned once, and never anything else; -1 where that is not so. */
export function singleValue(file: FileContext, identifier: number): number {
  const { tree, scopes } = file;
  const binding = scopes.bindingOf.get(identifier);
  const declaration = binding?.declarations[0];
  if (binding === undefined || declaration === undefined || binding.declarations.length !== 1) return -1;
  if (binding.references.some(({ isWrite }) => isWrite)) return -1;
  const assignment = tree.parent[declaration] as number;
  if (tree.kindOf(assignment) !== 'assignment' || tree.fieldOf(declaration) !== 'left') return -1;
  return tree.childByField(assignment, 'right');
}

const numericCalls = /^(int|float|len|abs|round|ord|hash|id)$/;

/** Whether an expression can only be text of the program's own, or a number: nothing from outside fits in. */
export function isConstantExpression(file: FileContext, expression: number, depth = 0): boolean {
  const { tree, scopes } = file;
  const node = unwrap(tree, expression);
  const kind = tree.kindOf(node);
  if (depth > 8) return false;
  if (kind === 'integer' || kind === 'float' || kind === 'true' || kind === 'false') return true;
  if (kind === 'string') {
    const holes = tree.childrenOf(node).filter((child) => tree.kindOf(child) === 'interpolation');
    return holes.every((hole) => isConstantExpression(file, tree.childByField(hole, 'expression'), depth + 1));
  }
  if (kind === 'concatenated_string')
    return tree.childrenOf(node).every((part) => isConstantExpression(file, part, depth + 1));
  if (kind === 'conditional_expression') {
    const [consequent = -1, , alternative = -1] = tree.childrenOf(node);
    return [consequent, alternative].every((part) => part >= 0 && isConstantExpression(file, part, depth + 1));
  }
  if (kind === 'call') {
    const callee = tree.childByField(node, 'function');
    const name = tree.textOf(callee);
    return numericCalls.test(name) && scopes.unresolved.has(name) && !scopes.bindingOf.has(callee);
  }
  if (kind !== 'identifier') return false;
  const value = singleValue(file, node);
  return value >= 0 && isConstantExpression(file, value, depth + 1);
}

/** Whether evaluating an expression does nothing but read: it may be moved or evaluated twice. */
export function isPure(tree: FlatTree, expression: number): boolean {
  const stack = [expression];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const kind = tree.kindOf(node);
    const isSum = kind === 'binary_operator' && /^[+/]$/.test(tree.detailOf(node));
    const isOperator = tree.fieldOf(node) === 'operator';
    if (!pureKinds.has(kind) && kind !== 'parenthesized_expression' && !isSum && !isOperator) return false;
    stack.push(...tree.childrenOf(node));
  }
  return true;
}

/** The function around a node, or -1 at the top of the file. */
export function enclosingFunction(file: FileContext, node: number): number {
  return file.closest(file.tree.parent[node] as number, new Set(['function_definition', 'lambda']));
}

/** The statement in a block that a node belongs to; -1 where there is none. */
export function enclosingStatement(file: FileContext, node: number): number {
  const { tree } = file;
  for (let at = node; at > 0; at = tree.parent[at] as number) {
    const parent = tree.kindOf(tree.parent[at] as number);
    if (parent === 'block' || parent === 'module') return at;
    if (tree.kindOf(at) === 'lambda') return -1;
  }
  return -1;
}
