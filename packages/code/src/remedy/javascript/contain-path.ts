import type { TextEdit } from '../../edit/text-edit.js';
import { detectTextLayout } from '../../edit/text-layout.js';
import type { FileContext } from '../../outline/file-context.js';
import { canHoist } from '../hoisting.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { callArguments, isPure, memberName, quote, singleValue, stringValue, unwrap } from './expressions.js';
import { importedMember, importName } from './imports.js';
import { readPieces } from './pieces.js';
import { enclosingFunction, enclosingStatement, freeName, insertBefore } from './statements.js';

const callKinds = new Set(['CallExpression', 'NewExpression']);
const conditionalKinds = new Set(['ConditionalExpression', 'LogicalExpression']);

/** Checks that a path stays in its folder; one that leaves it is treated like a file that does not exist. */
export function containPath({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const span = finding.sink.argument;
  const given = call < 0 ? [] : callArguments(tree, call);
  const argument =
    given.find((node) => span !== undefined && tree.start[node] === span.start && tree.end[node] === span.end) ??
    given[0] ??
    -1;
  if (argument < 0) return refuse('unsupported-shape', 'The sink is no call with a path as its argument.');
  const node = unwrap(tree, argument);
  const isVariable = tree.kindOf(node) === 'Identifier';
  const value = isVariable ? singleValue(file, node) : node;
  const base = value < 0 ? undefined : findBase(file, unwrap(tree, value));
  if (base === undefined)
    return refuse('no-base-folder', 'Nothing shows which folder the path must stay in: it is not joined to one here.');
  if (isVariable && enclosingFunction(file, value) !== enclosingFunction(file, call)) {
    return refuse('unsupported-shape', 'The path is built in another function than the one that uses it.');
  }
  const statement = enclosingStatement(file, call);
  if (statement < 0)
    return refuse('unsupported-shape', 'The call is the whole body of an arrow function, without room for a check.');
  if (!hasErrorChannel(file, call, given)) {
    return refuse(
      'no-error-channel',
      'The call reports errors to a callback or an event; an error raised before it might not be caught.',
    );
  }
  return writeGuard(file, { argument, statement, base, name: isVariable ? tree.textOf(node) : undefined });
}

/** The folder that a path expression starts with. */
function findBase(file: FileContext, expression: number): string | undefined {
  const { tree } = file;
  if (tree.kindOf(expression) === 'CallExpression') {
    const callee = tree.childByField(expression, 'callee');
    const target = importedMember(file, callee);
    const parts = callArguments(tree, expression);
    const isJoin =
      target !== undefined && /^path(\/(posix|win32))?$/.test(target.module) && /^(join|resolve)$/.test(target.name);
    if (!isJoin || parts.length < 2 || parts.some((part) => tree.kindOf(part) === 'SpreadElement')) return undefined;
    const first = parts[0] as number;
    if (!isPure(tree, first)) return undefined;
    let count = 1;
    while (count < parts.length - 1 && stringValue(tree, parts[count] as number) !== undefined) count += 1;
    const texts = parts.slice(0, count).map((part) => tree.textOf(part));
    return count === 1 ? texts[0] : `${tree.textOf(callee)}(${texts.join(', ')})`;
  }
  return findWrittenBase(file, expression);
}

/** `${ROOT}/labels/${name}` and `ROOT + '/' + name`: everything up to the slash before the first other value. */
function findWrittenBase(file: FileContext, expression: number): string | undefined {
  const { tree } = file;
  const pieces = (readPieces(tree, expression) ?? []).filter((piece) => piece.kind === 'hole' || piece.value !== '');
  const [first, second] = pieces;
  if (first?.kind === 'text' && second?.kind === 'hole') {
    const slash = first.value.lastIndexOf('/');
    return slash <= 0 ? undefined : quote(first.value.slice(0, slash));
  }
  if (first?.kind !== 'hole' || second?.kind !== 'text' || !isPure(tree, first.node)) return undefined;
  const folder = tree.textOf(first.node);
  const slash = second.value.lastIndexOf('/');
  if (!second.value.startsWith('/') || slash < 0) return undefined;
  const rest = second.value.slice(0, slash);
  return rest === '' ? folder : `\`\${${folder}}${rest.replace(/[\\`]|\$\{/g, '\\$&')}\``;
}

