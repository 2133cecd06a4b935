import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { type ShellWord, splitShellWords } from '../shell-words.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { isEscaped, mayBeSeveralWords } from '../value-risks.js';
import { writeFormatString } from './compose-text.js';
import {
  enclosingFunction,
  isPure,
  keywordArguments,
  positionalArguments,
  preferredQuote,
  quote,
  singleValue,
  stringValue,
  unwrap,
} from './expressions.js';
import { importedName, importMember } from './imports.js';
import { readFormatted, readPieces } from './pieces.js';

const callKinds = new Set(['call']);
const recipe = 'python/run-without-shell';

/** Runs a program with a list of arguments instead of handing a command line to a shell. */
export function runWithoutShell({ finding, file }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const target = call < 0 ? undefined : importedName(file, tree.childByField(call, 'function'));
  if (call < 0 || target === undefined)
    return refuse('unsupported-shape', 'The sink is no call that can be traced to its import.');
  if (/^subprocess\.(run|call|check_call|check_output|Popen)$/.test(target)) return replaceSubprocess(file, call);
  if (target === 'os.system') return replaceSystem(file, call);
  if (target === 'os.popen') return replacePopen(file, call);
  return refuse('unsupported-shape', `There is no mechanical way to write ${target} without a shell.`);
}

function replaceSubprocess(file: FileContext, call: number): RemedyDraft | Refusal {
  const { tree } = file;
  const keywords = keywordArguments(tree, call);
  const shell = keywords.get('shell');
  if (shell === undefined || tree.textOf(tree.childByField(shell, 'value')) !== 'True') {
    return refuse('unsupported-shape', 'The call does not ask for a shell in a way that could be taken out.');
  }
  if (keywords.has('executable')) return refuse('unsupported-shape', 'The call names the shell to use.');
  const named = keywords.get('args');
  const argument = positionalArguments(tree, call)[0] ?? (named === undefined ? -1 : tree.childByField(named, 'value'));
  const command = readCommand(file, argument);
  if ('code' in command) return command;
  const explanation = `Runs ${command.program} with a list of arguments and without a shell.`;
  return { recipe, explanation, edits: [command.edit, removeArgument(file, shell)] };
}

/** `os.system` gives the exit status; the list form gives the exit code, which is zero in the same cases. */
function replaceSystem(file: FileContext, call: number): RemedyDraft | Refusal {
  const { tree } = file;
  const parent = tree.parent[call] as number;
  const isComparedToZero =
    tree.kindOf(parent) === 'comparison_operator' && /^(.*[=!]=\s*0|0\s*[=!]=.*)$/s.test(tree.textOf(parent));
  if (tree.kindOf(parent) !== 'expression_statement' && !isComparedToZero) {
    return refuse(
      'unsupported-shape',
      'The exit status of os.system is used; that of a program without a shell is another number.',
    );
  }
  return replaceCall(file, call, 'call', (name, list) => `${name}(${list})`);
}

/** `os.popen(line).read()` */
function replacePopen(file: FileContext, call: number): RemedyDraft | Refusal {
  const { tree } = file;
  const member = tree.parent[call] as number;
  const outer = tree.parent[member] as number;
  const isRead = tree.kindOf(outer) === 'call' && tree.textOf(outer) === `${tree.textOf(call)}.read()`;
  if (!isRead || positionalArguments(tree, call).length !== 1) {
    return refuse('unsupported-shape', 'What os.popen gives is used in another way than reading it at once.');
  }
  const draft = replaceCall(file, call, 'run', (name, list) => {
    const module = name.slice(0, -'run'.length);
    return `${name}(${list}, stdout=${module}PIPE, text=True).stdout`;
  });
  if ('code' in draft) return draft;
  const edits = draft.edits.map((edit) =>
    edit.start === tree.start[call] ? { ...edit, end: tree.end[outer] as number } : edit,
  );
  const isQualified = edits.some(({ text }) => text.includes('.PIPE'));
  return isQualified
    ? { ...draft, edits }
    : refuse('unsupported-shape', 'The file imports names of subprocess one by one.');
}

function replaceCall(
  file: FileContext,
  call: number,
  member: string,
  write: (name: string, list: string) => string,
): RemedyDraft | Refusal {
  const { tree } = file;
  const argument = positionalArguments(tree, call)[0] ?? -1;
  const command = readCommand(file, argument);
  if ('code' in command) return command;
  const imported = importMember(file, 'subprocess', member);
  if (imported === undefined) return refuse('unsupported-shape', 'The name subprocess is taken in this file.');
  const isInPlace = command.edit.start === tree.start[argument];
  const list = isInPlace ? command.edit.text : tree.textOf(argument);
  const replaced = { ...tree.spanOf(call), text: write(imported.code, list) };
  return {
    recipe,
    explanation: `Runs ${command.program} with a list of arguments and without a shell.`,
    edits: isInPlace ? [replaced] : [command.edit, replaced],
    imports: imported.edits,
    dropped: file.referencesIn(tree.childByField(call, 'function')),
  };
}

