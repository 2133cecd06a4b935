import { cookText } from '../../languages/cooked-text.js';
import type { FlatTree } from '../../syntax/flat-tree.js';
import type { HolePiece, Piece } from '../string-pieces.js';
import { quotesOf, stringValue, unwrap } from './expressions.js';

/**
 * The parts of a string expression: a literal, an f-string, neighbouring literals, operands joined with `+`, `%`
 * formatting with a literal on the left, and `str.format` on a literal; undefined for anything else.
 */
export function readPieces(tree: FlatTree, expression: number): Piece[] | undefined {
  const node = unwrap(tree, expression);
  const kind = tree.kindOf(node);
  if (kind === 'binary_operator' && tree.detailOf(node) === '%') return undefined;
  const pieces: Piece[] = [];
  for (const operand of flattenSum(tree, node)) {
    const parts = readOperand(tree, operand);
    if (parts === undefined) return undefined;
    pieces.push(...parts);
  }
  return pieces.some((piece) => piece.kind === 'text') ? pieces : undefined;
}

function flattenSum(tree: FlatTree, expression: number): number[] {
  const operands: number[] = [];
  let node = expression;
  while (tree.kindOf(node) === 'binary_operator' && tree.detailOf(node) === '+') {
    operands.unshift(tree.childByField(node, 'right'));
    node = tree.childByField(node, 'left');
  }
  operands.unshift(node);
  return operands;
}

function readOperand(tree: FlatTree, operand: number): Piece[] | undefined {
  const node = unwrap(tree, operand);
  const kind = tree.kindOf(node);
  if (kind === 'string') return readString(tree, node);
  if (kind === 'concatenated_string') {
    const parts = tree.childrenOf(node).map((part) => readString(tree, part));
    return parts.includes(undefined) ? undefined : parts.flatMap((part) => part ?? []);
  }
  return [toHole(tree, operand, tree.start[operand] as number, tree.end[operand] as number, false)];
}

function readString(tree: FlatTree, node: number): Piece[] | undefined {
  const { open, close } = quotesOf(tree, node);
  const prefix = open.slice(0, open.length - close.length).toLowerCase();
  if (prefix.includes('b') || prefix.includes('t')) return undefined;
  const { start, end } = tree.spanOf(node);
  const literal = { start, end, open, close };
  const isFormat = prefix.includes('f');
  const pieces: Piece[] = [];
  let reached = start + open.length;
  const addText = (to: number) => {
    const raw = tree.text.slice(reached, to);
    const isPlain = (prefix.includes('r') || !raw.includes('\\')) && !(isFormat && /[{}]/.test(raw));
    const cooked = prefix.includes('r') ? raw : cookText(raw);
    const value = isFormat ? cooked.replace(/\{\{/g, '{').replace(/\}\}/g, '}') : cooked;
    const doubled = isFormat && !raw.includes('\\') ? { doubled: '{}' } : {};
    pieces.push({ kind: 'text', value, start: reached, end: to, isPlain, ...doubled, literal });
  };
  for (const hole of tree.childrenOf(node).filter((child) => tree.kindOf(child) === 'interpolation')) {
    const expression = tree.childByField(hole, 'expression');
    // A conversion or format changes the text that is spliced in, and `{x=}` adds to it.
    if (expression < 0 || tree.childrenOf(hole).length !== 1 || /=\s*\}$/.test(tree.textOf(hole))) return undefined;
    addText(tree.start[hole] as number);
    pieces.push(toHole(tree, expression, tree.start[hole] as number, tree.end[hole] as number, true));
    reached = tree.end[hole] as number;
  }
  addText(end - close.length);
  return pieces;
}

function toHole(tree: FlatTree, node: number, outerStart: number, outerEnd: number, isInLiteral: boolean): HolePiece {
  return { kind: 'hole', node, ...tree.spanOf(node), outerStart, outerEnd, isInLiteral };
}

/** A literal with places for values and the values: what `%` and `str.format` take. */
export interface FormattedText {
  readonly pieces: readonly Piece[];
  /** What stands behind the literal and goes when no place is left: ` % (…)` or `.format(…)`. */
  readonly tail: { readonly start: number; readonly end: number };
  /** Rows of the values, in the order of the places they fill. */
  readonly values: readonly number[];
  /** Whether the values stand in a tuple or argument list, so that some of them can stay. */
  readonly list: number;
}

