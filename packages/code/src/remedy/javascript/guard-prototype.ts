import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { unwrap } from './expressions.js';
import { enclosingStatement, insertBefore } from './statements.js';

const sinkKinds = new Set(['AssignmentExpression', 'MemberExpression']);

/** Skips the keys that lead to the prototype of all objects where foreign keys are copied. */
export function guardPrototype({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const sink = file.nodeOfKinds(finding.sink.start, finding.sink.end, sinkKinds);
  const member =
    sink >= 0 && tree.kindOf(sink) === 'AssignmentExpression' ? unwrap(tree, tree.childByField(sink, 'left')) : sink;
  if (member < 0 || tree.kindOf(member) !== 'MemberExpression' || !tree.hasFlag(member, nodeFlag.computed)) {
    return refuse('unsupported-shape', 'The sink is no assignment to a member with a computed key.');
  }
  const key = unwrap(tree, tree.childByField(member, 'property'));
  const binding = tree.kindOf(key) === 'Identifier' ? file.scopes.bindingOf.get(key) : undefined;
  const declaration = binding?.declarations[0];
  if (binding === undefined || declaration === undefined || binding.declarations.length !== 1) {
    return refuse('unsupported-shape', 'The key of the assignment is no variable that could be checked.');
  }
  if (binding.references.some(({ isWrite }) => isWrite))
    return refuse('unsupported-shape', 'The key changes between where it is read and used.');
  const edit = placeGuard(file, binding.name, declaration, member);
  if (edit === undefined) return refuse('unsupported-shape', 'There is no block in which the key could be checked.');
  return {
    recipe: 'javascript/guard-prototype',
    explanation: `Leaves out the keys __proto__, constructor and prototype, so that ${binding.name} cannot lead to an object that others inherit from.`,
    edits: [edit],
  };
}

/** In a loop over keys the key is skipped, in a callback the callback ends, elsewhere the assignment is refused. */
function placeGuard(file: FileContext, name: string, declaration: number, member: number): TextEdit | undefined {
  const { tree } = file;
  const test = `if (${name} === '__proto__' || ${name} === 'constructor' || ${name} === 'prototype')`;
  for (let at = declaration; at > 0; at = tree.parent[at] as number) {
    const parent = tree.parent[at] as number;
    const kind = tree.kindOf(parent);
    if (/^For(In|Of)Statement$/.test(kind)) {
      if (tree.fieldOf(at) !== 'left') break;
      return insertAtStart(file, tree.childByField(parent, 'body'), `${test} continue;`);
    }
    const isCallback = /^(ArrowFunctionExpression|FunctionExpression)$/.test(kind) && tree.fieldOf(at) === 'params';
    if (isCallback && /\.forEach$/.test(tree.textOf(tree.childByField(tree.parent[parent] as number, 'callee')))) {
      return insertAtStart(file, tree.childByField(parent, 'body'), `${test} return;`);
    }
    if (/Function|Statement$/.test(kind)) break;
  }
  const statement = enclosingStatement(file, member);
  return statement < 0
    ? undefined
    : insertBefore(file, statement, [`${test} throw new TypeError('That key is not allowed.');`]);
}

function insertAtStart(file: FileContext, block: number, line: string): TextEdit | undefined {
  const { tree, text } = file;
  if (block < 0 || tree.kindOf(block) !== 'BlockStatement') return undefined;
  const first = tree.firstChild[block] as number;
  if (first < 0) return undefined;
  const start = tree.start[first] as number;
  const inserted = insertBefore(file, first, [line]);
  if (inserted !== undefined) return inserted;
  // The block is written on one line.
  const isOneLine = !text.slice(tree.start[block], start).includes('\n');
  if (!isOneLine) return undefined;
  return { start, end: start, text: `${line} ` };
}