interface Command {
  readonly program: string;
  /** Replaces the command line by a list, in the call or in the variable that only the call reads. */
  readonly edit: TextEdit;
}

function readCommand(file: FileContext, argument: number): Command | Refusal {
  const { tree, scopes } = file;
  const node = argument < 0 ? -1 : unwrap(tree, argument);
  if (node < 0) return refuse('unsupported-shape', 'The command line is not given as an argument.');
  const isVariable = tree.kindOf(node) === 'identifier';
  const statement = isVariable ? singleValue(file, node) : node;
  if (
    isVariable &&
    (statement < 0 ||
      scopes.bindingOf.get(node)?.references.length !== 1 ||
      enclosingFunction(file, statement) !== enclosingFunction(file, node))
  ) {
    return refuse(
      'unsupported-shape',
      'The variable that holds the command line is used elsewhere or not set in one place.',
    );
  }
  const pieces = readFormatted(tree, statement)?.pieces ?? readPieces(tree, statement);
  if (pieces === undefined)
    return refuse('unsupported-shape', 'The command line is not written as one text with values.');
  const split = splitShellWords(pieces);
  if (!split.ok) return refuse(split.code, split.reason);
  const risk = pieces.find(
    (piece) =>
      piece.kind === 'hole' &&
      ((unquoted(file, piece.node) === piece.node && isEscaped(file, piece.node)) ||
        mayBeSeveralWords(file, piece.node)),
  );
  if (risk?.kind === 'hole') {
    return refuse(
      'unsupported-shape',
      `${tree.textOf(risk.node)} may be several words, none, or quoted already; a list would pass it on as it is.`,
    );
  }
  const words = split.words.map((word) => writeWord(file, pieces, word));
  if (words.includes(undefined))
    return refuse('unsupported-shape', 'The quotes of a value stand in the way of writing it as one text.');
  return { program: words[0] as string, edit: { ...tree.spanOf(statement), text: `[${words.join(', ')}]` } };
}

function writeWord(file: FileContext, pieces: readonly Piece[], word: ShellWord): string | undefined {
  const [only] = word;
  if (word.every((part) => typeof part === 'string')) return quote(word.join(''), preferredQuote(file));
  if (word.length > 1 || typeof only !== 'number') return writeFormatString(file, pieces, word);
  const { node } = pieces[only] as HolePiece;
  const inner = unquoted(file, node);
  const text = file.tree.textOf(inner);
  return isCertainlyText(file, inner) ? text : `str(${text})`;
}

/** The value inside `shlex.quote(…)`, which only a shell needs. */
function unquoted(file: FileContext, node: number): number {
  const { tree } = file;
  if (tree.kindOf(node) !== 'call') return node;
  const target = importedName(file, tree.childByField(node, 'function'));
  return target === 'shlex.quote' || target === 'pipes.quote' ? (positionalArguments(tree, node)[0] ?? node) : node;
}

/** Arguments have to be text or paths; the command line turned every value into text. */
function isCertainlyText(file: FileContext, expression: number): boolean {
  const { tree, scopes } = file;
  const node = unwrap(tree, expression);
  if (stringValue(tree, node) !== undefined || tree.kindOf(node) === 'string') return true;
  if (tree.kindOf(node) === 'call')
    return /^str\(|\.(strip|lower|upper|format|join|decode)\([^()]*\)$/.test(tree.textOf(node));
  const declaration = scopes.bindingOf.get(node)?.declarations[0];
  const parameter = declaration === undefined ? -1 : (tree.parent[declaration] as number);
  const annotation = parameter < 0 || !isPure(tree, node) ? -1 : tree.childByField(parameter, 'type');
  return annotation >= 0 && tree.textOf(annotation) === 'str';
}

/** Takes an argument out of its list with the comma that belongs to it. */
export function removeArgument(file: FileContext, argument: number): TextEdit {
  const { tree } = file;
  const siblings = tree.childrenOf(tree.parent[argument] as number);
  const index = siblings.indexOf(argument);
  const next = siblings[index + 1];
  const previous = siblings[index - 1];
  if (next !== undefined) return { start: tree.start[argument] as number, end: tree.start[next] as number, text: '' };
  const start = previous === undefined ? (tree.start[argument] as number) : (tree.end[previous] as number);
  return { start, end: tree.end[argument] as number, text: '' };
}
