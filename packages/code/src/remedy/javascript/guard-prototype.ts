import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import type { Binding } from '../../outline/scope/scope-table.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { callArguments, unwrap } from './expressions.js';
import { enclosingFunction, enclosingStatement, insertBefore } from './statements.js';

const sinkKinds = new Set(['AssignmentExpression', 'MemberExpression']);

/**
 * Leaves out the keys that lead to the prototype of all objects: wherever the object that is written to was itself read
 * with such a key, and where it is written. Refused where that reading happens out of sight.
 */
export function guardPrototype({ finding, file, evidence }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const sink = file.nodeOfKinds(finding.sink.start, finding.sink.end, sinkKinds);
  const member =
    sink >= 0 && tree.kindOf(sink) === 'AssignmentExpression' ? unwrap(tree, tree.childByField(sink, 'left')) : sink;
  const key = keyOf(file, member);
  if (key === undefined)
    return refuse('unsupported-shape', 'The sink is no assignment to a member whose key is a variable.');
  const keys = findWalk(file, member, evidence.files);
  if (keys === undefined) {
    return refuse(
      'unsupported-shape',
      'The object that is written to comes from a place where its keys cannot be checked.',
    );
  }
  const edits: TextEdit[] = [];
  const names = new Set<string>();
  for (const node of [...keys, key]) {
    const edit = placeGuard(file, node);
    if (edit === undefined)
      return refuse(
        'unsupported-shape',
        'A key changes after it is read, or there is no block in which it could be checked.',
      );
    if (!edits.some(({ start, text }) => start === edit.start && text === edit.text)) edits.push(edit);
    names.add(tree.textOf(node));
  }
  return {
    recipe: 'javascript/guard-prototype',
    explanation: `Leaves out the keys __proto__, constructor and prototype, so that ${[...names].join(' and ')} cannot lead to an object that others inherit from.`,
    edits,
  };
}

/** The variable that is the key of a computed member. */
function keyOf(file: FileContext, member: number): number | undefined {
  const { tree } = file;
  if (member < 0 || tree.kindOf(member) !== 'MemberExpression' || !tree.hasFlag(member, nodeFlag.computed))
    return undefined;
  const key = unwrap(tree, tree.childByField(member, 'property'));
  return tree.kindOf(key) === 'Identifier' && file.scopes.bindingOf.has(key) ? key : undefined;
}

/** The keys with which the written object itself was read: all of them, or undefined where they are not in sight. */
function findWalk(file: FileContext, member: number, files: readonly FileContext[]): number[] | undefined {
  const { tree, scopes } = file;
  const object = unwrap(tree, tree.childByField(member, 'object'));
  const outerKey = keyOf(file, object);
  if (outerKey !== undefined) return [outerKey];
  const binding = tree.kindOf(object) === 'Identifier' ? scopes.bindingOf.get(object) : undefined;
  if (binding === undefined) return undefined;
  return binding.kind === 'parameter' ? findRecursion(file, binding, member, files) : findReassignments(file, binding);
}

/** `o = o[key]`: every such key, if there is one and all of them are variables. */
function findReassignments(file: FileContext, binding: Binding): number[] | undefined {
  const keys: number[] = [];
  for (const value of assignedValues(file, binding)) {
    for (const read of value < 0 ? [-1] : computedMembers(file, value)) {
      const key = keyOf(file, read);
      if (key === undefined) return undefined;
      keys.push(key);
    }
  }
  return keys.length > 0 ? keys : undefined;
}

/** What is assigned to a name, in its declaration and later; -1 for what comes another way, such as by a pattern. */
function assignedValues(file: FileContext, binding: Binding): number[] {
  const { tree } = file;
  const places = [
    ...binding.declarations,
    ...binding.references.filter(({ isWrite }) => isWrite).map(({ node }) => node),
  ];
  return places.flatMap((place) => {
    const holder = tree.parent[place] as number;
    const isDeclarator = tree.kindOf(holder) === 'VariableDeclarator';
    const value = tree.childByField(holder, isDeclarator ? 'init' : 'right');
    return value < 0 && isDeclarator ? [] : [value];
  });
}

/**
 * A function that calls itself with a member of its own parameter: the loop over the keys guards both. Every other call,
 * in any file, must hand in an object that was not read with a variable key.
 */
function findRecursion(
  file: FileContext,
  binding: Binding,
  member: number,
  files: readonly FileContext[],
): number[] | undefined {
  const { tree } = file;
  const key = keyOf(file, member) as number;
  const loop = loopOf(file, file.scopes.bindingOf.get(key) as Binding);
  const declaration = binding.declarations[0] as number;
  const owner = tree.parent[declaration] as number;
  const position = tree.childrenByField(owner, 'params').indexOf(declaration);
  const name = functionName(file, owner);
  if (loop < 0 || position < 0 || name === undefined || !file.contains(owner, loop)) return undefined;
  let recurses = false;
  for (const other of files.some(({ path }) => path === file.path) ? files : [file, ...files]) {
    for (let call = 0; call < other.tree.size; call += 1) {
      if (other.tree.kindOf(call) !== 'CallExpression' || !calls(other, call, name)) continue;
      const given = callArguments(other.tree, call)[position];
      const isInLoop = other.path === file.path && file.contains(loop, call);
      if (isInLoop) recurses = true;
      else if (given !== undefined && readsByVariable(other, given)) return undefined;
    }
  }
  return recurses ? [] : undefined;
}

