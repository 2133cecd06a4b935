import type { TextEdit } from '../../edit/text-edit.js';
import type { FileContext } from '../../outline/file-context.js';
import { refuseRisk, replaceSlots } from '../placeholders.js';
import { type RecipeInput, type Refusal, type RemedyDraft, refuse } from '../remedy.js';
import { findSqlSlots, type SqlAnalysis, type SqlSlot } from '../sql-slots.js';
import { type HolePiece, offsetInSource, type Piece } from '../string-pieces.js';
import { writeFormatString } from './compose-text.js';
import {
  enclosingFunction,
  isConstantExpression,
  isPure,
  positionalArguments,
  singleValue,
  unwrap,
} from './expressions.js';
import { type FormattedText, readFormatted, readPieces } from './pieces.js';
import { findSqlDriver, type SqlDriver } from './sql-driver.js';

const callKinds = new Set(['call']);

/** Binds the values of an SQL statement instead of splicing them into its text. */
export function parameteriseSql({ finding, file, evidence }: RecipeInput): RemedyDraft | Refusal {
  const { tree } = file;
  const call = file.nodeOfKinds(finding.sink.start, finding.sink.end, callKinds);
  const [argument = -1, values = -1] = call < 0 ? [] : positionalArguments(tree, call);
  if (argument < 0) return refuse('unsupported-shape', 'The sink is no call with a statement as its first argument.');
  const node = unwrap(tree, argument);
  const isVariable = tree.kindOf(node) === 'identifier';
  const statement = isVariable ? singleValue(file, node) : node;
  const formatted = statement < 0 ? undefined : readFormatted(tree, statement);
  const pieces = formatted?.pieces ?? (statement < 0 ? undefined : readPieces(tree, statement));
  if (pieces === undefined) {
    return refuse('unsupported-shape', 'The statement is not written as one text with values that is used once.');
  }
  if (isVariable) {
    const moved = refuseMove(file, node, statement, pieces);
    if (moved !== undefined) return moved;
  }
  const analysis = findSqlSlots(pieces, (hole) => isConstantHole(file, pieces[hole] as HolePiece));
  if (!analysis.ok) return refuse(analysis.code, `A value of the statement cannot be bound: ${analysis.reason}.`);
  const risk = refuseRisk(file, pieces, analysis.slots);
  if (risk !== undefined) return risk;
  if (analysis.slots.length === 0)
    return refuse('unsupported-shape', 'The statement holds no value that could be bound.');
  const found = findSqlDriver(file, call, evidence);
  if (found === undefined) {
    return refuse('driver-unknown', 'Nothing in the project shows how its database driver takes parameters.');
  }
  const driver: SqlDriver = analysis.existing === 'none' ? found : { ...found, placeholder: analysis.existing };
  return writeDraft(file, { argument, values, pieces, analysis, driver, formatted });
}

/** `%d` takes numbers only, so what it places is no text from outside. */
function isConstantHole(file: FileContext, hole: HolePiece): boolean {
  return file.text.slice(hole.outerStart, hole.outerEnd) === '%d' || isConstantExpression(file, hole.node);
}

/** A statement kept in a variable: only this query may use it, and its values must still be the same at the query. */
function refuseMove(file: FileContext, node: number, statement: number, pieces: readonly Piece[]): Refusal | undefined {
  const { scopes } = file;
  const binding = scopes.bindingOf.get(node);
  if (binding === undefined || binding.references.length !== 1) {
    return refuse(
      'unsupported-shape',
      `${file.tree.textOf(node)} is used in other places too, which would see another text.`,
    );
  }
  if (enclosingFunction(file, statement) !== enclosingFunction(file, node)) {
    return refuse('unsupported-shape', 'The statement is built in another function than the one that runs it.');
  }
  for (const piece of pieces) {
    if (piece.kind === 'text') continue;
    const names = file.referencesIn(piece.node).map((row) => scopes.bindingOf.get(row));
    const isSteady = names.every((name) => name?.references.every(({ isWrite }) => !isWrite) === true);
    if (!isPure(file.tree, piece.node) || !isSteady)
      return refuse('unsupported-shape', 'A value may change between the statement and the query.');
  }
  return undefined;
}

