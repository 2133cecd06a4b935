import type { TextEdit } from '../../edit/text-edit.js';
import { indentAt, lineEndingAt, lineStart } from '../../edit/text-layout.js';
import type { FileContext } from '../../outline/file-context.js';

const listFields = new Set([
  'Program.body',
  'BlockStatement.body',
  'StaticBlock.body',
  'SwitchCase.consequent',
  'TSModuleBlock.body',
]);
const functionKinds = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** The statement in a block that a node belongs to, inside the function around the node; -1 where there is none. */
export function enclosingStatement(file: FileContext, node: number): number {
  const { tree } = file;
  for (let at = node; at > 0; at = tree.parent[at] as number) {
    if (listFields.has(`${tree.kindOf(tree.parent[at] as number)}.${tree.fieldOf(at)}`)) return at;
    if (functionKinds.has(tree.kindOf(at)) && at !== node) return -1;
  }
  return -1;
}

/** The function around a node, or -1 at the top of the file. */
export function enclosingFunction(file: FileContext, node: number): number {
  return file.closest(file.tree.parent[node] as number, functionKinds);
}

/** Whole lines put in front of a statement, indented like it; the statement has to be the first thing on its line. */
export function insertBefore(file: FileContext, statement: number, lines: readonly string[]): TextEdit | undefined {
  const { text, tree } = file;
  const start = tree.start[statement] as number;
  const indent = indentAt(text, start);
  if (lineStart(text, start) + indent.length !== start) return undefined;
  const ending = lineEndingAt(text, start);
  return { start, end: start, text: lines.map((line) => `${line}${ending}${indent}`).join('') };
}

/** Names that the file uses for anything; a new variable must be called otherwise. */
export function freeName(file: FileContext, candidates: readonly string[]): string | undefined {
  const { scopes } = file;
  return candidates.find(
    (name) => !scopes.unresolved.has(name) && !scopes.scopes.some(({ bindings }) => bindings.has(name)),
  );
}
