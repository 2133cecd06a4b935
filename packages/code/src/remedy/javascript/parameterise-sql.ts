import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import { refuseRisk, replaceSlots } from '../placeholders.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { findSqlSlots, type SqlSlot } from '../sql-slots.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { callArguments, isConstantExpression, isPure, unwrap } from './expressions.js';
import { readPieces } from './pieces.js';
import { findSqlDriver, findStatement, type SqlDriver } from './sql-driver.js';

const callKinds = new Set(['CallExpression']);

/** Binds the values of an SQL statement instead of splicing them into its text. */
export function parameteriseSql({ finding, file, evidence }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const [argument = -1, values = -1] = call < 0 ? [] : callArguments(tree, call);
  if (argument < 0) return refuse('unsupported-shape', 'The sink is no call with a statement as its first argument.');
  const statement = findStatement(file, argument);
  const pieces = statement < 0 ? undefined : readPieces(tree, statement);
  if (pieces === undefined) {
    return refuse(
      'unsupported-shape',
      'The statement is not written as one template, literal or sum that is used once.',
    );
  }
  const shared = findSharedUse(file, argument);
  if (shared !== undefined) return shared;
  const analysis = findSqlSlots(pieces, (hole) => isConstantExpression(file, (pieces[hole] as HolePiece).node));
  if (!analysis.ok) return refuse(analysis.code, `A value of the statement cannot be bound: ${analysis.reason}.`);
  const risk = refuseRisk(file, pieces, analysis.slots);
  if (risk !== undefined) return risk;
  if (analysis.slots.length === 0)
    return refuse('unsupported-shape', 'The statement holds no value that could be bound.');
  if (analysis.existing === 'percent')
    return refuse('driver-unknown', 'The statement has placeholders of an unknown style.');
  const isMoved = unwrap(tree, argument) !== statement;
  for (const { parts } of analysis.slots) {
    const moved = parts.some(
      (part) => typeof part === 'number' && isMoved && !isStillSame(file, (pieces[part] as HolePiece).node),
    );
    if (moved) return refuse('unsupported-shape', 'A value may change between the statement and the query.');
  }

  const found = findSqlDriver(file, call, evidence);
  if (found === undefined) {
    return refuse('driver-unknown', 'Nothing in the project shows how its database driver takes parameters.');
  }
  const existing = analysis.existing === 'none' ? undefined : analysis.existing;
  const driver: SqlDriver = existing === undefined ? found : { ...found, placeholder: existing };
  const edits = replaceSlots(file.text, pieces, analysis.slots, (_, position) =>
    driver.placeholder === 'question' ? '?' : `$${analysis.existingCount + position + 1}`,
  );
  if (edits === undefined) return refuse('unsupported-shape', 'A quote around a value is written with an escape.');
  const expressions = analysis.slots.map((slot) => writeValue(file, pieces, slot));
  const passed =
    driver.values === 'chained'
      ? passChained(file, call, analysis.slots, expressions, driver)
      : passArray(file, argument, values, analysis.slots, expressions, driver);
  if (!Array.isArray(passed)) return passed;
  return {
    recipe: 'javascript/parameterise-sql',
    explanation: `Binds ${expressions.join(', ')} as ${expressions.length === 1 ? 'a value' : 'values'} of the statement instead of splicing text into it (${driver.evidence}).`,
    edits: [...edits, ...passed],
  };
}

/** A statement that is kept in a variable may be used by this query only. */
function findSharedUse(file: FileContext, argument: number): Refusal | undefined {
  const binding = file.scopes.bindingOf.get(unwrap(file.tree, argument));
  if (binding === undefined || binding.references.length === 1) return undefined;
  return refuse('unsupported-shape', `${binding.name} is used in other places too, which would see another text.`);
}

/** Whether a value read at the query is the one that was read where the statement is built. */
function isStillSame(file: FileContext, node: number): boolean {
  const { tree, scopes } = file;
  if (!isPure(tree, node)) return false;
  const names = file.referencesIn(node).map((row) => scopes.bindingOf.get(row));
  if (tree.kindOf(unwrap(tree, node)) === 'MemberExpression') return true;
  return names.every((binding) => binding?.references.every(({ isWrite }) => !isWrite) === true);
}