/** Whether an error raised before the call ends up where the call's own errors do. */
function hasErrorChannel(file: FileContext, call: number, given: readonly number[]): boolean {
  const { tree } = file;
  const api = memberName(tree, call) || tree.textOf(tree.childByField(call, 'callee'));
  const owner = enclosingFunction(file, call);
  const isAsync = owner >= 0 && /^(static\s+)?async\b/.test(tree.textOf(owner)) && tree.hasFlag(owner, 4);
  if (isAsync || api.endsWith('Sync') || isInTry(file, call, owner)) return true;
  const isExecutor = owner >= 0 && tree.kindOf(tree.parent[owner] as number) === 'NewExpression';
  if (isExecutor && tree.textOf(tree.childByField(tree.parent[owner] as number, 'callee')) === 'Promise') return true;
  const last = given[given.length - 1];
  const takesCallback = last !== undefined && /Function|Identifier/.test(tree.kindOf(last)) && given.length > 1;
  if (takesCallback || /Stream$/.test(api)) return false;
  return tree.kindOf(tree.parent[call] as number) === 'ReturnStatement';
}

function isInTry(file: FileContext, node: number, owner: number): boolean {
  const { tree } = file;
  for (let at = node; at > owner; at = tree.parent[at] as number) {
    const parent = tree.parent[at] as number;
    if (
      tree.kindOf(parent) === 'TryStatement' &&
      tree.fieldOf(at) === 'block' &&
      tree.childByField(parent, 'handler') >= 0
    )
      return true;
  }
  return false;
}

interface Guard {
  readonly argument: number;
  readonly statement: number;
  readonly base: string;
  /** Variable that holds the path; absent where it is written in the call. */
  readonly name: string | undefined;
}

function writeGuard(file: FileContext, guard: Guard): RemedyDraft | Refusal {
  const { tree } = file;
  const { argument, statement, base } = guard;
  const isHoisted = guard.name === undefined;
  if (isHoisted && !mayHoist(file, argument, statement)) {
    return refuse(
      'unsupported-shape',
      'The path is built where it cannot be moved in front of the call without changing what is evaluated.',
    );
  }
  const name = guard.name ?? freeName(file, ['file', 'filePath', 'targetFile', 'containedFile']);
  const way = freeName(file, ['way', 'wayToFile', 'relativePath', 'wayFromFolder']);
  const relative = importName(file, 'path', 'relative');
  const absolute = importName(file, 'path', 'isAbsolute');
  if (name === undefined || way === undefined || relative === undefined || absolute === undefined) {
    return refuse('unsupported-shape', 'The names that the check needs are taken in this file.');
  }
  const unit = detectTextLayout(file.text).indentUnit;
  const lines = [
    ...(isHoisted ? [`const ${name} = ${tree.textOf(argument)};`] : []),
    `const ${way} = ${relative.code}(${base}, ${name});`,
    `if (${way} === '..' || ${way}.startsWith('../') || ${way}.startsWith('..\\\\') || ${absolute.code}(${way})) {`,
    `${unit}throw Object.assign(new Error('The path leaves its folder.'), { code: 'ENOENT' });`,
    '}',
  ];
  const inserted = insertBefore(file, statement, lines);
  if (inserted === undefined) return refuse('unsupported-shape', 'The call shares its line with other statements.');
  const edits: TextEdit[] = isHoisted ? [inserted, { ...tree.spanOf(argument), text: name }] : [inserted];
  return {
    recipe: 'javascript/contain-path',
    explanation: `Checks that ${name} lies inside ${base} before it is used; a path that leaves it is treated like a missing file.`,
    edits,
    imports: [...relative.edits, ...absolute.edits],
  };
}

function mayHoist(file: FileContext, argument: number, statement: number): boolean {
  const { tree } = file;
  const node = unwrap(tree, argument);
  const parts = tree.kindOf(node) === 'CallExpression' ? callArguments(tree, node) : [node];
  const isReadOnly = parts.every((part) => isPure(tree, part));
  return canHoist(
    file,
    { argument, statement, isReadOnly },
    {
      isPure: (part) => isPure(tree, part),
      isConditional: (parent, part) =>
        (conditionalKinds.has(tree.kindOf(parent)) && !/^(test|left)$/.test(tree.fieldOf(part))) ||
        /^(If|While|For|DoWhile|Switch)/.test(tree.kindOf(parent)),
      isRepeated: (whole) => /^(While|For|DoWhile)/.test(tree.kindOf(whole)),
    },
  );
}
