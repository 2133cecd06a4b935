import type { TextEdit } from '../../edit/text-edit.js';
import { detectTextLayout, indentAt, lineEndingAt, lineStart } from '../../edit/text-layout.js';
import type { FileContext } from '../../outline/file-context.js';
import { canHoist } from '../hoisting.js';
import { freeName } from '../javascript/statements.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import {
  attributeName,
  enclosingFunction,
  enclosingStatement,
  isPure,
  positionalArguments,
  preferredQuote,
  quote,
  singleValue,
  stringValue,
  unwrap,
} from './expressions.js';
import { importedName, importMember } from './imports.js';
import { readPieces } from './pieces.js';

const callKinds = new Set(['call']);
const conditionalKinds = new Set(['conditional_expression', 'boolean_operator', 'lambda']);

/** Checks that a path stays in its folder; one that leaves it is treated like a file that does not exist. */
export function containPath({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  if (call < 0) return refuse('unsupported-shape', 'The sink is no call.');
  const span = finding.sink.argument;
  const marked = span === undefined ? -1 : file.nodeAtSpan(span.start, span.end);
  const argument = marked >= 0 && file.contains(call, marked) ? marked : (positionalArguments(tree, call)[0] ?? -1);
  if (argument < 0) return refuse('unsupported-shape', 'The sink is no call with a path as its argument.');
  const node = unwrap(tree, argument);
  const isVariable = tree.kindOf(node) === 'identifier';
  const value = isVariable ? singleValue(file, node) : node;
  const base = value < 0 ? undefined : findBase(file, unwrap(tree, value));
  if (base === undefined)
    return refuse('no-base-folder', 'Nothing shows which folder the path must stay in: it is not joined to one here.');
  if (isVariable && enclosingFunction(file, value) !== enclosingFunction(file, call)) {
    return refuse('unsupported-shape', 'The path is built in another function than the one that uses it.');
  }
  const statement = enclosingStatement(file, call);
  if (statement < 0) return refuse('unsupported-shape', 'The call stands in a lambda, without room for a check.');
  const isPathlib =
    tree.kindOf(unwrap(tree, value)) === 'binary_operator' && tree.detailOf(unwrap(tree, value)) === '/';
  const name = isVariable ? tree.textOf(node) : undefined;
  if (name !== undefined && !isOnlyPassedOn(file, node)) {
    return refuse(
      'unsupported-shape',
      `${name} is also used as a text, which would show the absolute path after the fix.`,
    );
  }
  return writeGuard(file, { call, argument, value, statement, base, isPathlib, name });
}

/** Whether a path goes nowhere but into calls, for which the absolute form means the same file. */
function isOnlyPassedOn(file: FileContext, node: number): boolean {
  const { tree, scopes } = file;
  return (scopes.bindingOf.get(node)?.references ?? []).every((reference) => {
    const parent = tree.parent[reference.node] as number;
    const isMethodCall = tree.kindOf(parent) === 'attribute' && tree.fieldOf(parent) === 'function';
    return tree.kindOf(parent) === 'argument_list' || isMethodCall || tree.kindOf(parent) === 'keyword_argument';
  });
}

/** The code of the folder that a path expression starts with. */
function findBase(file: FileContext, expression: number): string | undefined {
  const { tree } = file;
  if (tree.kindOf(expression) === 'call') {
    const callee = tree.childByField(expression, 'function');
    const target = importedName(file, callee);
    const parts = positionalArguments(tree, expression);
    const first = parts[0];
    if (target !== 'os.path.join' && target !== 'pathlib.Path') return undefined;
    if (
      first === undefined ||
      parts.length < 2 ||
      parts.some((part) => /splat/.test(tree.kindOf(part))) ||
      !isPure(tree, first)
    )
      return undefined;
    let count = 1;
    while (count < parts.length - 1 && stringValue(tree, parts[count] as number) !== undefined) count += 1;
    const texts = parts.slice(0, count).map((part) => tree.textOf(part));
    return count === 1 ? texts[0] : `${tree.textOf(callee)}(${texts.join(', ')})`;
  }
  if (tree.kindOf(expression) === 'binary_operator' && tree.detailOf(expression) === '/')
    return findSlashBase(file, expression);
  return findWrittenBase(file, expression);
}

/** `folder / 'labels' / name`: everything up to the first part that is no literal. */
function findSlashBase(file: FileContext, expression: number): string | undefined {
  const { tree } = file;
  const lefts: number[] = [];
  const rights: number[] = [];
  let node = expression;
  while (tree.kindOf(node) === 'binary_operator' && tree.detailOf(node) === '/') {
    lefts.unshift(tree.childByField(node, 'left'));
    rights.unshift(tree.childByField(node, 'right'));
    node = unwrap(tree, tree.childByField(node, 'left'));
  }
  const isPath =
    tree.kindOf(node) === 'call' && importedName(file, tree.childByField(node, 'function')) === 'pathlib.Path';
  if (!isPure(tree, node) && !isPath) return undefined;
  let index = 0;
  while (index < rights.length - 1 && stringValue(tree, unwrap(tree, rights[index] as number)) !== undefined)
    index += 1;
  const base = lefts[index];
  return base === undefined ? undefined : tree.textOf(base);
}

/** `f"{ROOT}/labels/{name}"` and `ROOT + "/" + name`: everything up to the slash before the first other value. */
function findWrittenBase(file: FileContext, expression: number): string | undefined {
  const { tree } = file;
  const pieces = (readPieces(tree, expression) ?? []).filter((piece) => piece.kind === 'hole' || piece.value !== '');
  const [first, second] = pieces;
  const mark = preferredQuote(file);
  if (first?.kind === 'text' && second?.kind === 'hole') {
    const slash = first.value.lastIndexOf('/');
    return slash <= 0 ? undefined : quote(first.value.slice(0, slash), mark);
  }
  if (first?.kind !== 'hole' || second?.kind !== 'text' || !isPure(tree, first.node)) return undefined;
  const slash = second.value.lastIndexOf('/');
  if (!second.value.startsWith('/') || slash < 0) return undefined;
  const rest = second.value.slice(0, slash);
  const folder = tree.textOf(first.node);
  return rest === '' ? folder : `${folder} + ${quote(rest, mark)}`;
}

interface Guard {
  readonly call: number;
  readonly argument: number;
  /** Expression that builds the path, in the call or in its variable's assignment. */
  readonly value: number;
  readonly statement: number;
  readonly base: string;
  /** Whether the path is built with `/` and thus an object of pathlib. */
  readonly isPathlib: boolean;
  /** Variable that holds the path; absent where it is written in the call. */
  readonly name: string | undefined;
}

function writeGuard(file: FileContext, guard: Guard): RemedyDraft | Refusal {
  const { tree, text } = file;
  const { argument, statement, base } = guard;
  const isHoisted = guard.name === undefined;
  if (isHoisted && !mayHoist(file, argument, statement)) {
    return refuse(
      'unsupported-shape',
      'The path is built where it cannot be moved in front of the call without changing what is evaluated.',
    );
  }
  const name = guard.name ?? freeName(file, ['path', 'file_path', 'target_path', 'contained_path']);
  const check =
    name === undefined ? undefined : guard.isPathlib ? checkPathlib(guard, name) : checkText(file, guard, name);
  if (name === undefined || check === undefined) {
    return refuse('unsupported-shape', 'The names that the check needs are taken in this file.');
  }
  const start = tree.start[statement] as number;
  const indent = indentAt(text, start);
  if (lineStart(text, start) + indent.length !== start)
    return refuse('unsupported-shape', 'The call shares its line with other statements.');
  const ending = lineEndingAt(text, start);
  const wrapped = check.wrap(tree.textOf(guard.value));
  const lines = [
    ...(isHoisted ? [`${name} = ${wrapped}`] : []),
    `if not ${check.test}:`,
    `${detectTextLayout(text).indentUnit}raise FileNotFoundError(${name})`,
  ];
  const inserted = { start, end: start, text: lines.map((line) => `${line}${ending}${indent}`).join('') };
  const replaced = isHoisted
    ? { ...tree.spanOf(argument), text: name }
    : { ...tree.spanOf(guard.value), text: wrapped };
  const edits: TextEdit[] = [inserted, replaced];
  return {
    recipe: 'python/contain-path',
    explanation: `Checks that ${name} lies inside ${base} before it is used; a path that leaves it is treated like a missing file.`,
    edits,
    imports: check.imports,
  };
}

/** How a path is made comparable, and what has to hold for it. */
interface Check {
  wrap(value: string): string;
  readonly test: string;
  readonly imports: readonly TextEdit[];
}

function checkPathlib({ base }: Guard, name: string): Check {
  const folder = /^\w+$/.test(base) ? base : `(${base})`;
  return { wrap: (value) => `(${value}).resolve()`, test: `${name}.is_relative_to(${folder}.resolve())`, imports: [] };
}

function checkText(file: FileContext, { call, base }: Guard, name: string): Check | undefined {
  const absolute = importMember(file, 'os.path', 'abspath');
  const join = importMember(file, 'os.path', 'join');
  if (absolute === undefined || join === undefined) return undefined;
  const empty = preferredQuote(file).repeat(2);
  const listsFolder = /^(listdir|scandir|walk|rmtree|rmdir)$/.test(attributeName(file.tree, call));
  const target = listsFolder ? `${join.code}(${name}, ${empty})` : name;
  return {
    wrap: (value) => (value.startsWith(`${absolute.code}(`) ? value : `${absolute.code}(${value})`),
    test: `${target}.startswith(${join.code}(${absolute.code}(${base}), ${empty}))`,
    imports: [...absolute.edits, ...join.edits],
  };
}

function mayHoist(file: FileContext, argument: number, statement: number): boolean {
  const { tree } = file;
  const node = unwrap(tree, argument);
  const parts = tree.kindOf(node) === 'call' ? positionalArguments(tree, node) : [node];
  const isReadOnly = parts.every((part) => isPure(tree, part));
  return canHoist(
    file,
    { argument, statement, isReadOnly },
    {
      isPure: (part) => isPure(tree, part),
      isConditional: (parent) =>
        conditionalKinds.has(tree.kindOf(parent)) || /comprehension|generator/.test(tree.kindOf(parent)),
      isRepeated: (whole) => /^(if|while|for|match)_statement$/.test(tree.kindOf(whole)),
    },
  );
}
