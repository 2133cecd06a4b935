import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import { nodeFlag } from '../../syntax/flat-tree.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { type ShellWord, splitShellWords } from '../shell-words.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { isEscaped, mayBeSeveralWords } from '../value-risks.js';
import { callArguments, isPure, quote, stringValue, unwrap } from './expressions.js';
import { importedMember, importName } from './imports.js';
import { readPieces } from './pieces.js';
import { findStatement } from './sql-driver.js';

const callKinds = new Set(['CallExpression']);
const withoutShell: Readonly<Record<string, string>> = { exec: 'execFile', execSync: 'execFileSync' };
const shells = new Set(['sh', 'bash', '/bin/sh', '/bin/bash', 'zsh', '/bin/zsh', 'dash']);

/** Runs a program with a list of arguments instead of handing a command line to a shell. */
export function runWithoutShell({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  if (call < 0) return refuse('unsupported-shape', 'The sink is no call.');
  const callee = unwrap(tree, tree.childByField(call, 'callee'));
  const target = importedMember(file, callee);
  if (target?.module === 'child_process') {
    if (target.name in withoutShell) return replaceExec(file, call, callee, target.name, undefined);
    if (/^(spawn|spawnSync|execFile|execFileSync)$/.test(target.name)) return replaceSpawn(file, call);
  }
  const promisified = findPromisified(file, callee);
  if (promisified !== undefined) return replaceExec(file, call, callee, 'exec', promisified);
  return refuse('unsupported-shape', 'The call is none of node:child_process that can be traced to its import.');
}

/** `const run = promisify(exec)`: the code of `promisify` as this file writes it. */
function findPromisified(file: FileContext, callee: number): string | undefined {
  const { tree } = file;
  const value = tree.kindOf(callee) === 'Identifier' ? findStatement(file, callee) : -1;
  if (value < 0 || tree.kindOf(value) !== 'CallExpression') return undefined;
  const promisify = tree.childByField(value, 'callee');
  const target = importedMember(file, promisify);
  const [argument = -1] = callArguments(tree, value);
  const wrapped = argument < 0 ? undefined : importedMember(file, argument);
  const isExec = wrapped?.module === 'child_process' && wrapped.name === 'exec';
  return isExec && target?.module === 'util' && target.name === 'promisify' ? tree.textOf(promisify) : undefined;
}

function replaceExec(
  file: FileContext,
  call: number,
  callee: number,
  name: string,
  promisify: string | undefined,
): RemedyDraft | Refusal {
  const { tree } = file;
  const [argument = -1, ...others] = callArguments(tree, call);
  const command = argument < 0 ? undefined : readCommand(file, argument);
  if (command === undefined)
    return refuse(
      'unsupported-shape',
      'The command line is not written as one template, literal or sum that is used once.',
    );
  if ('code' in command) return command;
  const options = others.find((node) => !/^(Arrow)?FunctionExpression$/.test(tree.kindOf(unwrap(tree, node))));
  const problem =
    options === undefined
      ? undefined
      : refuseOptions(file, options, others[others.length - 1] === options && others.length > 1);
  if (problem !== undefined) return problem;
  const replacement = withoutShell[name] as string;
  const imported = importName(file, 'child_process', replacement);
  if (imported === undefined) return refuse('unsupported-shape', `The name ${replacement} is taken in this file.`);
  const code = promisify === undefined ? imported.code : `${promisify}(${imported.code})`;
  return {
    recipe: 'javascript/run-without-shell',
    explanation: `Runs ${command.program} with a list of arguments through ${replacement}, so that no shell reads them.`,
    edits: [{ ...tree.spanOf(callee), text: code }, ...command.edits],
    imports: imported.edits,
    dropped: tree.kindOf(callee) === 'Identifier' && promisify === undefined ? [callee] : [],
  };
}

/** Options may name a shell to use; whether they do must be visible. */
function refuseOptions(file: FileContext, options: number, mayBeCallback: boolean): Refusal | undefined {
  const { tree } = file;
  const node = unwrap(tree, options);
  if (tree.kindOf(node) !== 'ObjectExpression') {
    // The last argument is the callback if it is a name that is bound to a function.
    const declaration = file.scopes.bindingOf.get(node);
    if (mayBeCallback || declaration?.kind === 'function') return undefined;
    return refuse('unsupported-shape', 'The options of the call are not written in place, so they may name a shell.');
  }
  for (const property of tree.childrenOf(node)) {
    const isPlain = tree.kindOf(property) === 'Property' && !tree.hasFlag(property, nodeFlag.computed);
    const name = isPlain ? tree.textOf(tree.childByField(property, 'key')).replace(/['"]/g, '') : '';
    if (!isPlain || name === 'shell')
      return refuse('unsupported-shape', 'The options of the call name a shell or are spread from elsewhere.');
  }
  return undefined;
}

interface Command {
  readonly program: string;
  readonly edits: readonly TextEdit[];
}

/** The edits that turn a command line into program and arguments, where it is written or in the variable it is kept in. */
function readCommand(file: FileContext, argument: number): Command | Refusal | undefined {
  const { tree } = file;
  const statement = findStatement(file, argument);
  const pieces = statement < 0 ? undefined : readPieces(tree, statement);
  if (pieces === undefined) return undefined;
  const split = splitShellWords(pieces);
  if (!split.ok) return refuse(split.code, split.reason);
  const risk = pieces.find(
    (piece) => piece.kind === 'hole' && (isEscaped(file, piece.node) || mayBeSeveralWords(file, piece.node)),
  );
  if (risk?.kind === 'hole') {
    return refuse(
      'unsupported-shape',
      `${tree.textOf(risk.node)} may be several words, none, or quoted already; a list would pass it on as it is.`,
    );
  }
  const words = split.words.map((word) => writeWord(file, pieces, word));
  const [program = '', ...rest] = words;
  const node = unwrap(tree, argument);
  const code = `${program}, [${rest.join(', ')}]`;
  if (node === statement) return { program, edits: [{ ...tree.spanOf(argument), text: code }] };
  return moveFromVariable(file, argument, node, pieces, code, program);
}

/** A command line kept in a variable of its own: the variable goes, its parts move to the call. */
function moveFromVariable(
  file: FileContext,
  argument: number,
  node: number,
  pieces: readonly Piece[],
  code: string,
  program: string,
): Command | Refusal {
  const { tree, scopes, text } = file;
  const binding = scopes.bindingOf.get(node);
  const isAlone = binding?.references.length === 1;
  const holes = pieces.filter((piece): piece is HolePiece => piece.kind === 'hole');
  const isSteady = holes.every((hole) => isPure(tree, hole.node) && isUnwritten(file, hole.node));
  const declaration = tree.parent[
    binding === undefined ? -1 : (tree.parent[binding.declarations[0] as number] as number)
  ] as number;
  const isOwnStatement = tree.childrenByField(declaration, 'declarations').length === 1;
  if (!isAlone || !isSteady || !isOwnStatement) {
    return refuse(
      'unsupported-shape',
      'The variable that holds the command line is used elsewhere, or its parts may change before the call.',
    );
  }
  const start = text.lastIndexOf('\n', tree.start[declaration] as number) + 1;
  const end = text.indexOf('\n', tree.end[declaration] as number) + 1;
  const isOwnLines =
    text.slice(start, tree.start[declaration]).trim() === '' && text.slice(tree.end[declaration], end).trim() === '';
  if (!isOwnLines || end === 0)
    return refuse('unsupported-shape', 'The variable that holds the command line shares its line with other code.');
  return {
    program,
    edits: [
      { start, end, text: '' },
      { ...tree.spanOf(argument), text: code },
    ],
  };
}

function isUnwritten(file: FileContext, node: number): boolean {
  const names = file.referencesIn(node).map((row) => file.scopes.bindingOf.get(row));
  return names.every((binding) => binding?.references.every(({ isWrite }) => !isWrite) === true);
}

/** A word as JavaScript: a literal, the value itself as a string, or a template of both. */
function writeWord(file: FileContext, pieces: readonly Piece[], word: ShellWord): string {
  const nodeOf = (part: number) => (pieces[part] as HolePiece).node;
  if (word.every((part) => typeof part === 'string')) return quote(word.join(''));
  const [only] = word;
  if (word.length === 1 && typeof only === 'number') {
    const text = file.tree.textOf(nodeOf(only));
    return isCertainlyText(file, nodeOf(only)) ? text : `String(${text})`;
  }
  const parts = word.map((part) => {
    if (typeof part === 'number') return `\${${file.tree.textOf(nodeOf(part))}}`;
    return part.replace(/[\\`]/g, '\\$&').replace(/\$\{/g, '\\${');
  });
  return `\`${parts.join('')}\``;
}

/** Arguments have to be strings; the command line turned every value into one. */
function isCertainlyText(file: FileContext, expression: number): boolean {
  const { tree } = file;
  const node = unwrap(tree, expression);
  if (tree.kindOf(node) === 'TemplateLiteral' || stringValue(tree, node) !== undefined) return true;
  const text = tree.textOf(node);
  return (
    tree.kindOf(node) === 'CallExpression' &&
    /^String\(|\.(toString|trim|toLowerCase|toUpperCase|join)\([^()]*\)$/.test(text)
  );
}

/** `spawn('sh', ['-c', line])` and `spawn(line, { shell: true })`. */
function replaceSpawn(file: FileContext, call: number): RemedyDraft | Refusal {
  const { tree } = file;
  const [program = -1, second = -1, third = -1] = callArguments(tree, call);
  const list = second < 0 ? -1 : unwrap(tree, second);
  const name = program < 0 ? undefined : stringValue(tree, unwrap(tree, program));
  const elements = list < 0 || tree.kindOf(list) !== 'ArrayExpression' ? [] : tree.childrenByField(list, 'elements');
  if (
    name !== undefined &&
    shells.has(name) &&
    elements.length === 2 &&
    stringValue(tree, elements[0] as number) === '-c'
  ) {
    const command = readCommand(file, elements[1] as number);
    if (command === undefined || 'code' in command)
      return command ?? refuse('unsupported-shape', 'The command line is not written in place.');
    const [edit] = command.edits;
    if (command.edits.length !== 1 || edit === undefined)
      return refuse('unsupported-shape', 'The command line is kept in a variable.');
    const span = { start: tree.start[program] as number, end: tree.end[second] as number };
    return toSpawnDraft(command.program, [{ ...span, text: edit.text }]);
  }
  const options = elements.length > 0 || tree.kindOf(list) === 'ArrayExpression' ? third : second;
  const removal = options < 0 ? undefined : removeShellOption(file, unwrap(tree, options));
  if (removal === undefined) return refuse('unsupported-shape', 'The call names no shell that could be taken out.');
  if (options === third && name !== undefined) return toSpawnDraft(quote(name), [removal]);
  const command = readCommand(file, program);
  if (command === undefined || 'code' in command)
    return command ?? refuse('unsupported-shape', 'The command line is not written in place.');
  return toSpawnDraft(command.program, [...command.edits, removal]);
}

function toSpawnDraft(program: string, edits: readonly TextEdit[]): RemedyDraft {
  const explanation = `Runs ${program} with a list of arguments and without a shell.`;
  return { recipe: 'javascript/run-without-shell', explanation, edits };
}

/** Takes `shell: true` out of options that are written in place. */
function removeShellOption(file: FileContext, options: number): TextEdit | undefined {
  const { tree } = file;
  if (tree.kindOf(options) !== 'ObjectExpression') return undefined;
  const properties = tree.childrenOf(options);
  if (properties.some((property) => tree.kindOf(property) !== 'Property')) return undefined;
  const index = properties.findIndex(
    (property) => tree.textOf(tree.childByField(property, 'key')).replace(/['"]/g, '') === 'shell',
  );
  const shell = properties[index];
  if (shell === undefined) return undefined;
  const next = properties[index + 1];
  const previous = properties[index - 1];
  const start = tree.start[shell] as number;
  if (next !== undefined) return { start, end: tree.start[next] as number, text: '' };
  if (previous !== undefined) return { start: tree.end[previous] as number, end: tree.end[shell] as number, text: '' };
  return { ...tree.spanOf(options), text: '{}' };
}