interface Query {
  readonly argument: number;
  readonly values: number;
  readonly pieces: readonly Piece[];
  readonly analysis: Extract<SqlAnalysis, { ok: true }>;
  readonly driver: SqlDriver;
  readonly formatted: FormattedText | undefined;
}

function writeDraft(file: FileContext, query: Query): RemedyDraft | Refusal {
  const { pieces, analysis, driver, formatted } = query;
  const bound = new Set(
    analysis.slots.flatMap(({ parts }) => parts.filter((part): part is number => typeof part === 'number')),
  );
  const keepsFormat =
    formatted !== undefined && pieces.some((piece, index) => piece.kind === 'hole' && !bound.has(index));
  const isPercentFormat = formatted !== undefined && file.tree.kindOf(formatted.list) !== 'argument_list';
  const percent = keepsFormat && isPercentFormat ? '%%s' : '%s';
  const edits = replaceSlots(file.text, pieces, analysis.slots, (_, position) =>
    driver.placeholder === 'question'
      ? '?'
      : driver.placeholder === 'percent'
        ? percent
        : `$${analysis.existingCount + position + 1}`,
  );
  if (edits === undefined) return refuse('unsupported-shape', 'A quote around a value is written with an escape.');
  const problem = refusePercent(file.text, query, edits, keepsFormat);
  if (problem !== undefined) return problem;
  const expressions = analysis.slots.map((slot) => writeValue(file, pieces, slot));
  if (expressions.includes(undefined))
    return refuse('unsupported-shape', 'The quotes of a value stand in the way of writing it as one text.');
  const codes = expressions as string[];
  const passed = passValues(file, query, codes);
  if ('code' in passed) return passed;
  const tail =
    formatted === undefined
      ? []
      : keepsFormat
        ? [keepValues(file, formatted, pieces, bound)]
        : [{ ...formatted.tail, text: '' }];
  const prefixes = formatted === undefined ? dropPrefixes(file, pieces, bound) : [];
  return {
    recipe: 'python/parameterise-sql',
    explanation: `Binds ${codes.join(', ')} as ${codes.length === 1 ? 'a value' : 'values'} of the statement instead of splicing text into it (${driver.evidence}).`,
    edits: [...prefixes, ...edits, ...tail, ...passed.edits],
  };
}

/** Drivers with `%s` read every percent sign once values are passed; formatting by Python reads it too. */
function refusePercent(
  text: string,
  { pieces, analysis, driver, formatted }: Query,
  edits: readonly TextEdit[],
  keepsFormat: boolean,
): Refusal | undefined {
  const isCut = (at: number) => edits.some(({ start, end }) => start <= at && at < end);
  for (const piece of pieces) {
    if (piece.kind !== 'text' || !piece.value.includes('%')) continue;
    const signs = [...piece.value.matchAll(/%(?!s)/g)].map(({ index }) => offsetInSource(text, piece, index));
    const remains = signs.some((at) => at === undefined || !isCut(at));
    if (!remains) continue;
    const readByPython = formatted !== undefined && !keepsFormat;
    const readByDriver = driver.placeholder === 'percent' && analysis.existing === 'none';
    // Written `%%` for Python's formatting, read as `%%` by the driver: the two cancel out.
    if (readByPython && readByDriver) continue;
    if (readByPython || readByDriver)
      return refuse('unsupported-shape', 'A percent sign elsewhere in the statement would be read differently.');
  }
  return undefined;
}