/** Reads `"… %s …" % value`, `"… %s …" % (a, b)` and `"… {} …".format(a, b)`; undefined for other forms. */
export function readFormatted(tree: FlatTree, expression: number): FormattedText | undefined {
  const node = unwrap(tree, expression);
  if (tree.kindOf(node) === 'binary_operator' && tree.detailOf(node) === '%') return readPercent(tree, node);
  return tree.kindOf(node) === 'call' ? readFormatCall(tree, node) : undefined;
}

function readPercent(tree: FlatTree, node: number): FormattedText | undefined {
  const left = tree.childByField(node, 'left');
  const right = unwrap(tree, tree.childByField(node, 'right'));
  const isTuple = tree.kindOf(right) === 'tuple';
  if (/^(dictionary|call|list_splat)$/.test(tree.kindOf(right)) && tree.kindOf(right) === 'dictionary')
    return undefined;
  const values = isTuple ? tree.childrenOf(right) : [right];
  const pieces = splitPlaces(tree, left, /%([sd%]|\(|.)/g, values, (place) =>
    place === '%%' ? '%' : place === '%s' || place === '%d' ? undefined : null,
  );
  const tail = { start: tree.end[left] as number, end: tree.end[node] as number };
  return pieces === undefined ? undefined : { pieces, tail, values, list: isTuple ? right : -1 };
}

function readFormatCall(tree: FlatTree, node: number): FormattedText | undefined {
  const callee = tree.childByField(node, 'function');
  if (tree.kindOf(callee) !== 'attribute' || tree.textOf(tree.childByField(callee, 'attribute')) !== 'format')
    return undefined;
  const literal = tree.childByField(callee, 'object');
  const list = tree.childByField(node, 'arguments');
  const values = tree.childrenOf(list);
  if (values.some((value) => /keyword_argument|splat/.test(tree.kindOf(value)))) return undefined;
  const pieces = splitPlaces(tree, literal, /\{\{|\}\}|\{[^{}]*\}/g, values, (place) =>
    place === '{}' ? undefined : place === '{{' ? '{' : place === '}}' ? '}' : null,
  );
  const tail = { start: tree.end[literal] as number, end: tree.end[node] as number };
  return pieces === undefined ? undefined : { pieces, tail, values, list };
}

/**
 * Cuts literals at the places that `pattern` finds. `meaning` tells the text that a match stands for, undefined for the
 * place of the next value, null for what is not understood.
 */
function splitPlaces(
  tree: FlatTree,
  expression: number,
  pattern: RegExp,
  values: readonly number[],
  meaning: (match: string) => string | undefined | null,
): Piece[] | undefined {
  const whole = unwrap(tree, expression);
  const literals = tree.kindOf(whole) === 'concatenated_string' ? tree.childrenOf(whole) : [whole];
  const pieces: Piece[] = [];
  let next = 0;
  for (const node of literals) {
    const text = stringValue(tree, node);
    if (text === undefined) return undefined;
    const { open, close } = quotesOf(tree, node);
    const isRaw = /r/i.test(open);
    const { start, end } = tree.spanOf(node);
    const literal = { start, end, open, close };
    const raw = tree.text.slice(start + open.length, end - close.length);
    let reached = 0;
    const addText = (to: number) => {
      const part = raw.slice(reached, to);
      const value = (isRaw ? part : cookText(part)).replace(pattern, (match) => meaning(match) ?? match);
      const isUnescaped = isRaw || !part.includes('\\');
      const offset = start + open.length;
      pieces.push({
        kind: 'text',
        value,
        start: offset + reached,
        end: offset + to,
        isPlain: isUnescaped && value === part,
        ...(isUnescaped && { doubled: pattern.source.startsWith('%') ? '%' : '{}' }),
        literal,
      });
    };
    for (const match of raw.matchAll(pattern)) {
      const meant = meaning(match[0]);
      if (meant === null) return undefined;
      if (meant !== undefined) continue;
      const value = values[next];
      if (value === undefined) return undefined;
      next += 1;
      addText(match.index);
      const outerStart = start + open.length + match.index;
      const outerEnd = outerStart + match[0].length;
      pieces.push({ kind: 'hole', node: value, ...tree.spanOf(value), outerStart, outerEnd, isInLiteral: true });
      reached = match.index + match[0].length;
    }
    addText(raw.length);
  }
  return next === values.length ? pieces : undefined;
}