function calls(file: FileContext, call: number, name: string): boolean {
  const text = file.tree.textOf(file.tree.childByField(call, 'callee'));
  return text === name || text.endsWith(`.${name}`);
}

/** Whether a value may have been read from an object with a variable key, here or in the variable that holds it. */
function readsByVariable(file: FileContext, value: number): boolean {
  if (computedMembers(file, value).length > 0) return true;
  const binding = file.scopes.bindingOf.get(unwrap(file.tree, value));
  if (binding === undefined || binding.kind === 'parameter') return false;
  return assignedValues(file, binding).some((given) => given >= 0 && computedMembers(file, given).length > 0);
}

/** Members with a key that is no literal, which a value may be. */
function computedMembers(file: FileContext, value: number): number[] {
  const { tree } = file;
  const found: number[] = [];
  const stack = [value];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const kind = tree.kindOf(node);
    if (kind === 'MemberExpression' && tree.hasFlag(node, nodeFlag.computed)) {
      const key = unwrap(tree, tree.childByField(node, 'property'));
      if (tree.kindOf(key) !== 'Literal') found.push(node);
    }
    // The members of a member count, and those of what a choice may give; arguments of calls do not.
    if (
      /^(MemberExpression|LogicalExpression|ConditionalExpression|AssignmentExpression|ParenthesizedExpression|TS)/.test(
        kind,
      )
    ) {
      stack.push(
        ...tree
          .childrenOf(node)
          .filter((child) => tree.fieldOf(child) !== 'property' && tree.fieldOf(child) !== 'test'),
      );
    }
  }
  return found;
}

function functionName(file: FileContext, owner: number): string | undefined {
  const { tree } = file;
  const id = tree.childByField(owner, 'id');
  if (id >= 0) return tree.textOf(id);
  const holder = tree.parent[owner] as number;
  const name = ['id', 'key', 'left'].map((field) => tree.childByField(holder, field)).find((node) => node >= 0);
  return name === undefined ? undefined : /[\w$]+$/.exec(tree.textOf(name))?.[0];
}

/** The loop, or the callback of `forEach`, that binds a key; -1 where another construct does. */
function loopOf(file: FileContext, binding: Binding): number {
  const { tree } = file;
  for (let at = binding.declarations[0] as number; at > 0; at = tree.parent[at] as number) {
    const parent = tree.parent[at] as number;
    const kind = tree.kindOf(parent);
    if (/^For(In|Of)Statement$/.test(kind)) return tree.fieldOf(at) === 'left' ? parent : -1;
    const isCallback = /^(ArrowFunctionExpression|FunctionExpression)$/.test(kind) && tree.fieldOf(at) === 'params';
    if (isCallback) {
      const call = tree.parent[parent] as number;
      return /\.forEach$/.test(tree.textOf(Math.max(tree.childByField(call, 'callee'), 0))) ? parent : -1;
    }
    if (/Function|Statement$/.test(kind)) return -1;
  }
  return -1;
}

/** In a loop over keys the key is skipped, in a callback the callback ends, elsewhere the function does. */
function placeGuard(file: FileContext, key: number): TextEdit | undefined {
  const { tree } = file;
  const binding = file.scopes.bindingOf.get(key) as Binding;
  if (binding.declarations.length !== 1 || binding.references.some(({ isWrite }) => isWrite)) return undefined;
  const { name } = binding;
  const test = `if (${name} === '__proto__' || ${name} === 'constructor' || ${name} === 'prototype')`;
  const loop = loopOf(file, binding);
  if (loop >= 0) {
    const isCallback = tree.kindOf(loop).endsWith('Expression');
    return insertAtStart(file, tree.childByField(loop, 'body'), `${test} ${isCallback ? 'return' : 'continue'};`);
  }
  const statement = enclosingStatement(file, key);
  if (statement < 0) return undefined;
  const leaves = givesNothing(file, enclosingFunction(file, key))
    ? 'return'
    : "throw new TypeError('That key is not allowed.')";
  return insertBefore(file, statement, [`${test} ${leaves};`]);
}

/** Whether a function returns no value, so that it may end early. */
function givesNothing(file: FileContext, owner: number): boolean {
  const { tree } = file;
  if (owner < 0 || tree.kindOf(tree.childByField(owner, 'body')) !== 'BlockStatement') return false;
  for (let node = owner; node < tree.size && (tree.start[node] as number) < (tree.end[owner] as number); node += 1) {
    const isReturn = tree.kindOf(node) === 'ReturnStatement' && tree.childByField(node, 'argument') >= 0;
    if (isReturn && enclosingFunction(file, node) === owner) return false;
  }
  return true;
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
  return isOneLine ? { start, end: start, text: `${line} ` } : undefined;
}