/** The code of a bound value: the expression itself, or a template where the quoted text had more around it. */
function writeValue(file: FileContext, pieces: readonly Piece[], slot: SqlSlot): string {
  const textOf = (part: number) => file.tree.textOf((pieces[part] as HolePiece).node);
  if (slot.parts.length === 1) return textOf(slot.parts[0] as number);
  const parts = slot.parts.map((part) => {
    if (typeof part === 'number') return `\${${textOf(part)}}`;
    return part.replace(/[\\`]/g, '\\$&').replace(/\$\{/g, '\\${').replace(/\n/g, '\\n').replace(/\r/g, '\\r');
  });
  return `\`${parts.join('')}\``;
}

function passArray(
  file: FileContext,
  argument: number,
  values: number,
  slots: readonly SqlSlot[],
  expressions: readonly string[],
  driver: SqlDriver,
): TextEdit[] | Refusal {
  const { tree } = file;
  const list = values < 0 ? -1 : unwrap(tree, values);
  if (list >= 0 && tree.kindOf(list) === 'ArrayExpression') return extendArray(file, list, slots, expressions, driver);
  const isCallback = list >= 0 && /^(Arrow)?FunctionExpression$/.test(tree.kindOf(list));
  if (list >= 0 && !isCallback)
    return refuse('unsupported-shape', 'The second argument of the query is no array written in place.');
  if (slots.some(({ placeholdersBefore }) => placeholdersBefore > 0)) {
    return refuse('unsupported-shape', 'The statement has placeholders, but their values are not written in place.');
  }
  const end = tree.end[argument] as number;
  return [{ start: end, end, text: `,${gapBefore(file, argument)}[${expressions.join(', ')}]` }];
}

/** What separates an argument from the one before: a line break where arguments stand on lines of their own. */
function gapBefore(file: FileContext, argument: number): string {
  const start = file.tree.start[argument] as number;
  return /\r?\n[ \t]*$/.exec(file.text.slice(0, start))?.[0] ?? ' ';
}

function extendArray(
  file: FileContext,
  list: number,
  slots: readonly SqlSlot[],
  expressions: readonly string[],
  driver: SqlDriver,
): TextEdit[] | Refusal {
  const { tree } = file;
  const elements = tree.childrenByField(list, 'elements');
  if (elements.some((element) => tree.kindOf(element) === 'SpreadElement')) {
    return refuse('unsupported-shape', 'The values are spread from a list, so the place of a new one is not known.');
  }
  return insertInOrder(file, elements, (tree.start[list] as number) + 1, slots, expressions, driver);
}

/** Question marks take values in their order; numbered ones are appended. */
function insertInOrder(
  file: FileContext,
  elements: readonly number[],
  emptyPlace: number,
  slots: readonly SqlSlot[],
  expressions: readonly string[],
  driver: SqlDriver,
): TextEdit[] {
  const { tree } = file;
  const last = elements[elements.length - 1];
  if (last === undefined) return [{ start: emptyPlace, end: emptyPlace, text: expressions.join(', ') }];
  return slots.map((slot, index) => {
    const next = driver.placeholder === 'dollar' ? undefined : elements[slot.placeholdersBefore];
    const expression = expressions[index] as string;
    if (next !== undefined) {
      const start = tree.start[next] as number;
      return { start, end: start, text: `${expression}, ` };
    }
    const end = tree.end[last] as number;
    return { start: end, end, text: `, ${expression}` };
  });
}

function passChained(
  file: FileContext,
  call: number,
  slots: readonly SqlSlot[],
  expressions: readonly string[],
  driver: SqlDriver,
): TextEdit[] | Refusal {
  const { tree } = file;
  let outer = tree.parent[tree.parent[call] as number] as number;
  // `.pluck()` and its like come between; the values belong to the last call.
  while (
    tree.kindOf(tree.parent[outer] as number) === 'MemberExpression' &&
    tree.kindOf(tree.parent[tree.parent[outer] as number] as number) === 'CallExpression'
  ) {
    outer = tree.parent[tree.parent[outer] as number] as number;
  }
  const given = callArguments(tree, outer);
  const [first = -1] = given;
  const mayBeList = given.length === 1 && !/^(Literal|TemplateLiteral|BinaryExpression)$/.test(tree.kindOf(first));
  if (mayBeList || given.some((node) => tree.kindOf(node) === 'SpreadElement')) {
    return refuse('unsupported-shape', 'The values of the prepared statement are not written in place.');
  }
  return insertInOrder(file, given, (tree.end[outer] as number) - 1, slots, expressions, driver);
}