function writeValue(file: FileContext, pieces: readonly Piece[], slot: SqlSlot): string | undefined {
  const [only] = slot.parts;
  if (slot.parts.length === 1 && typeof only === 'number') return file.tree.textOf((pieces[only] as HolePiece).node);
  return writeFormatString(file, pieces, slot.parts);
}

/** The values that formatting still places: constants and numbers. */
function keepValues(
  file: FileContext,
  formatted: FormattedText,
  pieces: readonly Piece[],
  bound: ReadonlySet<number>,
): TextEdit {
  const { tree } = file;
  const kept = pieces.flatMap((piece, index) =>
    piece.kind === 'hole' && !bound.has(index) ? [tree.textOf(piece.node)] : [],
  );
  const isTuple = tree.kindOf(formatted.list) === 'tuple';
  const text = `(${kept.join(', ')}${isTuple && kept.length === 1 ? ',' : ''})`;
  return { ...tree.spanOf(formatted.list), text };
}

/** An f-string without values left needs no `f`, unless it holds doubled braces. */
function dropPrefixes(file: FileContext, pieces: readonly Piece[], bound: ReadonlySet<number>): TextEdit[] {
  const edits: TextEdit[] = [];
  const literals = new Map(
    pieces.flatMap((piece) => (piece.kind === 'text' ? [[piece.literal.start, piece.literal] as const] : [])),
  );
  for (const literal of literals.values()) {
    const isWithin = (piece: Piece) => piece.start >= literal.start && piece.end <= literal.end;
    const holes = pieces.filter(
      (piece, index) => piece.kind === 'hole' && piece.isInLiteral && isWithin(piece) && !bound.has(index),
    );
    const hadHoles = pieces.some((piece) => piece.kind === 'hole' && piece.isInLiteral && isWithin(piece));
    const hasBraces = pieces.some(
      (piece) => piece.kind === 'text' && isWithin(piece) && /[{}]/.test(file.text.slice(piece.start, piece.end)),
    );
    const at = /f/i.exec(literal.open)?.index;
    if (at === undefined || !hadHoles || holes.length > 0 || hasBraces) continue;
    edits.push({ start: literal.start + at, end: literal.start + at + 1, text: '' });
  }
  return edits;
}

function passValues(file: FileContext, query: Query, codes: readonly string[]): { edits: TextEdit[] } | Refusal {
  const { tree, text } = file;
  const { argument, values, analysis, driver } = query;
  const end = tree.end[argument] as number;
  const start = tree.start[argument] as number;
  const gap = /\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0] ?? ' ';
  if (driver.values === 'arguments') {
    const given = positionalArguments(tree, tree.parent[tree.parent[argument] as number] as number);
    const last = given[given.length - 1] as number;
    const at = tree.end[last] as number;
    return { edits: [{ start: at, end: at, text: codes.map((code) => `, ${code}`).join('') }] };
  }
  if (values < 0) {
    if (analysis.existing !== 'none')
      return refuse('unsupported-shape', 'The statement has placeholders, but their values are not written in place.');
    const tuple = codes.length === 1 ? `(${codes[0]},)` : `(${codes.join(', ')})`;
    return { edits: [{ start: end, end, text: `,${gap}${tuple}` }] };
  }
  const list = unwrap(tree, values);
  const elements = tree.childrenOf(list);
  const isPlain =
    /^(tuple|list)$/.test(tree.kindOf(list)) && elements.every((element) => !/splat/.test(tree.kindOf(element)));
  if (!isPlain || elements.length === 0)
    return refuse('unsupported-shape', 'The second argument of the query is no list of values written in place.');
  const last = tree.end[elements[elements.length - 1] as number] as number;
  const edits = analysis.slots.map((slot, index) => {
    const next = driver.placeholder === 'dollar' ? undefined : elements[slot.placeholdersBefore];
    if (next === undefined) return { start: last, end: last, text: `, ${codes[index]}` };
    return { start: tree.start[next] as number, end: tree.start[next] as number, text: `${codes[index]}, ` };
  });
  return { edits };
}
